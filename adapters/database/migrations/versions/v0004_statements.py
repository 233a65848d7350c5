"""Statements of providers and banks, and where an accounting day was cut. A statement may be evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database.guards import guards
from adapters.database.migrations.versions.v0001_the_first_tables import (
    BY_KEY,
    BY_ROWID,
    NUMBER,
    flag,
    index,
    key,
    listed,
    numbers,
    points_to,
    texts,
)

revision = "0004"
down_revision = "0003"

SOURCES = "reply poll webhook operator statement"
CARRY_OVER = """
    INSERT INTO evidence (payment_id, attempt, digest, source, proves, code, body, at)
    SELECT payment_id, attempt, digest, source, proves, code, body, at
    FROM evidence_before
"""


def upgrade() -> None:
    _statements()
    _days_and_banks()
    if op.get_bind().dialect.name == "sqlite":
        _evidence_on_sqlite()
    else:
        op.drop_constraint(op.f("ck_evidence_source_listed"), "evidence")
        op.create_check_constraint(op.f("ck_evidence_source_listed"), "evidence", _words(SOURCES))


def _statements() -> None:
    op.create_table(
        "statements",
        *texts("statement_id source"),
        *numbers("since until"),
        flag("whole"),
        *texts("currency"),
        *numbers("lines took_minor"),
        *numbers("opening_minor closing_minor", null=True),
        *numbers("taken_at"),
        *texts("taken_by"),
        *numbers("done_at", null=True),
        *numbers("version"),
        key("statements", "statement_id"),
        **BY_KEY,
    )
    index("statements", "source", "until")
    op.create_table(
        "statement_lines",
        *texts("source identity statement_id"),
        *numbers("number"),
        *texts("about says"),
        *numbers("took_minor"),
        *texts("found"),
        key("statement_lines", "source", "identity"),
        points_to("statement_lines", "statement_id", "statements.statement_id"),
        **BY_KEY,
    )
    index("statement_lines", "about")
    index("statement_lines", "statement_id")
    op.create_table(
        "absences",
        *texts("key source statement_id"),
        *numbers("times since version"),
        key("absences", "key"),
        points_to("absences", "statement_id", "statements.statement_id"),
        **BY_KEY,
    )
    index("absences", "source")
    op.create_table(
        "differences",
        *texts("break_id source statement_id about found"),
        *numbers("over_minor"),
        *texts("currency"),
        key("differences", "break_id"),
        points_to("differences", "break_id", "breaks.break_id"),
        points_to("differences", "statement_id", "statements.statement_id"),
        **BY_KEY,
    )
    index("differences", "source")


def _days_and_banks() -> None:
    op.create_table(
        "day_cuts",
        *texts("day"),
        *numbers("last_index at"),
        *texts("by"),
        key("day_cuts", "day"),
        **BY_KEY,
    )
    op.create_table(
        "day_balances",
        *texts("account currency day"),
        *numbers("minor"),
        key("day_balances", "account", "currency", "day"),
        **BY_KEY,
    )
    op.create_table("day_closings", *texts("day"), *numbers("accounts"), key("day_closings", "day"), **BY_KEY)
    op.create_table(
        "bank_lines",
        *texts("bank evidence account booked_on valued_on"),
        *numbers("minor"),
        *texts("currency"),
        flag("reversal"),
        *texts("counterparty reference note mark sort against entry_key"),
        *numbers("version"),
        key("bank_lines", "bank", "evidence"),
        **BY_ROWID,
    )
    index("bank_lines", "entry_key")
    op.create_table(
        "bank_balances",
        *texts("bank"),
        sa.Column("place", NUMBER, nullable=False, autoincrement=False),
        *texts("account number currency opened_on"),
        *numbers("opening_minor"),
        *texts("closed_on"),
        *numbers("closing_minor"),
        key("bank_balances", "bank", "place"),
        **BY_KEY,
    )
    op.create_table(
        "safeguards",
        *texts("day currency"),
        *numbers("owed_minor booked_minor"),
        *numbers("banked_minor", null=True),
        *numbers("short_minor at version"),
        key("safeguards", "day", "currency"),
        **BY_KEY,
    )
    for table in ("day_cuts", "day_balances", "day_closings", "bank_balances"):
        for statement in guards(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement))


def _evidence_on_sqlite() -> None:
    """Made anew, as SQLite cannot change what it checks. Its triggers go with the old table."""
    op.rename_table("evidence", "evidence_before")
    op.create_table(
        "evidence",
        *texts("payment_id"),
        *numbers("attempt"),
        *texts("digest source proves code body"),
        *numbers("at"),
        key("evidence", "payment_id", "attempt", "digest"),
        listed("evidence", "source", SOURCES),
        listed("evidence", "proves", "paid failed not_created given_back nothing"),
        points_to("evidence", "payment_id", "payments.payment_id"),
        **BY_ROWID,
    )
    op.execute(CARRY_OVER)
    op.drop_table("evidence_before")
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER evidence_no_{verb.lower()} BEFORE {verb} ON evidence\n"
            f"BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
        )


def _words(words: str) -> str:
    return f"source IN ({', '.join(repr(word) for word in words.split())})"
