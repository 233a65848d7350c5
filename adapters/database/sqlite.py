"""All that is SQLite's own: how a connection is opened, what it promises, how transactions begin, what errors mean.

`synchronous=FULL` because after a power cut NORMAL lost every acknowledged commit of a trial. SQLite before 3.51.3 can
corrupt a WAL that two connections reset, so only the owner's writing connection ever makes a checkpoint.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from adapters.database.below import Busy
from core.ports import StoreDown, StoreLost

OLDEST = (3, 37, 0)  # STRICT tables
READERS_WAIT_MS = 5_000
# 64 MiB of WAL. At 4,000 pages a commit cost a third more: a page that changes often is then copied more often.
CHECKPOINT_PAGES = 16_000

# An I/O error, a file that is not what it was: what the file holds now is known only after a restart.
_LOST = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# These say for certain that nothing was committed.
_NOT_COMMITTED = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}
# What the database says to a row or a statement, not of its own health.
_OF_A_ROW = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.NotSupportedError)


def reading(path: Path) -> Connection:
    """A connection that cannot write. Each statement sees what was last committed."""
    return _engine(path, f"busy_timeout={READERS_WAIT_MS}", "wal_autocheckpoint=0", "query_only=ON").connect()


def writing(path: Path, *, checkpoints: bool) -> Connection:
    """The connection for `Transactions`. It never waits for another process: the event loop would wait with it."""
    pages = CHECKPOINT_PAGES if checkpoints else 0
    return _engine(path, "busy_timeout=0", f"wal_autocheckpoint={pages}").connect()


def _engine(path: Path, *more: str) -> Engine:
    """The driver begins nothing by itself (`isolation_level`), and no error tells what was in a row.

    Without `recursive_triggers` an `INSERT OR REPLACE` would delete what triggers forbid to delete.
    """
    how = {"isolation_level": None, "check_same_thread": False, "cached_statements": 512}
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args=how, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in (*more, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class Transactions:
    """The one writing connection. Each transaction begins with the write lock: what it reads is what it writes over.

    After an I/O error, above all at an fsync, it is lost: the kernel may have dropped the pages it could not write and
    will say that the next fsync went well, so a commit tried again could be acknowledged and never reach the disk.
    """

    def __init__(self, connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        self.connection = connection
        self.cursor = connection.connection.cursor()
        self.dialect: Dialect = connection.dialect
        self.error: type[Exception] = sqlite3.DatabaseError
        self._raw = raw
        self._lost = ""

    @property
    def usable(self) -> bool:
        return not self._lost

    def begin(self) -> None:
        """Raises `Busy`, `StoreDown` or `StoreLost`."""
        if self._lost:
            raise StoreLost(self._lost)
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if _code(error) == sqlite3.SQLITE_BUSY:
                raise Busy from error
            raise self.down(error) from error

    def begin_again(self) -> None:
        """Forget what was written. A mark at the start would do as well, but copies every page that is written to."""
        self.rollback()
        self.begin()

    def mark(self) -> None:
        self._raw.execute("SAVEPOINT mark")

    def unmark(self) -> None:
        self._raw.execute("RELEASE mark")

    def back_to_mark(self) -> None:
        self._raw.execute("ROLLBACK TO mark")
        self._raw.execute("RELEASE mark")

    def commit(self) -> None:
        """Durable when it returns. Raises `StoreDown` when nothing was kept, `StoreLost` when nobody can say."""
        try:
            self._raw.commit()
        except sqlite3.DatabaseError as error:
            if _code(error) not in _NOT_COMMITTED:
                self._lost = f"the store failed while committing ({error}); restart to see what it kept"
            raise self.down(error) from error

    def rollback(self) -> None:
        """Leaves no transaction open. SQLite has often rolled back by itself when there is trouble."""
        try:
            self._raw.rollback()
        except sqlite3.DatabaseError as error:
            self._lost = self._lost or f"the store failed while rolling back ({error})"

    def down(self, error: Exception) -> StoreDown:
        """Roll back, and say what the error means to whoever asked."""
        if _code(error) in _LOST:
            self._lost = self._lost or f"the store failed ({error}); restart to see what it kept"
        self.rollback()
        return StoreLost(self._lost) if self._lost else StoreDown(f"nothing was written: {error}")

    def is_trouble(self, error: Exception) -> bool:
        """Whether the database itself is in trouble, rather than one row or statement wrong."""
        return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, _OF_A_ROW)

    def close(self) -> None:
        """It goes last, and takes the WAL with it when it can."""
        self.connection.close()


class Reading:
    """Single records and short lists, by one cursor."""

    def __init__(self, connection: Connection) -> None:
        self.cursor = connection.connection.cursor()
        self.dialect: Dialect = connection.dialect
        self.close = connection.close


def unreadable(error: Exception) -> StoreDown:
    """What trouble while reading means to whoever asked."""
    return StoreDown(f"the store cannot be read: {getattr(error, 'orig', None) or error}")


def _code(error: Exception) -> int:
    """The primary result code: the low byte of the extended one."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
