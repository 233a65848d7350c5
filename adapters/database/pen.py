"""The hand of one transaction: reads what a batch wants and writes what it decided, in bulk, a statement a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from adapters.database.book import Name, Sheet
from adapters.database.journal import JournalStatements
from adapters.database.shelves import SHELVES, Parts
from adapters.database.statements import Statements
from core.domain.journal import Entry

Record = TypeVar("Record")
Values = Sequence[tuple[Any, ...]]


class Stale(Exception):
    """A row was not at the version it was read at."""


class Pen:
    """All statements for one connection; keeps no state between transactions."""

    def __init__(self, connection: Connection) -> None:
        self._cursor: Any = connection.connection.cursor()
        self._statements = {kind: Statements(shelf, connection.dialect) for kind, shelf in SHELVES.items()}
        self._journal = JournalStatements(connection.dialect)

    # What a sheet reads.

    def load(self, names: Iterable[Name]) -> dict[Name, object | None]:
        """The records with these names, None for those that are not there."""
        wanted: defaultdict[type, dict[Parts, None]] = defaultdict(dict)
        for kind, parts in names:
            wanted[kind][parts] = None
        found: dict[Name, object | None] = {}
        for kind, keys in wanted.items():
            self._load(kind, list(keys), found)
        return found

    def find(self, kind: type[Record], parts: Parts) -> Record | None:
        return self.load([(kind, parts)])[kind, parts]  # type: ignore[return-value]  # it is of that kind

    def entry(self, key: str) -> Entry | None:
        return self._journal.entry(self._rows(self._journal.with_key, (key,)))

    def last_index(self) -> int:
        return self._rows(self._journal.last_index, ())[0][0] or 0

    # What it writes.

    def write(self, sheet: Sheet) -> None:
        """Raises `Stale`, or what the database says to a row that it refuses."""
        for kind, statements in self._statements.items():
            new, changed = sheet.rows_of(kind)
            if new:
                self._write(statements.insert, [statements.inserted(record) for record in new])
            if changed:
                self._write(statements.update, [statements.updated(*pair) for pair in changed])
        if sheet.entries:
            heads, legs = self._journal.rows(sheet.entries.values())
            self._write(self._journal.insert_entries, heads)
            self._write(self._journal.insert_postings, legs)

    def _load(self, kind: type, keys: Sequence[Parts], found: dict[Name, object | None]) -> None:
        statements = self._statements[kind]
        found.update(((kind, parts), None) for parts in keys)
        key_of, record = statements.shelf.key_of, statements.rows.record
        for text, values in statements.selects(keys):
            for row in self._rows(text, values):
                one = record(row)
                found[kind, key_of(one)] = one

    def _rows(self, text: str, values: tuple[Any, ...]) -> list[Any]:
        return self._cursor.execute(text, values).fetchall()

    def _write(self, text: str, values: Values) -> None:
        self._cursor.executemany(text, values)
        if self._cursor.rowcount != len(values):
            raise Stale(text)
