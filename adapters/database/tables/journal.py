"""Tables of the journal, and of all that is written once and never again."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Index, Table, UniqueConstraint, event
from sqlalchemy import text as sql

from adapters.database.column_types import Day
from adapters.database.guards import guards
from adapters.database.tables.bank import bank_balances
from adapters.database.tables.columns import MOST_MINOR, moment, number, table, text
from adapters.database.tables.days import day_balances, day_closings, day_cuts
from adapters.database.tables.payments import deliveries, evidence
from adapters.database.tables.proof import heads, tree_tiles

entries = table(
    "entries",
    number("entry_index", primary_key=True, autoincrement=False),
    text("key"),
    text("kind"),
    text("currency"),
    moment("at"),
    Column("day", Day, nullable=False),
    text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    text("memo"),
    UniqueConstraint("key"),
    CheckConstraint("entry_index > 0", name="entry_index"),
    rowid=True,
)
Index(None, entries.c.payment_id)

postings = table(
    "postings",
    number("entry_index", ForeignKey("entries.entry_index"), primary_key=True),
    number("leg", primary_key=True),
    text("account"),
    number("minor"),
    CheckConstraint(f"minor <> 0 AND minor BETWEEN -{MOST_MINOR} AND {MOST_MINOR}", name="minor"),
)

# What is written once and never again; the database refuses, whoever asks.
APPEND_ONLY = (
    entries,
    postings,
    evidence,
    deliveries,
    tree_tiles,
    heads,
    day_cuts,
    day_balances,
    day_closings,
    bank_balances,
)


def _guard(table: Table, connection: Connection, **_: object) -> None:
    for statement in guards(connection.dialect.name, table.name):
        connection.execute(sql(statement))


for _kept in APPEND_ONLY:
    event.listen(_kept, "after_create", _guard)
