"""The statements of one shelf, built from its table by SQLAlchemy Core and compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Dialect, bindparam, update

from adapters.database.bulk import inserts, selects
from adapters.database.prepared import Prepared, Values
from adapters.database.shelves import Parts, Rows, Shelf

Record = TypeVar("Record")
Statement = tuple[str, Values]


class Statements(Generic[Record]):
    """How records of one class are read and written."""

    def __init__(self, shelf: Shelf[Record], dialect: Dialect) -> None:
        self.shelf = shelf
        self.rows = Rows(shelf, dialect)
        self._dialect = dialect
        self.select_one, _ = next(self.select([("",) * len(shelf.key_names)]))
        self._whole = self.rows.writer(shelf.names)
        if shelf.versioned:
            self._update, self._changed = self._updating()

    def select(self, keys: Sequence[Parts]) -> Iterator[Statement]:
        """Read the records with these keys, in any order."""
        return selects(self.shelf.table, self._dialect, keys)

    def insert(self, records: Sequence[Record]) -> Iterator[Statement]:
        return inserts(self.shelf.table, self._dialect, [self._whole(record) for record in records])

    def update(self, changed: Sequence[tuple[Record, int]]) -> tuple[str, Sequence[Values]]:
        """Write records over the versions they were read at; a row that is past it is not touched."""
        return self._update, [(*self._changed(record), before) for record, before in changed]

    def _updating(self) -> tuple[str, Callable[[Record], Values]]:
        table, keys = self.shelf.table, self.shelf.key_names
        others = [name for name in self.shelf.names if name not in keys]
        # The places are named apart from their columns, as SQLAlchemy asks.
        changed = update(table).values({name: bindparam(f"new_{name}") for name in others})
        same = [table.c[name] == bindparam(f"new_{name}") for name in keys]
        prepared = Prepared(changed.where(*same, table.c.version == bindparam("before")), self._dialect)
        *places, last = prepared.places
        assert last == "before"
        return prepared.text, self.rows.writer([place.removeprefix("new_") for place in places])
