"""The store: durable memory behind the port `Store`, on whichever database is below it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from adapters.database.batches import Batches, Inline
from adapters.database.below import Database, Transactions
from adapters.database.day_books import DayBooks
from adapters.database.lists import Lists
from adapters.database.pen import Pen
from adapters.database.place import database_at
from adapters.database.reading_thread import ReadingThread, Snapshot
from adapters.database.reports import Reports
from adapters.database.sealed_database import SealedDatabase
from adapters.database.statement_books import StatementBooks
from core.domain.approval import Proposal
from core.domain.chat import Arrival, Link
from core.domain.evidence import Break, Case
from core.domain.head import Head, HeadPlace
from core.domain.journal import Entry
from core.domain.message import Lane, Message
from core.domain.money import Money
from core.domain.operator import Operator
from core.domain.payee import Payee
from core.domain.payment import Attempt, Payment
from core.domain.reminder import Reminder
from core.domain.statement import Statement
from core.domain.ticket import Ticket
from core.ports import Change, Figures, PriceLine, Story

Record = TypeVar("Record")
Outcome = TypeVar("Outcome")


@asynccontextmanager
async def open_store(
    url: str,
    *,
    owner: bool = False,
    inline: bool = False,
    patience_s: float = 5.0,
    keys: Mapping[int, bytes] | None = None,
) -> AsyncIterator[DatabaseStore]:
    """The store at `sqlite:///path`, made when there is none, or at `postgresql://…`, where a database must be.

    All that was asked is settled before it closes. `owner` is a process that serves from it. Of a file there is one
    owner, and a second is refused with `StoreBusy`; anyone else is a guest, who may read and write beside the owner or
    without one, and never makes a checkpoint. `inline` does without threads, for a simulator that must be able to run
    the same again. `patience_s` is how long a change waits while another process writes. `keys` are the field keys by
    version: with them the store is sealed, and then never opened without. Raises `StoreUnusable`.
    """
    database = SealedDatabase(database_at(url), keys)
    with database.opened(owner=owner):
        store = DatabaseStore(database, database.writing(owner=owner), inline=inline, patience_s=patience_s)
        try:
            yield store
        finally:
            await store.close()


class DatabaseStore:
    """Keeps the promises of `core.ports.Store`.

    Single records and short lists are read in the event loop's own thread. Measured with 64 readers at once: 14 µs a
    record; 48 by a thread of its own, 61 by aiosqlite, and 11 when the reads of one turn of the loop are gathered into
    one query, which is a loss again where few ask at once.
    """

    def __init__(
        self, database: Database, transactions: Transactions, *, inline: bool = False, patience_s: float = 5.0
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._inline = inline
        self._batches = (Inline if inline else Batches)(transactions, patience_s)
        self._reading = database.reading()
        self._pen = Pen(self._reading.cursor, self._reading.dialect)
        self._lists = Lists(database, self._reading)
        self._thread = ReadingThread(database, inline=inline)
        self._reports = Reports(self._thread.connection)
        self.books = DayBooks(self._thread)
        self.statement_books = StatementBooks(self._thread)

    @property
    def usable(self) -> bool:
        """False once a commit has failed in a way that only a restart can clear up."""
        return self._transactions.usable

    @property
    def shared(self) -> bool:
        """Whether other processes may serve from the same store."""
        return self._database.shared

    async def commit(self, change: Change[Outcome]) -> Outcome:
        return await self._batches.settle(change)

    async def read(self, kind: type[Record], *parts: str | int) -> Record | None:
        try:
            return self._pen.find(kind, parts)
        except self._database.error as error:
            raise self._database.unreadable(error) from error

    async def payments_of(self, wallet_id: str, *, limit: int) -> Sequence[Payment]:
        return self._lists.payments_of(wallet_id, limit)

    async def payees_of(self, wallet_id: str, *, limit: int) -> Sequence[Payee]:
        return self._lists.payees_of(wallet_id, limit)

    async def payments_due(self, now: datetime, *, limit: int) -> Sequence[Payment]:
        return self._lists.payments_due(now, limit)

    async def messages_due(self, now: datetime, *, lane: Lane, limit: int) -> Sequence[Message]:
        return self._lists.messages_due(now, lane, limit)

    async def arrivals_waiting(self, channel: str, *, limit: int) -> Sequence[Arrival]:
        return self._lists.arrivals_waiting(channel, limit)

    async def links_at(self, channel: str, address: str) -> Sequence[Link]:
        return self._lists.links_at(channel, address)

    async def links_of(self, wallet_id: str) -> Sequence[Link]:
        return self._lists.links_of(wallet_id)

    async def reminders_due(self, now: datetime, *, limit: int) -> Sequence[Reminder]:
        return self._lists.reminders_due(now, limit)

    async def ticket_of(self, wallet_id: str, asked: Money) -> Ticket | None:
        return self._lists.ticket_of(wallet_id, asked)

    async def attempt_with_key(self, key: str) -> Attempt | None:
        return self._lists.attempt_with_key(key)

    async def payments_in(self, state: str) -> Sequence[Payment]:
        return await self._thread.ask(self._reports.payments_in, state)

    async def price_lines(self, provider: str) -> Sequence[PriceLine]:
        return await self._thread.ask(self._reports.price_lines, provider)

    async def figures(self) -> Figures:
        return await self._thread.ask(self._reports.figures)

    async def newest_payments(self, *, state: str | None, limit: int) -> Sequence[Payment]:
        return await self._thread.ask(self._reports.newest_payments, state, limit)

    async def story_of(self, payment_id: str) -> Story:
        return await self._thread.ask(self._reports.story_of, payment_id)

    async def messages_to(self, wallet_id: str, *, limit: int) -> Sequence[Message]:
        return await self._thread.ask(self._reports.messages_to, wallet_id, limit)

    async def open_cases(self, *, limit: int) -> Sequence[Case]:
        return await self._thread.ask(self._reports.open_cases, limit)

    async def open_breaks(self, *, limit: int) -> Sequence[Break]:
        return await self._thread.ask(self._reports.open_breaks, limit)

    async def operators(self) -> Sequence[Operator]:
        return await self._thread.ask(self._reports.operators)

    async def open_proposals(self, *, limit: int) -> Sequence[Proposal]:
        return await self._thread.ask(self._reports.open_proposals, limit)

    async def tickets_awaited(self, *, limit: int) -> Sequence[Ticket]:
        return await self._thread.ask(self._reports.tickets_awaited, limit)

    async def statements_of(self, source: str) -> Sequence[Statement]:
        return await self.statement_books.statements_of(source)

    async def balance_of(self, account: str) -> int:
        return await self._thread.ask(self._reports.balance_of, account)

    async def entries_from(self, first: int, *, limit: int) -> Sequence[Entry]:
        return await self._thread.ask(self._reports.entries_from, first, limit)

    async def head_from(self, size: int) -> Head | None:
        return await self._thread.ask(self._reports.head_from, size)

    async def newest_head(self) -> Head | None:
        return await self._thread.ask(self._reports.newest_head)

    async def head_places(self) -> Sequence[HeadPlace]:
        return await self._thread.ask(self._reports.head_places)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """All that is kept, as it stands now, while others go on writing."""
        snapshot = await Snapshot.begun(self._database, inline=self._inline)
        try:
            yield snapshot
        finally:
            await snapshot.close()

    async def journal(self, *, first: int = 1) -> AsyncIterator[Entry]:
        """The entries from an index on, in the order of the book."""
        async with self.snapshot() as snapshot:
            async for entry in snapshot.journal(first=first):
                yield entry

    async def close(self) -> None:
        """What was asked is settled first. The writing connection goes last."""
        await self._batches.close()
        await self._thread.close()
        self._reading.close()
        self._transactions.close()
