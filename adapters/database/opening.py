"""Opening a store's file: where it is, that this SQLite can keep it, and that its tables are those of this version."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from adapters.database import sqlite
from adapters.database.below import StoreUnusable
from adapters.database.migrations import HEAD
from adapters.database.ownership import owned
from core.ports import StoreDown

PREFIX = "sqlite:///"


def path_of(url: str) -> Path:
    """`sqlite:///relative.db` or `sqlite:////absolute.db`. Raises `StoreUnusable`."""
    name = url.removeprefix(PREFIX)
    if name == url or not name or name.startswith(":memory:") or "?" in name:
        raise StoreUnusable(f"The database URL must be {PREFIX} and a path to a file, or postgresql:// and a database.")
    return Path(name).absolute()


def make_file(path: Path) -> None:
    """See that there is a file, its owner's alone from the first moment; SQLite gives those beside it the same mode."""
    with _told_in_a_sentence(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def bring_up_to_date(path: Path, *, is_owned: bool) -> None:
    """See that the tables are those of this version. Raises `StoreUnusable`, or `StoreBusy` when it must migrate."""
    if sqlite3.sqlite_version_info < sqlite.OLDEST:
        needed = ".".join(map(str, sqlite.OLDEST))
        raise StoreUnusable(f"SQLite {needed} or newer is needed; this Python has {sqlite3.sqlite_version}.")
    with _told_in_a_sentence(path):
        with sqlite.reading(path) as connection:
            version = _version(connection)
        if version > HEAD:
            newer = f"its tables are {version}, ours {HEAD}"
            raise StoreUnusable(f"The store {path} was written by a newer version of Loket ({newer}).")
        if version != HEAD:
            with nullcontext() if is_owned else owned(path):
                _migrate(path)


def _version(connection: Connection) -> str:
    """The newest migration the store has had, empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def _migrate(path: Path) -> None:
    from adapters.database.migrations.run import upgrade  # noqa: PLC0415  # loading Alembic takes longer than a command

    with sqlite.writing(path, checkpoints=False) as connection:
        upgrade(connection)


class SqliteFile:
    """A database in a file: the one that comes with the counter."""

    error: type[Exception] = sqlite3.DatabaseError
    shared = False

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def opened(self, *, owner: bool) -> Iterator[None]:
        make_file(self._path)
        with owned(self._path) if owner else nullcontext():
            bring_up_to_date(self._path, is_owned=owner)
            yield

    def writing(self, *, owner: bool) -> sqlite.Transactions:
        return sqlite.Transactions(sqlite.writing(self._path, checkpoints=owner))

    def reading(self) -> sqlite.Reading:
        return sqlite.Reading(sqlite.reading(self._path))

    def reporting(self) -> Connection:
        return sqlite.reading(self._path)

    def hold_still(self, connection: Connection) -> None:
        """While it does the WAL cannot be started afresh and grows."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").all()

    def is_lost(self, error: Exception) -> bool:
        """There is no line that could break."""
        return False

    def unreadable(self, error: Exception) -> StoreDown:
        return sqlite.unreadable(error)


@contextmanager
def _told_in_a_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, DBAPIError) as error:
        reason = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
        raise StoreUnusable(f"The store {path} cannot be opened: {reason}.") from error
