"""The tables, and what the database itself refuses: a negative wallet, a state nobody listed, a posting of nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from adapters.database import sqlite
from adapters.database.column_types import Day, Flag, Moment, Number
from core.domain.biller import Kind
from core.domain.payment import PAYMENT, Proof
from core.domain.wallet import WALLET

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# Far above any amount and any balance, far below where a sum of many would leave 64 bits.
MOST_MINOR = 10**15


def _table(name: str, *parts: Any, rowid: bool = False) -> Table:
    """On SQLite the types are enforced, and short rows lie in the tree of their key itself.

    Long ones in such a tree leave room for few in a page and make it deep: a payment cost a fifth more.
    """
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _text(name: str, *more: Any, **options: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=options.pop("nullable", False), **options)


def _number(name: str, *more: Any, **options: Any) -> Column[int]:
    return Column(name, Number, *more, nullable=options.pop("nullable", False), **options)


def _moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, Moment, nullable=options.pop("nullable", False), **options)


def _flag(name: str) -> Column[bool]:
    return Column(name, Flag, nullable=False)


def _version() -> Column[int]:
    return _number("version")


def _one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_listed")


def _amount(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN 0 AND {MOST_MINOR}", name=column)


# ---- people and their money

wallets = _table(
    "wallets",
    _text("wallet_id", primary_key=True),
    _text("msisdn"),
    _text("language"),
    _text("currency"),
    _text("state"),
    _number("available_minor"),
    _text("pin_hash"),
    _text("proof_hash"),
    _moment("opened_at"),
    _moment("pin_reset_at", nullable=True),
    _version(),
    _one_of("state", WALLET.states),
    _amount("available_minor"),
)

contacts = _table(
    "contacts",
    _text("channel", primary_key=True),
    _text("address", primary_key=True),
    _text("wallet_id", ForeignKey("wallets.wallet_id")),
    _moment("since"),
    _version(),
)

pin_tries = _table(
    "pin_tries",
    _text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    _text("channel", primary_key=True),
    _number("wrong"),
    _moment("paused_until", nullable=True),
    _version(),
    CheckConstraint("wrong >= 0", name="wrong"),
)

payees = _table(
    "payees",
    _text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    _text("product_id", primary_key=True),
    _text("reference", primary_key=True),
    _text("holder"),
    _text("last_payment_id"),
    _moment("last_at"),
    _flag("saved"),
    _version(),
)

sessions = _table(
    "sessions",
    _text("channel", primary_key=True),
    _text("address", primary_key=True),
    _text("gateway_session"),
    _number("heard_length"),
    _text("heard_digest"),
    _text("state"),
    _text("answer"),
    _flag("ended"),
    _moment("changed_at"),
    _version(),
    rowid=True,
)

# ---- chats: who sits there, what arrived, what stands on the screen

links = _table(
    "links",
    _text("channel", primary_key=True),
    _text("address", primary_key=True),
    _text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    _text("name"),
    _moment("since"),
    _flag("trusted"),
    _moment("left_at", nullable=True),
    _version(),
)
Index(None, links.c.wallet_id)

chats = _table(
    "chats",
    _text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    _text("channel"),
    _text("address"),
    _version(),
)

link_requests = _table(
    "link_requests",
    _text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    _text("channel"),
    _text("address"),
    _text("name"),
    _text("code_hash"),
    _moment("good_until"),
    _number("tries"),
    _moment("closed_at", nullable=True),
    _version(),
)

arrivals = _table(
    "arrivals",
    _text("channel", primary_key=True),
    _number("slot", primary_key=True),
    _number("number"),
    _text("address"),
    _text("sealed"),
    _moment("came_at"),
    _moment("done_at", nullable=True),
    _version(),
    rowid=True,
)
_undone = arrivals.c.done_at.is_(None)
Index(None, arrivals.c.came_at, sqlite_where=_undone, postgresql_where=_undone)

screens = _table(
    "screens",
    _text("channel", primary_key=True),
    _text("address", primary_key=True),
    _number("message"),
    _text("look"),
    _text("digest"),
    _flag("secret"),
    _flag("buried"),
    _version(),
)

# ---- payments

payments = _table(
    "payments",
    _text("payment_id", primary_key=True),
    _text("wallet_id", ForeignKey("wallets.wallet_id")),
    _text("product_id"),
    _text("denomination_id"),
    _text("reference"),
    _text("holder"),
    _number("amount_minor"),
    _number("fee_minor"),
    _number("most_minor"),
    _text("currency"),
    _text("provider"),
    _text("code"),
    _text("kind"),
    _text("channel"),
    _text("state"),
    _moment("authorized_at"),
    _moment("changed_at"),
    _number("attempt"),
    _number("cost_minor", nullable=True),
    _text("receipt"),
    _text("serial"),
    _text("token"),
    _text("detail"),
    _text("reason"),
    _number("looks"),
    _moment("look_at", nullable=True),
    _flag("told"),
    _version(),
    _one_of("state", PAYMENT.states),
    _one_of("kind", Kind),
    _amount("amount_minor"),
    _amount("fee_minor"),
    _amount("most_minor"),
    _amount("cost_minor"),
    rowid=True,
)
Index(None, payments.c.wallet_id, payments.c.authorized_at, payments.c.payment_id)
Index(None, payments.c.state, payments.c.changed_at)
_due = payments.c.look_at.is_not(None)
Index(None, payments.c.look_at, sqlite_where=_due, postgresql_where=_due)
_given = payments.c.receipt != ""
Index("uq_payments_receipt", payments.c.receipt, unique=True, sqlite_where=_given, postgresql_where=_given)

attempts = _table(
    "attempts",
    _text("payment_id", ForeignKey("payments.payment_id"), primary_key=True),
    _number("number", primary_key=True),
    _text("provider"),
    _text("key"),
    _text("code"),
    _text("reference"),
    _number("most_minor"),
    _text("currency"),
    _text("kind"),
    _moment("made_at"),
    _text("outcome"),
    _version(),
    UniqueConstraint("key"),
    _one_of("kind", Kind),
    _amount("most_minor"),
)

evidence = _table(
    "evidence",
    _text("payment_id", ForeignKey("payments.payment_id"), primary_key=True),
    _number("attempt", primary_key=True),
    _text("digest", primary_key=True),
    _text("source"),
    _text("proves"),
    _text("code"),
    _text("body"),
    _moment("at"),
    _one_of("source", ("reply", "poll", "webhook", "operator")),
    _one_of("proves", Proof),
    rowid=True,
)

deliveries = _table(
    "deliveries",
    _text("digest", primary_key=True),
    _text("provider"),
    _text("key"),
    _text("reference"),
    _text("body"),
    _moment("received_at"),
    rowid=True,
)

messages = _table(
    "messages",
    _text("message_id", primary_key=True),
    _text("wallet_id", ForeignKey("wallets.wallet_id")),
    _text("to"),
    _text("words"),
    _moment("created_at"),
    _moment("due_at", nullable=True),
    _number("tries"),
    _moment("sent_at", nullable=True),
    _text("channel"),
    _text("payment_id"),
    _text("offers"),
    _flag("patient"),
    _version(),
    rowid=True,
)
_unsent = messages.c.due_at.is_not(None)
Index(None, messages.c.due_at, sqlite_where=_unsent, postgresql_where=_unsent)

# ---- what is awaited: money by transfer, bills by the month

tickets = _table(
    "tickets",
    _text("currency", primary_key=True),
    _number("amount_minor", primary_key=True),
    _text("wallet_id", ForeignKey("wallets.wallet_id")),
    _number("asked_minor"),
    _moment("opened_at"),
    _moment("good_until"),
    _moment("posted_at", nullable=True),
    _text("evidence"),
    _version(),
    _amount("amount_minor"),
    _amount("asked_minor"),
)
_awaited = tickets.c.posted_at.is_(None)
Index(None, tickets.c.opened_at, sqlite_where=_awaited, postgresql_where=_awaited)

reminders = _table(
    "reminders",
    _text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    _text("product_id", primary_key=True),
    _text("reference", primary_key=True),
    _moment("look_at", nullable=True),
    _text("told"),
    _flag("unwanted"),
    _version(),
)
_expected = reminders.c.look_at.is_not(None)
Index(None, reminders.c.look_at, sqlite_where=_expected, postgresql_where=_expected)

# ---- what operators look after

breaks = _table(
    "breaks",
    _text("break_id", primary_key=True),
    _text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    _text("kind"),
    _text("detail"),
    _moment("opened_at"),
    _moment("closed_at", nullable=True),
    _version(),
)

cases = _table(
    "cases",
    _text("number", primary_key=True),
    _text("wallet_id", ForeignKey("wallets.wallet_id")),
    _text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    _text("topic"),
    _moment("opened_at"),
    _moment("closed_at", nullable=True),
    _version(),
)

price_lines = _table(
    "price_lines",
    _text("provider", primary_key=True),
    _text("code", primary_key=True),
    _text("name"),
    _flag("on_sale"),
    _number("cost_minor", nullable=True),
    _text("currency"),
    _text("pause"),
    _moment("seen_at"),
    _version(),
    _amount("cost_minor"),
)

# ---- the journal

entries = _table(
    "entries",
    _number("entry_index", primary_key=True, autoincrement=False),
    _text("key"),
    _text("kind"),
    _text("currency"),
    _moment("at"),
    Column("day", Day, nullable=False),
    _text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    _text("memo"),
    UniqueConstraint("key"),
    CheckConstraint("entry_index > 0", name="entry_index"),
    rowid=True,
)
Index(None, entries.c.payment_id)

postings = _table(
    "postings",
    _number("entry_index", ForeignKey("entries.entry_index"), primary_key=True),
    _number("leg", primary_key=True),
    _text("account"),
    _number("minor"),
    CheckConstraint(f"minor <> 0 AND minor BETWEEN -{MOST_MINOR} AND {MOST_MINOR}", name="minor"),
)

# What is written once and never again; the database refuses, whoever asks.
APPEND_ONLY = (entries, postings, evidence, deliveries)


def _guard(table: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for trigger in sqlite.triggers(table.name):
            connection.exec_driver_sql(trigger)


for _kept in APPEND_ONLY:
    event.listen(_kept, "after_create", _guard)
