"""Table of who writes, where several processes may: the last batch of each, for when a COMMIT goes unanswered."""

from __future__ import annotations

from adapters.database.tables.columns import moment, number, table, text

writers = table(
    "writers",
    text("writer", primary_key=True),
    number("batch"),
    moment("begun_at"),
)
