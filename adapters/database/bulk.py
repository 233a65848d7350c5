"""Many rows by one statement. Its text depends on how many, so lists are cut or filled up to a few sizes.

For 64 payments one `INSERT` of 64 rows takes two thirds of the time of 64 executions of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, Table, and_, bindparam, cast, column, insert, or_, select, update, values

from adapters.database.prepared import Values, kind_of, text_of

SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
LARGEST = SIZES[-1]

# A store has some dozens of these statements, each in all sizes.
_cached = lru_cache(maxsize=1_024)


def inserts(table: Table, dialect: Dialect, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, Values]]:
    """Statements that write these rows, whose values stand in the order of the columns."""
    start, kind = 0, kind_of(dialect)
    while rest := len(rows) - start:
        size = max(size for size in SIZES if size <= rest)
        yield _insert(table, kind, size), tuple(chain.from_iterable(rows[start : start + size]))
        start += size


def selects(table: Table, dialect: Dialect, keys: Sequence[Values]) -> Iterator[tuple[str, Values]]:
    """Statements that read the rows with these primary keys, in any order."""
    kind = kind_of(dialect)
    for start in range(0, len(keys), LARGEST):
        some = keys[start : start + LARGEST]
        size = min(size for size in SIZES if size >= len(some))
        yield _select(table, kind, size), tuple(chain(*some, some[-1] * (size - len(some))))


def updates(
    table: Table, names: tuple[str, ...], dialect: Dialect, rows: Sequence[Values]
) -> Iterator[tuple[str, Values, int]]:
    """Statements that write these columns of the rows with these keys at these versions, and how many rows each means.

    A row's values stand in the order of the names, the primary key and the version that was read.
    """
    kind = kind_of(dialect)
    for start in range(0, len(rows), LARGEST):
        some = rows[start : start + LARGEST]
        size = min(size for size in SIZES if size >= len(some))
        yield _update(table, names, kind, size), tuple(chain(*some, some[-1] * (size - len(some)))), len(some)


@_cached
def _insert(table: Table, kind: tuple[str, str], size: int) -> str:
    row: dict[str, Any] = dict.fromkeys(table.columns.keys())
    return text_of(insert(table).values([row] * size), kind)


@_cached
def _select(table: Table, kind: tuple[str, str], size: int) -> str:
    """`(a, b) IN (...)` would read the whole table on SQLite, where `OR` finds each key in the index."""
    columns = list(table.primary_key)
    # Each with places of its own: PostgreSQL's are numbered, and one that stands twice has one number.
    each = [and_(*(column == bindparam(None, type_=column.type) for column in columns)) for _ in range(size)]
    these = columns[0].in_([None] * size) if len(columns) == 1 else or_(*each)
    return text_of(select(table).where(these), kind)


@_cached
def _update(table: Table, names: tuple[str, ...], kind: tuple[str, str], size: int) -> str:
    """A row that stands twice, to fill up the list, is written once. The casts tell a server what it is to compare."""
    keys = list(table.primary_key)
    source = [*(table.c[name] for name in names), *keys, table.c.version]
    columns = [column(f"new_{number}", one.type) for number, one in enumerate(source)]
    cells = [tuple(cast(bindparam(None, type_=one.type), one.type) for one in source) for _ in range(size)]
    rows = values(*columns, name="read").data(cells)
    news = [rows.c[one.name] for one in columns]
    same = [key == new for key, new in zip([*keys, table.c.version], news[len(names) :], strict=True)]
    return text_of(update(table).values(dict(zip(names, news, strict=False))).where(*same), kind)
