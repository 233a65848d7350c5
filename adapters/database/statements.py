"""The statements of one shelf, built from its table by SQLAlchemy Core and compiled once for a kind of database.

Compiling or binding by name at each execution would cost half the writer's speed, so what is kept is the text and a
function from a record to its values in the order of the places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, and_, bindparam, insert, or_, select, update
from sqlalchemy.sql import ClauseElement

from adapters.database.shelves import Parts, Rows, Shelf

Record = TypeVar("Record")
Values = tuple[Any, ...]

# A few sizes of key lists, so that as few texts are prepared; a list is filled up with its last key.
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class Statements(Generic[Record]):
    """How one shelf is read and written."""

    def __init__(self, shelf: Shelf[Record], dialect: Dialect) -> None:
        self.shelf = shelf
        self.rows = Rows(shelf, dialect)
        self._dialect = dialect
        self.insert, names = _compiled(insert(shelf.table).values(_places(shelf.names)), dialect)
        self.inserted: Callable[[Record], Values] = self.rows.writer(names)
        self.update, self.updated = self._update() if shelf.versioned else ("", _never_changed)
        self.select_one = self._select(1)

    def _update(self) -> tuple[str, Callable[[Record, int], Values]]:
        """Write a record over its last version, `WHERE` that is still the one it was read at."""
        table, keys = self.shelf.table, self.shelf.key_names
        same = [table.c[name] == bindparam(f"new_{name}") for name in keys]
        unchanged = table.c.version == bindparam("new_version_before")
        changed = _places([name for name in self.shelf.names if name not in keys])
        text, names = _compiled(update(table).where(*same, unchanged).values(changed), self._dialect)
        assert names[-1] == "version_before"
        row = self.rows.writer(names[:-1])
        return text, lambda record, before: (*row(record), before)

    def selects(self, keys: Sequence[Parts]) -> Iterator[tuple[str, Values]]:
        """Statements with their values that read the records with these keys, in any order."""
        for start in range(0, len(keys), SIZES[-1]):
            some = keys[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(some))
            filled = [*some, *[some[-1]] * (size - len(some))]
            yield self._select(size), tuple(part for parts in filled for part in parts)

    @lru_cache(maxsize=len(SIZES))  # noqa: B019  # statements live as long as the store
    def _select(self, size: int) -> str:
        """`(a, b) IN (...)` would read the whole table on SQLite, where `OR` finds each key in the index."""
        columns = [self.shelf.table.c[name] for name in self.shelf.key_names]
        this = and_(*(column == bindparam(None, type_=column.type) for column in columns))
        these = columns[0].in_([None] * size) if len(columns) == 1 else or_(*[this] * size)
        wanted = select(self.shelf.table).where(these)
        return str(wanted.compile(dialect=self._dialect, compile_kwargs={"render_postcompile": True}))


def _never_changed(record: object, before: int) -> Values:
    raise AssertionError(f"{type(record).__name__} is written once")


def _places(names: Sequence[str]) -> dict[str, Any]:
    """A bound place for each column, named apart from the column as SQLAlchemy asks."""
    return {name: bindparam(f"new_{name}") for name in names}


def _compiled(statement: ClauseElement, dialect: Dialect) -> tuple[str, list[str]]:
    """The text, and which value goes to which place."""
    compiled = statement.compile(dialect=dialect)
    places: Sequence[str] = compiled.positiontup  # type: ignore[attr-defined]  # of an SQLCompiler with positional places
    return str(compiled), [place.removeprefix("new_") for place in places]
