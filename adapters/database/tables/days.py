"""Tables of the accounting days that are over, and what each account came to at their end."""

from __future__ import annotations

from adapters.database.tables.columns import moment, number, table, text

day_cuts = table(
    "day_cuts",
    text("day", primary_key=True),
    number("last_index"),
    moment("at"),
    text("by"),
)

day_balances = table(
    "day_balances",
    text("account", primary_key=True),
    text("currency", primary_key=True),
    text("day", primary_key=True),
    number("minor"),
)

day_closings = table(
    "day_closings",
    text("day", primary_key=True),
    number("accounts"),
)
