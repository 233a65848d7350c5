"""All that is SQLite's own: how a connection is opened, what it promises, how a transaction begins.

`synchronous=FULL` because after a power cut NORMAL lost every acknowledged commit of a trial. SQLite before 3.51.3 can
corrupt a WAL that two connections reset, so only the owner's writing connection ever makes a checkpoint.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

WAIT_MS = 5_000
CHECKPOINT_PAGES = 1_000


def writing(path: Path, *, checkpoints: bool) -> Connection:
    """A connection whose transactions begin with the write lock in hand: what they read is what they write over."""
    engine = _engine(path, f"wal_autocheckpoint={CHECKPOINT_PAGES if checkpoints else 0}")
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine.connect()


def reading(path: Path) -> Connection:
    """A connection that cannot write. Each statement sees what was last committed."""
    return _engine(path, "wal_autocheckpoint=0", "query_only=ON").connect()


def _engine(path: Path, *more: str) -> Engine:
    """The driver begins nothing by itself (`isolation_level`), and no error tells what was in a row."""
    how = {"isolation_level": None, "check_same_thread": False, "cached_statements": 512}
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args=how, hide_parameters=True)
    pragmas = (f"busy_timeout={WAIT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *more)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine
