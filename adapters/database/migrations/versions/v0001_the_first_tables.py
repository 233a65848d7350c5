"""The first tables: people, their payments, the journal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
BY_KEY = {"sqlite_strict": True, "sqlite_with_rowid": False}
BY_ROWID = {"sqlite_strict": True, "sqlite_with_rowid": True}


def upgrade() -> None:
    _people()
    _payments()
    _operators_work()
    _journal()
    _append_only()


def texts(names: str, *, null: bool = False) -> Iterator[sa.Column[Any]]:
    for name in names.split():
        yield sa.Column(name, sa.Text(), nullable=null)


def numbers(names: str, *, null: bool = False) -> Iterator[sa.Column[Any]]:
    """Counts, amounts in minor units, and moments in microseconds since 1970."""
    for name in names.split():
        yield sa.Column(name, NUMBER, nullable=null, autoincrement=False)


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, FLAG, nullable=False)


def listed(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=op.f(f"ck_{table}_{column}_listed"))


def amounts(table: str, *columns: str) -> Iterator[sa.CheckConstraint]:
    for column in columns:
        yield sa.CheckConstraint(f"{column} BETWEEN 0 AND 1000000000000000", name=op.f(f"ck_{table}_{column}"))


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def index(table: str, *columns: str, where: str = "") -> None:
    only: dict[str, Any] = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.create_index(op.f(f"ix_{table}_{columns[0]}"), table, list(columns), **only)


def points_to(table: str, column: str, where: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [where], name=op.f(f"fk_{table}_{column}"))


def _people() -> None:
    op.create_table(
        "wallets",
        *texts("wallet_id msisdn language currency state"),
        *numbers("available_minor"),
        *texts("pin_hash proof_hash"),
        *numbers("opened_at"),
        *numbers("pin_reset_at", null=True),
        *numbers("version"),
        key("wallets", "wallet_id"),
        listed("wallets", "state", "pending active locked frozen closed"),
        *amounts("wallets", "available_minor"),
        **BY_KEY,
    )
    op.create_table(
        "contacts",
        *texts("channel address wallet_id"),
        *numbers("since version"),
        key("contacts", "channel", "address"),
        points_to("contacts", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    op.create_table(
        "pin_tries",
        *texts("wallet_id channel"),
        *numbers("wrong"),
        *numbers("paused_until", null=True),
        *numbers("version"),
        key("pin_tries", "wallet_id", "channel"),
        sa.CheckConstraint("wrong >= 0", name=op.f("ck_pin_tries_wrong")),
        points_to("pin_tries", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    op.create_table(
        "payees",
        *texts("wallet_id product_id reference holder last_payment_id"),
        *numbers("last_at"),
        flag("saved"),
        *numbers("version"),
        key("payees", "wallet_id", "product_id", "reference"),
        points_to("payees", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    op.create_table(
        "sessions",
        *texts("channel address gateway_session"),
        *numbers("heard_length"),
        *texts("heard_digest state answer"),
        flag("ended"),
        *numbers("changed_at version"),
        key("sessions", "channel", "address"),
        **BY_ROWID,
    )


def _payments() -> None:
    op.create_table(
        "payments",
        *texts("payment_id wallet_id product_id denomination_id reference holder"),
        *numbers("amount_minor fee_minor most_minor"),
        *texts("currency provider code kind channel state"),
        *numbers("authorized_at changed_at attempt"),
        *numbers("cost_minor", null=True),
        *texts("receipt serial token detail reason"),
        *numbers("looks"),
        *numbers("look_at", null=True),
        flag("told"),
        *numbers("version"),
        key("payments", "payment_id"),
        listed(
            "payments",
            "state",
            "quoted authorized declined expired cancelled submitted in_doubt captured review"
            " voided late written_off refund_due disputed refunded",
        ),
        listed("payments", "kind", "prepaid postpaid"),
        *amounts("payments", "amount_minor", "fee_minor", "most_minor", "cost_minor"),
        points_to("payments", "wallet_id", "wallets.wallet_id"),
        **BY_ROWID,
    )
    index("payments", "look_at", where="look_at IS NOT NULL")
    index("payments", "state", "changed_at")
    index("payments", "wallet_id", "authorized_at", "payment_id")
    op.create_index(
        op.f("uq_payments_receipt"),
        "payments",
        ["receipt"],
        unique=True,
        sqlite_where=sa.text("receipt != ''"),
        postgresql_where=sa.text("receipt != ''"),
    )
    op.create_table(
        "attempts",
        *texts("payment_id"),
        *numbers("number"),
        *texts("provider key code reference"),
        *numbers("most_minor"),
        *texts("currency kind"),
        *numbers("made_at"),
        *texts("outcome"),
        *numbers("version"),
        key("attempts", "payment_id", "number"),
        sa.UniqueConstraint("key", name=op.f("uq_attempts_key")),
        listed("attempts", "kind", "prepaid postpaid"),
        *amounts("attempts", "most_minor"),
        points_to("attempts", "payment_id", "payments.payment_id"),
        **BY_KEY,
    )
    op.create_table(
        "evidence",
        *texts("payment_id"),
        *numbers("attempt"),
        *texts("digest source proves code body"),
        *numbers("at"),
        key("evidence", "payment_id", "attempt", "digest"),
        listed("evidence", "source", "reply poll webhook operator"),
        listed("evidence", "proves", "paid failed not_created given_back nothing"),
        points_to("evidence", "payment_id", "payments.payment_id"),
        **BY_ROWID,
    )
    op.create_table(
        "deliveries",
        *texts("digest provider key reference body"),
        *numbers("received_at"),
        key("deliveries", "digest"),
        **BY_ROWID,
    )
    op.create_table(
        "messages",
        *texts("message_id wallet_id to words"),
        *numbers("created_at"),
        *numbers("due_at", null=True),
        *numbers("tries"),
        *numbers("sent_at", null=True),
        *numbers("version"),
        key("messages", "message_id"),
        points_to("messages", "wallet_id", "wallets.wallet_id"),
        **BY_ROWID,
    )
    index("messages", "due_at", where="due_at IS NOT NULL")


def _operators_work() -> None:
    op.create_table(
        "breaks",
        *texts("break_id"),
        *texts("payment_id", null=True),
        *texts("kind detail"),
        *numbers("opened_at"),
        *numbers("closed_at", null=True),
        *numbers("version"),
        key("breaks", "break_id"),
        points_to("breaks", "payment_id", "payments.payment_id"),
        **BY_KEY,
    )
    op.create_table(
        "cases",
        *texts("number wallet_id"),
        *texts("payment_id", null=True),
        *texts("topic"),
        *numbers("opened_at"),
        *numbers("closed_at", null=True),
        *numbers("version"),
        key("cases", "number"),
        points_to("cases", "wallet_id", "wallets.wallet_id"),
        points_to("cases", "payment_id", "payments.payment_id"),
        **BY_KEY,
    )
    op.create_table(
        "price_lines",
        *texts("provider code name"),
        flag("on_sale"),
        *numbers("cost_minor", null=True),
        *texts("currency pause"),
        *numbers("seen_at version"),
        key("price_lines", "provider", "code"),
        *amounts("price_lines", "cost_minor"),
        **BY_KEY,
    )


def _journal() -> None:
    op.create_table(
        "entries",
        *numbers("entry_index"),
        *texts("key kind currency"),
        *numbers("at"),
        *texts("day"),
        *texts("payment_id", null=True),
        *texts("memo"),
        key("entries", "entry_index"),
        sa.UniqueConstraint("key", name=op.f("uq_entries_key")),
        sa.CheckConstraint("entry_index > 0", name=op.f("ck_entries_entry_index")),
        points_to("entries", "payment_id", "payments.payment_id"),
        **BY_ROWID,
    )
    index("entries", "payment_id")
    op.create_table(
        "postings",
        *numbers("entry_index leg"),
        *texts("account"),
        *numbers("minor"),
        key("postings", "entry_index", "leg"),
        sa.CheckConstraint(
            "minor <> 0 AND minor BETWEEN -1000000000000000 AND 1000000000000000", name=op.f("ck_postings_minor")
        ),
        points_to("postings", "entry_index", "entries.entry_index"),
        **BY_KEY,
    )


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _append_only_on_sqlite()
    else:
        _append_only_on_postgresql()


def _append_only_on_sqlite() -> None:
    for table in ("entries", "postings", "evidence", "deliveries"):
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}\n"
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER entries_gapless BEFORE INSERT ON entries\n"
        "WHEN NEW.entry_index <> (SELECT coalesce(max(entry_index), 0) + 1 FROM entries)\n"
        "BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END"
    )


def _append_only_on_postgresql() -> None:
    op.execute(REFUSE_CHANGES)
    for table in ("entries", "postings", "evidence", "deliveries"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}\n"
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes()"
        )
    op.execute(REFUSE_GAPS)
    op.execute(
        "CREATE TRIGGER entries_gapless AFTER INSERT ON entries REFERENCING NEW TABLE AS added\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_gaps()"
    )


REFUSE_CHANGES = """\
CREATE OR REPLACE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$"""

REFUSE_GAPS = """\
CREATE OR REPLACE FUNCTION refuse_gaps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT max(entry_index) - min(entry_index) + 1 <> count(*)
          OR min(entry_index) <> 1 + (SELECT coalesce(max(o.entry_index), 0) FROM entries o
                                      WHERE o.entry_index < (SELECT min(a.entry_index) FROM added a))
          OR max(entry_index) <> (SELECT max(o.entry_index) FROM entries o)
      FROM added) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the journal has no gaps';
  END IF;
  RETURN NULL;
END $$"""
