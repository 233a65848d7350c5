"""A connection with a thread of its own, for what may read much: reports, checks, exports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.database.below import Database, stream
from adapters.database.contents import StoredContents
from adapters.database.journal import JournalStatements
from adapters.database.prepared import Prepared
from adapters.database.shelves import Rows, shelf_of
from core.domain.journal import Entry

Record = TypeVar("Record")
Answer = TypeVar("Answer")
P = ParamSpec("P")

AT_ONCE = 1_000


class ReadingThread:
    """Asks one question after the other. `inline` asks them in the caller's own thread."""

    def __init__(self, database: Database, *, inline: bool = False, one_moment: bool = False) -> None:
        self.connection = database.reporting()
        self._database = database
        self._one_moment = one_moment
        self._inline = inline
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-reader")

    async def ask(self, question: Callable[P, Answer], *about: P.args, **named: P.kwargs) -> Answer:
        """The answer, or `StoreDown` when the store cannot be read."""
        asked = partial(self._answered, partial(question, *about, **named))
        try:
            return asked() if self._inline else await asyncio.get_running_loop().run_in_executor(self._thread, asked)
        except (self._database.error, DBAPIError) as error:
            raise self._database.unreadable(error) from error

    def _answered(self, question: Callable[[], Answer]) -> Answer:
        """Asked once more when the connection was lost since the last time, unless that was one moment of the store."""
        try:
            return question()
        except (self._database.error, DBAPIError) as error:
            if self._one_moment or not self._database.is_lost(error):
                raise
            self.connection.invalidate()
            self.connection.rollback()
            return question()

    async def stream(self, answer: Iterator[Answer]) -> AsyncIterator[Answer]:
        """What a long answer consists of, fetched some at a time."""
        while some := await self.ask(lambda: list(islice(answer, AT_ONCE))):
            for one in some:
                yield one

    async def close(self) -> None:
        await self.ask(self.connection.close)
        self._thread.shutdown()


class Snapshot:
    """Everything that is kept, as it stood at one moment.

    While it is open the database keeps what was overwritten since, and grows, so it is for minutes, not for days.
    """

    def __init__(self, thread: ReadingThread) -> None:
        self._thread = thread

    @classmethod
    async def begun(cls, database: Database, *, inline: bool = False) -> Snapshot:
        thread = ReadingThread(database, inline=inline, one_moment=True)
        await thread.ask(database.hold_still, thread.connection)
        return cls(thread)

    async def every(self, kind: type[Record]) -> AsyncIterator[Record]:
        """All records of a class, in the order of their keys."""
        async for record in self._thread.stream(await self._thread.ask(_every, kind, self._thread.connection)):
            yield record

    async def journal(self, *, first: int = 1) -> AsyncIterator[Entry]:
        """The entries from an index on, in the order of the book."""
        async for entry in self._thread.stream(await self._thread.ask(_journal, first, self._thread.connection)):
            yield entry

    async def consider(self, question: Callable[[StoredContents], Answer]) -> Answer:
        """Ask something of everything at once. The question runs in the snapshot's own thread and may take its time."""
        return await self._thread.ask(question, StoredContents(self._thread.connection))

    async def close(self) -> None:
        await self._thread.close()


def _every(kind: type[Record], connection: Connection) -> Iterator[Record]:
    shelf = shelf_of(kind)
    rows = Rows(shelf, connection.dialect)
    wanted = Prepared(shelf.table.select().order_by(*shelf.table.primary_key), connection.dialect)
    return map(rows.record, stream(connection, wanted.text))


def _journal(first: int, connection: Connection) -> Iterator[Entry]:
    journal = JournalStatements(connection.dialect)
    wanted = journal.from_index
    return journal.entries(stream(connection, wanted.text, wanted.values(first=first)))
