"""Tables of what is awaited: money by transfer, bills by the month."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index

from adapters.database.tables.columns import amount, flag, moment, number, sealed, sealed_key, table, text, version

tickets = table(
    "tickets",
    text("currency", primary_key=True),
    number("amount_minor", primary_key=True),
    text("wallet_id", ForeignKey("wallets.wallet_id")),
    number("asked_minor"),
    moment("opened_at"),
    moment("good_until"),
    moment("posted_at", nullable=True),
    sealed("tickets.evidence"),
    version(),
    amount("amount_minor"),
    amount("asked_minor"),
)
_awaited = tickets.c.posted_at.is_(None)
Index(None, tickets.c.opened_at, sqlite_where=_awaited, postgresql_where=_awaited)
Index(None, tickets.c.wallet_id, sqlite_where=_awaited, postgresql_where=_awaited)

reminders = table(
    "reminders",
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    text("product_id", primary_key=True),
    sealed_key("reminders.reference"),
    moment("look_at", nullable=True),
    text("told"),
    flag("unwanted"),
    version(),
)
_expected = reminders.c.look_at.is_not(None)
Index(None, reminders.c.look_at, sqlite_where=_expected, postgresql_where=_expected)
