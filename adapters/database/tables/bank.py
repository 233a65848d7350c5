"""Tables of what banks say of our accounts, and of the customers' money against what we owe them."""

from __future__ import annotations

from sqlalchemy import Column, Index

from adapters.database.column_types import Day
from adapters.database.tables.columns import flag, moment, number, sealed, table, text, version

bank_lines = table(
    "bank_lines",
    text("bank", primary_key=True),
    text("evidence", primary_key=True),
    text("account"),
    Column("booked_on", Day, nullable=False),
    Column("valued_on", Day, nullable=False),
    number("minor"),
    text("currency"),
    flag("reversal"),
    sealed("bank_lines.counterparty"),
    sealed("bank_lines.reference"),
    sealed("bank_lines.note"),
    text("mark"),
    text("sort"),
    text("against"),
    text("entry_key"),
    version(),
    rowid=True,
)
Index(None, bank_lines.c.entry_key)

bank_balances = table(
    "bank_balances",
    text("bank", primary_key=True),
    number("place", primary_key=True, autoincrement=False),
    text("account"),
    text("number"),
    text("currency"),
    Column("opened_on", Day, nullable=False),
    number("opening_minor"),
    Column("closed_on", Day, nullable=False),
    number("closing_minor"),
)

safeguards = table(
    "safeguards",
    text("day", primary_key=True),
    text("currency", primary_key=True),
    number("owed_minor"),
    number("booked_minor"),
    number("banked_minor", nullable=True),
    number("short_minor"),
    moment("at"),
    version(),
)
