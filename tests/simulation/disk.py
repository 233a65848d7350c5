"""The disk under the store: real SQLite files on which any statement can be the last, fail, or fall with the machine.

What is swapped is the driver's connection, below all of our own code. A machine that loses its power keeps what was
synced: with `synchronous=FULL` everything up to the last commit, with less the WAL is gone. Opening a store again must
be cheap, so the tables are made once and compiled statements are shared by all stores of a process.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from adapters.database.opening import bring_up_to_date
from adapters.database.prepared import Prepared
from adapters.database.statements import Statements
from tests.simulation.loop import LIFE, Crash, Life

FULL = 2
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of memory, not a name others could guess
# Of statements that a fault is timed by, not of what SQLAlchemy asks when a connection is opened.
COUNTED = ("INSERT", "UPDATE", "SELECT", "DELETE", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Disk:
    """One machine's files. `trouble` is what the N-th statement from now meets; `committed` hears of each commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self.committed: Callable[[], None] = lambda: None
        self.happened: Callable[[str], None] = lambda _what: None
        self.open: list[SimConnection] = []
        self.wal_synced = 0
        self.synchronous = FULL
        self.countdown = -1
        self.trouble = ""
        self.full = False
        shutil.copyfile(image(), self.path)

    @property
    def path(self) -> Path:
        return self.folder / f"{self.number}.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def strike(self, trouble: str, after: int) -> None:
        self.trouble, self.countdown = trouble, after

    def heal(self) -> None:
        self.trouble, self.countdown, self.full = "", -1, False

    def close_of(self, life: Life) -> None:
        """The process is gone, and so are its locks."""
        mine = [one for one in self.open if one.life is life]
        self.open = [one for one in self.open if one.life is not life]
        for connection in mine:
            connection.drop()
        Path(f"{self.path}.lock").unlink(missing_ok=True)

    def start_afresh(self, *, chance: Random, power_cut: bool) -> None:
        """As the machine finds its files after a fall, under another name so that nothing of before can touch them."""
        before = self.path
        wal = Path(f"{before}-wal")
        kept = wal.read_bytes() if wal.exists() else b""
        if power_cut:
            kept = _after_power_cut(kept, self.wal_synced, chance) if self.synchronous >= FULL else b""
        self.number += 1
        shutil.copyfile(before, self.path)
        if kept:
            Path(f"{self.path}-wal").write_bytes(kept)
        self.wal_synced = len(kept)

    # ---- what a statement meets

    def before(self, statement: str, life: Life | None) -> str:
        """Raises what goes wrong at this statement, or answers what goes wrong just after it."""
        if life is None or not statement.startswith(COUNTED):
            return ""
        life.check()
        if self.full and statement.startswith(("INSERT", "UPDATE")):
            raise _error("database or disk is full", sqlite3.SQLITE_FULL)
        if self.countdown < 0:
            return ""
        self.countdown -= 1
        if self.countdown >= 0:
            return ""
        return self._strike(statement, life)

    def _strike(self, statement: str, life: Life) -> str:
        trouble, self.trouble = self.trouble, ""
        match trouble:
            case "crash_before" | "crash_after":
                self.happened(trouble)
                if trouble == "crash_after":
                    return "crash"
                life.killed()
                raise Crash
            case "disk_full":
                self.happened(trouble)
                self.full = True
                if statement.startswith(("INSERT", "UPDATE")):
                    raise _error("database or disk is full", sqlite3.SQLITE_FULL)
                return ""
            case "io_error":
                self.happened(trouble)
                raise _error("disk I/O error", sqlite3.SQLITE_IOERR)
            case _:
                # What happens to a commit waits for the next one.
                self.trouble, self.countdown = trouble, 0
                return ""

    def at_commit(self, life: Life | None) -> str:
        """What becomes of this commit: nothing special, `lost` or `unknown`, a crash before or after it."""
        if life is None:
            return ""
        life.check()
        if self.countdown < 0 or self.trouble not in ("commit_fails", "commit_unknown", "crash_commit", "crash_answer"):
            return ""
        self.countdown -= 1
        if self.countdown >= 0:
            return ""
        trouble, self.trouble = self.trouble, ""
        self.happened(trouble)
        return trouble


class SimConnection(sqlite3.Connection):
    """A real connection of one process, on the disk of its machine."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.life = LIFE.get()
        self.disk = DISK[-1]
        self.dropped = False
        self.disk.open.append(self)

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or SimCursor)

    def execute(self, statement: str, *values: Any) -> Any:
        return self.done(statement, lambda: super(SimConnection, self).execute(statement, *values))

    def done(self, statement: str, work: Callable[[], Any]) -> Any:
        """One statement, and what goes wrong at it."""
        after = self.disk.before(statement, self.life)
        outcome = work()
        if after:
            assert self.life is not None
            self.life.killed()
            raise Crash
        return outcome

    def commit(self) -> None:
        trouble = self.disk.at_commit(self.life)
        if trouble == "crash_commit":
            self._fall()
        if trouble == "commit_fails":
            raise _error("disk I/O error", sqlite3.SQLITE_IOERR)
        super().commit()
        if self.life is not None:
            wal = Path(f"{self.disk.path}-wal")
            self.disk.wal_synced = wal.stat().st_size if wal.exists() else 0
            self.disk.synchronous = super().execute("PRAGMA synchronous").fetchone()[0]
            self.disk.committed()
        if trouble == "commit_unknown":
            raise _error("disk I/O error", sqlite3.SQLITE_IOERR)
        if trouble == "crash_answer":
            self._fall()

    def rollback(self) -> None:
        if not self.dropped:
            super().rollback()

    def drop(self) -> None:
        """Without a word: what was not committed is not."""
        if not self.dropped:
            self.dropped = True
            super().rollback()
            super().close()

    def close(self) -> None:
        if self in self.disk.open:
            self.disk.open.remove(self)
        self.drop()

    def _fall(self) -> None:
        assert self.life is not None
        self.life.killed()
        raise Crash


class SimCursor(sqlite3.Cursor):
    def execute(self, statement: str, *values: Any) -> Any:
        connection: Any = self.connection
        return connection.done(statement, lambda: super(SimCursor, self).execute(statement, *values))

    def executemany(self, statement: str, *values: Any) -> Any:
        connection: Any = self.connection
        return connection.done(statement, lambda: super(SimCursor, self).executemany(statement, *values))


def _error(words: str, code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def _after_power_cut(wal: bytes, synced: int, chance: Random) -> bytes:
    """Up to the last sync for certain; of what was written after it any part, whole or not."""
    rest = bytearray(wal[synced:])
    for place in range(0, len(rest), 512):
        if chance.random() < 0.5:
            rest[place : place + 512] = bytes(len(rest[place : place + 512]))
    return wal[:synced] + bytes(rest)


# The disk that connections are opened on: the one of the simulation that runs.
DISK: list[Disk] = []
_IMAGE: list[Path] = []


def made_of(fill: Callable[[Path], None]) -> None:
    """Make the store that every seed begins with: migrated and filled once in each process, and copied from then on."""
    folder = Path(tempfile.mkdtemp(prefix="loket-image-", dir=room()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "loket.db"
    bring_up_to_date(made, is_owned=False)
    fill(made)
    connection = sqlite3.connect(made)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    _IMAGE[:] = [made]


def image() -> Path:
    return _IMAGE[0]


def room() -> Path | None:
    """Memory, where there is a folder of it."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


def share_statements() -> None:
    """All SQLite dialects compile alike, so what was compiled for one serves all: opening takes a tenth of the time."""
    event.listen(Engine, "do_connect", _opened_on_the_disk)
    SQLiteDialect_pysqlite.__hash__ = lambda _self: 1  # type: ignore[method-assign,assignment]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect_pysqlite._type_memos = WeakKeyDictionary()  # type: ignore[assignment]  # noqa: SLF001
    _made_once(Prepared, lambda statement, _dialect: statement)
    _made_once(Statements, lambda shelf, _dialect: shelf)


def _made_once(kind: type, about: Callable[..., Any]) -> None:
    """What was made about something is what is made of it again."""
    made: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()
    make = kind.__init__  # type: ignore[misc]

    def again(self: Any, *args: Any) -> None:
        known = made.get(about(*args))
        if known is None:
            make(self, *args)
            made[about(*args)] = vars(self)
        else:
            vars(self).update(known)

    kind.__init__ = again  # type: ignore[misc]


def _opened_on_the_disk(_dialect: Any, _record: Any, _args: Any, named: dict[str, Any]) -> None:
    if DISK:
        named["factory"] = SimConnection
