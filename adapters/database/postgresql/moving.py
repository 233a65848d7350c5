"""A store carried from its file into an empty database of a server: all of it or nothing, and compared row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, func, select

from adapters.database.below import StoreUnusable
from adapters.database.column_types import Flag
from adapters.database.opening import SqliteFile, path_of
from adapters.database.postgresql.connection import MIGRATING, Raw, connect, said
from adapters.database.postgresql.opening import bring_up_to_date
from adapters.database.postgresql.transactions import LOCK
from adapters.database.prepared import kind_of, text_of
from adapters.database.tables import metadata

Advance = Callable[[int], None]

AT_ONCE = 1_000
# Parents come before what points to them.
TABLES = tuple(metadata.sorted_tables)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows each table has now, and a SHA-256 over all of them that was the same on both sides."""

    rows: dict[str, int]
    digest: str


def move(source_url: str, target_url: str, *, begin: Advance, advance: Advance) -> Moved:
    """Copy a store that nobody serves into a database in which nothing is.

    `begin` hears how many rows there are, and `advance` of each thousand. Raises `StoreUnusable`, or `StoreBusy`.
    """
    file = SqliteFile(path_of(source_url))
    with file.opened(owner=True), file.reporting() as source:
        file.hold_still(source)
        bring_up_to_date(target_url)
        begin(sum(source.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES))
        try:
            with connect(target_url, MIGRATING) as target, target.transaction():
                return _copied(source, target, advance)
        except psycopg.Error as error:
            raise StoreUnusable(f"The database cannot take the store, and has taken nothing: {said(error)}.") from error


def _copied(source: Connection, target: Raw, advance: Advance) -> Moved:
    target.execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(LOCK))
    _refuse_a_used_one(target)
    there, here = sha256(), sha256()
    rows = {table.name: _copy(table, source, target, there, advance) for table in TABLES}
    for table in TABLES:
        for row in _rows_there(table, target):
            here.update(_as_bytes(row))
    if here.digest() != there.digest():
        raise StoreUnusable("What arrived is not what was sent. Nothing was kept; the file is as it was.")
    return Moved(rows, here.hexdigest())


def _refuse_a_used_one(target: Raw) -> None:
    for table in TABLES:
        name = sql.Identifier(table.name)
        [[used]] = target.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)).fetchall()
        if used:
            raise StoreUnusable(f"There is a store in the database already: {table.name} is not empty.")


def _copy(table: Table, source: Connection, target: Raw, digest: Any, advance: Advance) -> int:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    count = 0
    with target.cursor() as cursor, cursor.copy(into) as copy:
        for row in _rows_here(table, source):
            copy.write_row(row)
            digest.update(_as_bytes(row))
            count += 1
            if count % AT_ONCE == 0:
                advance(AT_ONCE)
    advance(count % AT_ONCE)
    return count


def _rows_here(table: Table, source: Connection) -> Iterator[Sequence[Any]]:
    """As the server will have them: truth values for 0 and 1, and pictures of NULs, which it has no place for."""
    flags = [place for place, column in enumerate(table.columns) if isinstance(column.type, Flag)]
    cursor = source.connection.cursor()
    cursor.execute(text_of(select(table).order_by(*table.primary_key), kind_of(source.dialect)))
    while some := cursor.fetchmany(AT_ONCE):
        for found in some:
            row = [value.replace("\0", "\N{SYMBOL FOR NULL}") if isinstance(value, str) else value for value in found]
            for place in flags:
                row[place] = bool(row[place])
            yield row


def _rows_there(table: Table, target: Raw) -> Iterable[Sequence[Any]]:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    order = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.primary_key)
    wanted = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(columns, sql.Identifier(table.name), order)
    with target.cursor(name=f"sent_{table.name}") as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(wanted)


def _as_bytes(row: Sequence[Any]) -> bytes:
    return repr(tuple(row)).encode("utf-8", "backslashreplace")
