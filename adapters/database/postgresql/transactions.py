"""How money is written to PostgreSQL: one batch after the other, and never a guess about what became of one.

A transaction begins with a lock that all stores of the database share, so the journal is in one order and without a gap
and what a batch has read is what it writes over. It also writes its own number into `writers`. When the answer to a
COMMIT is lost, that number says whether it was kept. PostgreSQL's `pg_xact_status` would not: after a crash of the
server the number of a transaction that was never written down is given to another one.
"""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from typing import Any

import psycopg

from adapters.database.below import Busy
from adapters.database.postgresql.connection import (
    DIALECT,
    OF_A_ROW,
    OVERTAKEN,
    WRITING,
    Cursor,
    Line,
    Raw,
    connect,
    said,
)
from core.ports import StoreDown, StoreLost

# Any number that nobody else locks in this database.
LOCK = 6_556_538
# An outage as short as this is waited for; later whoever asks is told at once.
RIDE_OUT_S = 1.0
# For longer than the server lets a transaction stand idle whose process it does not hear.
ASK_FOR_S = 30.0
ASK_AGAIN_S = 0.2

# One question for all three, and no row when another process has the lock.
BEGIN = """\
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
INSERT INTO writers (writer, batch, begun_at)
SELECT '{writer}', {batch}, (extract(epoch FROM now()) * 1000000)::bigint WHERE pg_try_advisory_xact_lock({lock})
ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, begun_at = excluded.begun_at"""
KEPT = "SELECT EXISTS (SELECT FROM writers WHERE writer = '{writer}' AND batch = {batch})"
FORGET = "DELETE FROM writers WHERE writer = '{writer}'"


class Transactions:
    """The one writing connection of a process, taken up again when it is lost."""

    dialect = DIALECT
    error: type[Exception] = psycopg.Error

    def __init__(self, url: str) -> None:
        self._url = url
        self._line = Line(url, WRITING)
        self._raw: Raw = self._line.raw()
        self._cursor = Cursor(self._raw)
        self.cursor: Any = self._cursor
        self._writer = secrets.token_hex(8)
        self._batch = 0
        self._lost = ""

    @property
    def usable(self) -> bool:
        return not self._lost

    def begin(self) -> None:
        if self._lost:
            raise StoreLost(self._lost)
        self._take_up()
        self._batch += 1
        try:
            done = self._tell(BEGIN.format(writer=self._writer, batch=self._batch, lock=LOCK))
        except psycopg.Error as error:
            raise self.down(error) from error
        if done != "INSERT 0 1":
            self.rollback()
            raise Busy

    def begin_again(self) -> None:
        self.rollback()
        self.begin()

    def mark(self) -> None:
        self._tell("SAVEPOINT mark")

    def unmark(self) -> None:
        self._tell("RELEASE mark")

    def back_to_mark(self) -> None:
        self._tell("ROLLBACK TO mark; RELEASE mark")

    def commit(self) -> None:
        try:
            done = self._tell("COMMIT")
        except psycopg.Error as error:
            if not self._raw.closed:
                raise self.down(error) from error
            self._learn_what_was_kept(error)
        else:
            if done != "COMMIT":
                raise StoreDown(f"nothing was written: the database answered {done} to a COMMIT")

    def rollback(self) -> None:
        """Leaves no transaction open: where that cannot be said, no connection either."""
        try:
            self._tell("ROLLBACK")
        except psycopg.Error as error:
            self._line.lost(error)

    def down(self, error: Exception) -> Busy | StoreDown:
        """A connection that is lost before its COMMIT has written nothing: its batch is decided again on the next."""
        if self._raw.closed:
            self._line.lost(error)
            return Busy(said(error))
        self.rollback()
        return Busy(said(error)) if isinstance(error, OVERTAKEN) else StoreDown(f"nothing was written: {said(error)}")

    def is_trouble(self, error: Exception) -> bool:
        return isinstance(error, psycopg.Error) and not isinstance(error, OF_A_ROW)

    def close(self) -> None:
        """A writer that ends in good order has nothing more to ask."""
        if self._batch and not self._raw.closed:
            with suppress(psycopg.Error):
                self._tell(FORGET.format(writer=self._writer))
        self._line.close()

    def _take_up(self) -> None:
        try:
            raw = self._line.raw()
        except psycopg.OperationalError as error:
            if self._line.down_for_s < RIDE_OUT_S:
                raise Busy(said(error)) from error
            raise StoreDown(said(error)) from error
        if raw is not self._raw:
            self._raw = raw
            self._cursor.on(raw)

    def _tell(self, statements: str) -> str:
        """Say them in one round trip; what the last of them was answered with."""
        cursor = self._raw.cursor()
        cursor.execute(statements, prepare=False)
        while cursor.nextset():
            pass
        return cursor.statusmessage or ""

    def _learn_what_was_kept(self, error: psycopg.Error) -> None:
        """Returns when the batch was kept. Raises `Busy` when it was not, `StoreLost` when nobody can be asked."""
        self._line.lost(error)
        until = time.monotonic() + ASK_FOR_S
        while time.monotonic() < until:
            with suppress(psycopg.Error):
                if self._was_kept():
                    return
                raise Busy(said(error))
            time.sleep(ASK_AGAIN_S)
        self._lost = f"the database was lost while committing ({said(error)}); restart to see what it kept"
        raise StoreLost(self._lost) from error

    def _was_kept(self) -> bool:
        """Asked with the lock in hand, so that the transaction in question is over."""
        with connect(self._url, WRITING) as raw, raw.transaction():
            raw.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            row = raw.execute(KEPT.format(writer=self._writer, batch=self._batch)).fetchone()
            return row is not None and bool(row[0])
