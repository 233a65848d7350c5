"""Connections to PostgreSQL: how they are opened, what they promise, how they are taken up again, what errors mean."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any, NoReturn

import psycopg
from psycopg import errors
from psycopg.adapt import Buffer, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Dialect, Engine, create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.pool import NullPool

Raw = psycopg.Connection[tuple[Any, ...]]

CONNECT_S = 3
TRY_AGAIN_S = 0.2
# So long, and once in an outage, the loop itself waits for a connection that was lost.
TAKE_UP_S = 0.25
NETWORK: dict[str, Any] = {
    "application_name": "loket",
    "client_encoding": "utf8",
    "connect_timeout": CONNECT_S,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# Without statistics, as fresh tables are, a batch could read a table from end to end; a plan for all values is as good
# as one for these.
SHORT = {
    "timezone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "2s",
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
}
# A process that is stopped in mid-transaction loses it: others go on, and it writes nothing when it wakes.
WRITING = {**SHORT, "idle_in_transaction_session_timeout": "10s"}
READING = {**SHORT, "default_transaction_read_only": "on"}
REPORTING = {"timezone": "UTC", "statement_timeout": "0", "default_transaction_read_only": "on"}
MIGRATING = {"timezone": "UTC", "statement_timeout": "0", "lock_timeout": "10s"}

NO_WEAKER = """\
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')"""

# One for all, because statements are compiled once for each.
_made: Any = PGDialect_psycopg
DIALECT: Dialect = _made(paramstyle="numeric_dollar")


class _Int(Int8Dumper):
    """Without a type of its own, so that a statement stays one statement whatever numbers, or none, it is given."""

    oid = 0


class _Text(StrDumperUnknown):
    """PostgreSQL keeps no NUL. Where somebody sends one, its picture is kept."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\N{SYMBOL FOR NULL}") if "\0" in obj else obj)


class _Whole(Loader):
    """A sum of whole numbers is of another type there, and whole."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def connect(url: str, session: Mapping[str, str]) -> Raw:
    """A connection that begins nothing by itself. Raises `psycopg.Error`.

    `synchronous_commit` is made no weaker than `on`, whatever the server or the role has: `off` lost 35 of 500
    acknowledged commits of a trial.
    """
    options = " ".join(f"-c {name.replace(' ', '')}={value}" for name, value in session.items())
    raw: Raw = psycopg.connect(url, autocommit=True, options=options, **NETWORK)
    raw.adapters.register_dumper(int, _Int)
    raw.adapters.register_dumper(str, _Text)
    raw.adapters.register_loader("numeric", _Whole)
    raw.prepared_max = 1_000
    raw.execute(NO_WEAKER)
    return raw


def engine(url: str, session: Mapping[str, str]) -> Engine:
    """For what goes through SQLAlchemy."""
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(url, session),
        poolclass=NullPool,
        paramstyle="format",
        use_native_hstore=False,
        hide_parameters=True,
    )


class Line:
    """One connection, taken up again beside the loop when it was lost."""

    def __init__(self, url: str, session: Mapping[str, str]) -> None:
        self._url, self._session = url, session
        self._raw: Raw | None = connect(url, session)
        self._why = ""
        self._lost_at = 0.0
        self._closed = False
        self._there = Event()

    def raw(self) -> Raw:
        """Raises `psycopg.OperationalError` while there is none."""
        if self._raw is None and self.down_for_s < TAKE_UP_S:
            self._there.wait(TAKE_UP_S)
        if self._raw is None:
            raise psycopg.OperationalError(f"the database cannot be reached: {self._why}")
        return self._raw

    @property
    def down_for_s(self) -> float:
        return time.monotonic() - self._lost_at

    def lost(self, why: object) -> None:
        """Begin to take it up again."""
        if self._raw is None:
            return
        self._raw.close()
        self._raw, self._why, self._lost_at = None, said(why), time.monotonic()
        self._there.clear()
        Thread(target=self._take_up, name="store-take-up", daemon=True).start()

    def close(self) -> None:
        self._closed = True
        if self._raw is not None:
            self._raw.close()

    def _take_up(self) -> None:
        while not self._closed:
            try:
                raw = connect(self._url, self._session)
            except psycopg.Error as error:
                self._why = said(error)
                time.sleep(TRY_AGAIN_S)
                continue
            self._raw = raw
            self._there.set()
            if self._closed:
                raw.close()
            return


class Cursor:
    """The driver's cursor on whichever connection is up. No error of it tells what was in a row."""

    def __init__(self, raw: Raw) -> None:
        self.on(raw)

    def on(self, raw: Raw) -> None:
        cursor = psycopg.RawCursor(raw)
        self._cursor, self._execute = cursor, cursor.execute
        self.fetchall = cursor.fetchall

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def execute(self, text: str, values: tuple[Any, ...]) -> None:
        try:
            self._execute(text, values)
        except psycopg.Error as error:
            silenced(error)

    def executemany(self, text: str, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._cursor.executemany(text, rows)
        except psycopg.Error as error:
            silenced(error)


class ReadingCursor(Cursor):
    """Asks once more when the connection turns out to have been lost since the last time."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(line.raw())

    def execute(self, text: str, values: tuple[Any, ...]) -> None:
        raw = self._line.raw()
        if raw is not self._cursor.connection:
            self.on(raw)
        try:
            super().execute(text, values)
        except psycopg.OperationalError as error:
            if not raw.closed:
                raise
            self._line.lost(error)
            self.on(self._line.raw())
            super().execute(text, values)


class Reading:
    """Single records and short lists."""

    dialect = DIALECT

    def __init__(self, url: str) -> None:
        line = Line(url, READING)
        self.cursor: Any = ReadingCursor(line)
        self.close = line.close


def silenced(error: psycopg.Error) -> NoReturn:
    """Raise it again, without the row that the server shows beside it, or the value that it quotes."""
    if error.diag.message_primary is None:
        raise error
    quotes = isinstance(error, psycopg.DataError)
    raise type(error)(type(error).__name__ if quotes else error.diag.message_primary) from None


def said(error: object) -> str:
    """The first line, which tells no row."""
    return next(iter(str(error).splitlines()), "").strip() or type(error).__name__


# What the database says to a row or a statement, not of its own health.
OF_A_ROW = (
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.ProgrammingError,
    psycopg.NotSupportedError,
    errors.InFailedSqlTransaction,
)
# Others came in between; the same again may do.
OVERTAKEN = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
