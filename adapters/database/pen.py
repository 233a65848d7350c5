"""The hand of a transaction: reads what a batch wants and writes what it decided, in bulk, a statement a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor

from adapters.database.book import End, Name, Sheet
from adapters.database.journal import JournalStatements
from adapters.database.prepared import Values
from adapters.database.shelves import SHELVES, Parts
from adapters.database.statements import Statement, Statements
from core.domain.journal import Entry

Record = TypeVar("Record")


class Stale(Exception):
    """A row was not at the version it was read at."""


class Pen:
    """All statements for one connection; keeps nothing between transactions.

    They go to the driver's own cursor: `Connection.execute` costs 50 µs a call, ten times what SQLite takes for a row.
    """

    def __init__(self, cursor: DBAPICursor, dialect: Dialect) -> None:
        self._cursor = cursor
        self._statements = {kind: Statements(shelf, dialect) for kind, shelf in SHELVES.items()}
        self._journal = JournalStatements(dialect)
        self._is_server = dialect.name != "sqlite"

    # What a sheet reads.

    def load(self, names: Iterable[Name]) -> dict[Name, Any]:
        """The records with these names, None for those that are not there."""
        found: dict[Name, Any] = dict.fromkeys(names)
        wanted: defaultdict[type, list[Parts]] = defaultdict(list)
        for kind, parts in found:
            wanted[kind].append(parts)
        for kind, keys in wanted.items():
            self._load(kind, keys, found)
        return found

    def find(self, kind: type[Record], parts: Parts) -> Record | None:
        statements = self._statements[kind]
        rows = self._rows(statements.select_one, statements.rows.key(parts))
        return statements.rows.record(rows[0]) if rows else None

    def entry(self, key: str) -> Entry | None:
        wanted = self._journal.with_key
        return next(self._journal.entries(self._rows(wanted.text, wanted.values(wanted=key))), None)

    def has_entry(self, key: str) -> bool:
        return bool(self._rows(self._journal.index_of.text, (key,)))

    def end(self) -> End:
        [(last_index, cut)] = self._rows(self._journal.end.text, ())
        return End(last_index or 0, date.fromisoformat(cut) if cut else None)

    # What it writes.

    def write(self, sheet: Sheet) -> None:
        """Raises `Stale`, or what the database says to a row that it refuses."""
        for kind, statements in self._statements.items():
            if kind in sheet.written:
                new, changed = sheet.rows_of(kind)
                self._insert(statements.insert(new))
                if self._is_server:
                    self._update_at_once(statements.update_at_once(changed))
                else:
                    self._update(statements.update(changed))
        if sheet.entries:
            self._insert(self._journal.insert(sheet.entries.values()))

    def _load(self, kind: type, keys: Sequence[Parts], found: dict[Name, Any]) -> None:
        statements = self._statements[kind]
        record, key_of = statements.rows.record, statements.shelf.key_of
        for text, values in statements.select(keys):
            for row in self._rows(text, values):
                one = record(row)
                found[kind, key_of(one)] = one

    def _rows(self, text: str, values: Values) -> Sequence[Any]:
        self._cursor.execute(text, values)
        return self._cursor.fetchall()

    def _insert(self, inserts: Iterable[Statement]) -> None:
        for text, values in inserts:
            self._cursor.execute(text, values)

    def _update(self, updates: Iterable[tuple[str, Sequence[Values]]]) -> None:
        for text, rows in updates:
            self._cursor.executemany(text, rows)
            if self._cursor.rowcount != len(rows):
                raise Stale(text)

    def _update_at_once(self, updates: Iterable[tuple[str, Values, int]]) -> None:
        for text, values, rows in updates:
            self._cursor.execute(text, values)
            if self._cursor.rowcount != rows:
                raise Stale(text)
