"""Sealed columns as they lie: a table's rows read by pages, and written again under other keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Column, Dialect, Table, Text, bindparam, select, tuple_, type_coerce, update
from sqlalchemy.engine.interfaces import DBAPICursor

from adapters.database.column_types import Sealed, SealedKey
from adapters.database.prepared import Prepared
from adapters.database.sealing import Keyring, name_of, number_of
from adapters.database.tables import metadata
from adapters.database.tables.journal import APPEND_ONLY


@dataclass(frozen=True, slots=True)
class Lying:
    """The key of a row and what is sealed besides, as they lie in the table."""

    key: tuple[Any, ...]
    values: tuple[str, ...]

    @property
    def numbers(self) -> Iterator[int]:
        """Of the store keys that its values are under."""
        return (number_of(value) for value in self.values if value)


class SealedTable:
    """A table with sealed columns, and what becomes of one of its rows."""

    def __init__(self, table: Table) -> None:
        self.table, self.name = table, table.name
        self.append_only = table in APPEND_ONLY
        self.found_by_sealed = any(isinstance(column.type, SealedKey) for column in table.primary_key)
        self._key = list(table.primary_key)
        self._values = [column for column in table.columns if isinstance(column.type, Sealed)]
        self._places = [column.type.place for column in self._values if isinstance(column.type, Sealed)]

    @property
    def has_sealed(self) -> bool:
        return bool(self.found_by_sealed or self._values)

    def page(self, cursor: DBAPICursor, dialect: Dialect, *, after: Lying | None, size: int | None) -> list[Lying]:
        """The next rows in the order in which their keys lie; all of them without a size."""
        key = [_as_it_lies(column) for column in self._key]
        wanted = select(*key, *map(_as_it_lies, self._values)).order_by(*key).limit(size)
        named = {}
        if after is not None:
            wanted = wanted.where(tuple_(*key) > tuple_(*(_place("after", column) for column in self._key)))
            named = _named("after", self._key, after.key)
        prepared = Prepared(wanted, dialect)
        cursor.execute(prepared.text, prepared.values(**named))
        parts = len(key)
        return [Lying(tuple(row[:parts]), tuple(row[parts:])) for row in cursor.fetchall()]

    def write(self, cursor: DBAPICursor, dialect: Dialect, changed: Sequence[tuple[Lying, Lying]]) -> None:
        """Rows in place of what they were. Keys are touched only where one differs: that moves its row."""
        if not changed:
            return
        moved = any(before.key != after.key for before, after in changed)
        columns = [*(self._key if moved else ()), *self._values]
        same = [_as_it_lies(column) == _place("old", column) for column in self._key]
        new = {column.name: _place("new", column) for column in columns}
        prepared = Prepared(update(self.table).values(new).where(*same), dialect)
        for before, after in changed:
            values = (*(after.key if moved else ()), *after.values)
            named = _named("old", self._key, before.key) | _named("new", columns, values)
            cursor.execute(prepared.text, prepared.values(**named))

    # What becomes of a row.

    def sealed_first(self, keyring: Keyring, row: Lying) -> Lying:
        """What lies open, sealed."""
        marks = [keyring.mark(kind.place, part) if kind else part for kind, part in self._kinds(row)]
        return Lying(tuple(marks), self._sealed(keyring, row.key, row.values))

    def sealed_anew(self, keyring: Keyring, row: Lying) -> Lying:
        """Under the newest key; the same row when it is already."""
        if all(number == keyring.newest for number in row.numbers):
            return row
        plain = [keyring.read(kind.place, part) if kind else part for kind, part in self._kinds(row)]
        name = name_of(plain)
        values = [keyring.opened(place, name, value) for place, value in zip(self._places, row.values, strict=True)]
        return Lying(row.key, self._sealed(keyring, plain, values))

    def marked_anew(self, before: Keyring, keyring: Keyring, row: Lying) -> Lying:
        """Found by another look-up key."""
        marks = [
            keyring.mark(kind.place, before.read(kind.place, part)) if kind else part for kind, part in self._kinds(row)
        ]
        return Lying(tuple(marks), row.values)

    def _sealed(self, keyring: Keyring, key: Sequence[object], plain: Sequence[str]) -> tuple[str, ...]:
        name = name_of(key)
        return tuple(keyring.seal(place, name, value) for place, value in zip(self._places, plain, strict=True))

    def _kinds(self, row: Lying) -> Iterator[tuple[SealedKey | None, Any]]:
        for column, part in zip(self._key, row.key, strict=True):
            yield column.type if isinstance(column.type, SealedKey) else None, part


def sealed_tables() -> list[SealedTable]:
    found = map(SealedTable, metadata.sorted_tables)
    return [one for one in found if one.has_sealed]


def _as_it_lies(column: Column[Any]) -> Any:
    return type_coerce(column, Text()) if isinstance(column.type, Sealed | SealedKey) else column


def _place(when: str, column: Column[Any]) -> BindParameter[Any]:
    return bindparam(f"{when}_{column.name}", type_=_as_it_lies(column).type)


def _named(when: str, columns: Sequence[Column[Any]], values: Sequence[Any]) -> dict[str, Any]:
    return {f"{when}_{column.name}": value for column, value in zip(columns, values, strict=True)}
