"""What the store asks of the database below it. SQLite and PostgreSQL each answer it in files of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor

from core.ports import StoreDown
from core.refusal import Fault

FETCHED_AT_ONCE = 1_000
_SERIAL = itertools.count(1)


class Busy(Exception):
    """Somebody else is writing, or came in between: nothing was written, decide again in a moment."""


class StoreUnusable(Fault):
    """The store cannot be opened as it is; the sentence says what to mend."""


class Transactions(Protocol):
    """The one writing connection of a process. What a transaction has read, nobody writes over before it ends."""

    @property
    def cursor(self) -> DBAPICursor: ...
    @property
    def dialect(self) -> Dialect: ...
    @property
    def error(self) -> type[Exception]:
        """What all that the driver raises is."""

    @property
    def usable(self) -> bool:
        """False once only a restart can tell what was kept."""

    def begin(self) -> None:
        """Raises `Busy`, `StoreDown` or `StoreLost`. Never waits for another process: the loop would wait with it."""

    def begin_again(self) -> None:
        """Forget what was written, and begin."""

    def mark(self) -> None: ...
    def unmark(self) -> None: ...
    def back_to_mark(self) -> None: ...
    def commit(self) -> None:
        """Durable when it returns. Raises `Busy` or `StoreDown` if nothing was kept, `StoreLost` if nobody can say."""

    def rollback(self) -> None: ...
    def down(self, error: Exception) -> Busy | StoreDown:
        """Roll back, and say what the driver's error means to whoever asked."""

    def is_trouble(self, error: Exception) -> bool:
        """Whether the database itself is in trouble, rather than one row or statement wrong."""

    def close(self) -> None: ...


class Reading(Protocol):
    """Short answers in the event loop's own thread. Each statement sees what was last committed."""

    @property
    def cursor(self) -> DBAPICursor: ...
    @property
    def dialect(self) -> Dialect: ...
    def close(self) -> None: ...


class Database(Protocol):
    """One database, wherever it is."""

    @property
    def error(self) -> type[Exception]:
        """What all that the driver raises is."""

    @property
    def shared(self) -> bool:
        """Whether several processes may serve from it at a time."""

    def opened(self, *, owner: bool) -> AbstractContextManager[None]:
        """See that it is there, with the tables of this version. Raises `StoreUnusable`, or `StoreBusy`."""

    def writing(self, *, owner: bool) -> Transactions: ...
    def reading(self) -> Reading: ...
    def reporting(self) -> Connection:
        """For long answers, in a thread of their own."""

    def hold_still(self, connection: Connection) -> None:
        """From now on this connection sees nothing that is committed later."""

    def is_lost(self, error: Exception) -> bool:
        """Whether it was the connection that failed, so that another may do."""

    def unreadable(self, error: Exception) -> StoreDown:
        """What trouble while reading means to whoever asked."""


def stream(connection: Connection, text: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The rows of a long answer, fetched some at a time, while others are being read."""
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        return iter(cursor.execute(text, values))
    return _fetched(cursor, f"stream_{next(_SERIAL)}", text, values)


def _fetched(cursor: Any, name: str, text: str, values: tuple[Any, ...]) -> Iterator[Any]:
    """By a cursor of the server, which lives as long as the transaction: a driver gets all rows of a query at once."""
    cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {text}", values)
    while rows := cursor.execute(f"FETCH {FETCHED_AT_ONCE} FROM {name}").fetchall():
        yield from rows
