"""The statements of one shelf, built from its table by SQLAlchemy Core and compiled once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Table, Update, bindparam, update

from adapters.database.book import Before
from adapters.database.bulk import inserts, selects, updates
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
        self._whole = self.rows.writer(shelf.names)
        self._updating = lru_cache(maxsize=256)(self._prepare_update)
        self._row_of = lru_cache(maxsize=256)(self._writer_of)
        self.select_one, _ = next(self.select([("",) * len(shelf.key_names)]))

    def select(self, keys: Sequence[Parts]) -> Iterator[Statement]:
        """Read the records with these keys, in any order."""
        return selects(self.shelf.table, self._dialect, [self.rows.key(parts) for parts in keys])

    def insert(self, records: Sequence[Record]) -> Iterator[Statement]:
        return inserts(self.shelf.table, self._dialect, [self._whole(record) for record in records])

    def update(self, changed: Iterable[tuple[Record, Before]]) -> Iterator[tuple[str, list[Values]]]:
        """Write what differs over the versions that were read; a row that is past its version is not touched.

        A column that is named is written, and every index it is in, whether its value differs or not.
        """
        for names, records in self._alike(changed).items():
            text, row = self._updating(names)
            yield text, [(*row(record), version) for record, (version, _) in records]

    def update_at_once(self, changed: Iterable[tuple[Record, Before]]) -> Iterator[tuple[str, Values, int]]:
        """The same, one statement for many rows, and how many: to a server each execution is a question by itself."""
        for names, records in self._alike(changed).items():
            row = self._row_of(names)
            rows = [(*row(record), version) for record, (version, _) in records]
            yield from updates(self.shelf.table, names, self._dialect, rows)

    def _alike(self, changed: Iterable[tuple[Record, Before]]) -> dict[tuple[str, ...], list[tuple[Record, Before]]]:
        """By the columns that differ."""
        alike: defaultdict[tuple[str, ...], list[tuple[Record, Before]]] = defaultdict(list)
        for record, before in changed:
            alike[self.shelf.differing(record, before[1])].append((record, before))
        return alike

    def _writer_of(self, names: tuple[str, ...]) -> Callable[[Record], Sequence[Any]]:
        return self.rows.writer([*names, *self.shelf.key_names])

    def _prepare_update(self, names: tuple[str, ...]) -> tuple[str, Callable[[Record], Sequence[Any]]]:
        """For these columns: the text, and what goes to its places but the last, the version that was read."""
        prepared = Prepared(_update_of(self.shelf.table, names), self._dialect)
        *places, last = prepared.places
        assert last == "before"
        return prepared.text, self.rows.writer([place.removeprefix("new_") for place in places])


@lru_cache(maxsize=2_048)
def _update_of(table: Table, names: tuple[str, ...]) -> Update:
    """The places are named apart from their columns, as SQLAlchemy asks."""
    changed = update(table).values({name: bindparam(f"new_{name}") for name in names})
    same = [column == bindparam(f"new_{column.name}") for column in table.primary_key]
    return changed.where(*same, table.c.version == bindparam("before"))
