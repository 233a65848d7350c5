"""Table of who is at work on what; empty where one process has the store alone."""

from __future__ import annotations

from adapters.database.tables.columns import moment, table, text, version

claims = table(
    "claims",
    text("what", primary_key=True),
    text("holder"),
    moment("until"),
    version(),
)
