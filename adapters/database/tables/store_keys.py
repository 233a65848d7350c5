"""Table of the keys that values are sealed with, themselves wrapped; empty where values lie as they are."""

from __future__ import annotations

from adapters.database.tables.columns import number, table, text

store_keys = table(
    "store_keys",
    text("purpose", primary_key=True),
    number("number", primary_key=True, autoincrement=False),
    number("wrapped_by"),
    text("wrapped"),
)
