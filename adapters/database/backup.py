"""A copy of a store while it is being served, and a store brought back from one.

The copy is one moment of the store. It knows that it is a copy, so that nobody can serve from it by mistake before what
it lacks was looked up: see `core.services.reopen`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from adapters.database import sqlite
from adapters.database.below import StoreUnusable
from adapters.database.opening import PREFIX, path_of
from adapters.database.tables import restores

Advance = Callable[[int, int], None]

PAGES_AT_ONCE = 1_000


def back_up(url: str, target: Path, *, now: datetime, advance: Advance) -> None:
    """Copy the store at `url` to a new file, which is there in one piece and durable, or not at all.

    Beside a server it neither waits for it nor holds it up. `advance` hears how much is done and how much there is in
    all. Raises `StoreUnusable`.
    """
    source = _file_at(url)
    if not source.exists():
        raise StoreUnusable(f"There is no store at {source} yet.")
    if target.exists():
        raise StoreUnusable(f"{target} is there already. A backup never overwrites another.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    _new_file(unfinished)
    try:
        _copy(source, unfinished, advance)
        _mark_as_copy(unfinished, now)
        _durable(unfinished)
        unfinished.rename(target)
        _durable(target.parent)
    finally:
        for left in target.parent.glob(f"{unfinished.name}*"):
            left.unlink()


def bring_back(copy: Path, url: str) -> None:
    """Make the store at `url` from a copy, where no store is yet. Raises `StoreUnusable`."""
    target = _file_at(url)
    if target.exists():
        raise StoreUnusable(f"There is a store at {target} already. Move it away first; it may be needed yet.")
    _see_that_it_is_a_copy(copy)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    _new_file(unfinished)
    try:
        _copy(copy, unfinished, lambda _done, _all: None)
        _durable(unfinished)
        unfinished.rename(target)
        _durable(target.parent)
    finally:
        for left in target.parent.glob(f"{unfinished.name}*"):
            left.unlink()


def _file_at(url: str) -> Path:
    if "://" in url and not url.startswith(PREFIX):
        raise StoreUnusable(
            "A PostgreSQL database is copied and brought back by its own tools: see docs/operations.md."
        )
    return path_of(url)


def _copy(source: Path, target: Path, advance: Advance) -> None:
    """Page by page, inside a transaction that has read: without it each commit of the server would begin it anew."""

    def tell(_status: int, remaining: int, total: int) -> None:
        advance(total - remaining, total)

    with sqlite.reading(source) as reading, closing(sqlite3.connect(target)) as writing:
        reading.exec_driver_sql("BEGIN")
        reading.exec_driver_sql("SELECT count(*) FROM sqlite_schema").all()
        raw = reading.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.backup(writing, pages=PAGES_AT_ONCE, progress=tell, sleep=0)


def _mark_as_copy(path: Path, now: datetime) -> None:
    with sqlite.writing(path, checkpoints=True) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        copies = connection.execute(select(func.coalesce(func.max(restores.c.number), 0))).scalar_one()
        row = {"number": copies + 1, "taken_at": now, "opened_by": "", "version": 1}
        connection.execute(insert(restores).values(row))
        connection.commit()


def _see_that_it_is_a_copy(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            [[closed]] = connection.execute("SELECT count(*) FROM restores WHERE opened_at IS NULL").fetchall()
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{path} is not a backup of a store: {error}.") from error
    if not closed:
        raise StoreUnusable(f"{path} is a store and not a backup of one: `loket backup` makes them.")


def _new_file(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
