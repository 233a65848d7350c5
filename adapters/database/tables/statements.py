"""Tables of providers' statements: which were reconciled, their lines, and what did not fit."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index

from adapters.database.tables.columns import flag, moment, number, table, text, version

statements = table(
    "statements",
    text("statement_id", primary_key=True),
    text("source"),
    moment("since"),
    moment("until"),
    flag("whole"),
    text("currency"),
    number("lines"),
    number("took_minor"),
    number("opening_minor", nullable=True),
    number("closing_minor", nullable=True),
    moment("taken_at"),
    text("taken_by"),
    moment("done_at", nullable=True),
    version(),
)
Index(None, statements.c.source, statements.c.until)

statement_lines = table(
    "statement_lines",
    text("source", primary_key=True),
    text("identity", primary_key=True),
    text("statement_id", ForeignKey("statements.statement_id")),
    number("number"),
    text("about"),
    text("says"),
    number("took_minor"),
    text("found"),
)
Index(None, statement_lines.c.about)
Index(None, statement_lines.c.statement_id)

absences = table(
    "absences",
    text("key", primary_key=True),
    text("source"),
    text("statement_id", ForeignKey("statements.statement_id")),
    number("times"),
    moment("since"),
    version(),
)
Index(None, absences.c.source)

differences = table(
    "differences",
    text("break_id", ForeignKey("breaks.break_id"), primary_key=True),
    text("source"),
    text("statement_id", ForeignKey("statements.statement_id")),
    text("about"),
    text("found"),
    number("over_minor"),
    text("currency"),
)
Index(None, differences.c.source)
