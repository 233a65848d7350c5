"""Table of the copies that a store has come back from; in the store that was copied there is no row of it."""

from __future__ import annotations

from adapters.database.tables.columns import moment, number, table, text, version

restores = table(
    "restores",
    number("number", primary_key=True, autoincrement=False),
    moment("taken_at"),
    moment("noticed_at", nullable=True),
    moment("opened_at", nullable=True),
    text("opened_by"),
    version(),
)
