"""The store: durable memory on SQLite, behind the port `Store`."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from adapters.database import sqlite
from adapters.database.batches import Batches, Inline
from adapters.database.lists import Lists
from adapters.database.opening import bring_up_to_date, make_file, path_of
from adapters.database.ownership import owned
from adapters.database.pen import Pen
from adapters.database.reading_thread import ReadingThread, Snapshot
from adapters.database.reports import Reports
from adapters.database.sqlite import Transactions
from core.domain.chat import Arrival, Link
from core.domain.evidence import Break, Case
from core.domain.journal import Entry
from core.domain.message import Lane, Message
from core.domain.money import Money
from core.domain.payee import Payee
from core.domain.payment import Attempt, Payment
from core.domain.reminder import Reminder
from core.domain.ticket import Ticket
from core.ports import Change, Figures, PriceLine, Story

Record = TypeVar("Record")
Outcome = TypeVar("Outcome")


@asynccontextmanager
async def open_store(
    url: str, *, owner: bool = False, inline: bool = False, patience_s: float = 5.0
) -> AsyncIterator[SqliteStore]:
    """The store at `sqlite:///path`, made when there is none. All that was asked is settled before it closes.

    `owner` is the one process that serves from it; a second is refused with `StoreBusy`. Anyone else is a guest: it may
    read and write beside the owner or without one, and never makes a checkpoint. `inline` does without threads, for a
    simulator that must be able to run the same again. `patience_s` is how long a change waits while another process
    writes. Raises `StoreUnusable`.
    """
    path = path_of(url)
    make_file(path)
    with owned(path) if owner else nullcontext():
        bring_up_to_date(path, is_owned=owner)
        transactions = Transactions(sqlite.writing(path, checkpoints=owner))
        store = SqliteStore(path, transactions, inline=inline, patience_s=patience_s)
        try:
            yield store
        finally:
            await store.close()


class SqliteStore:
    """Keeps the promises of `core.ports.Store`.

    Single records and short lists are read in the event loop's own thread. Measured with 64 readers at once: 14 µs a
    record; 48 by a thread of its own, 61 by aiosqlite, and 11 when the reads of one turn of the loop are gathered into
    one query, which is a loss again where few ask at once.
    """

    def __init__(
        self, path: Path, transactions: Transactions, *, inline: bool = False, patience_s: float = 5.0
    ) -> None:
        self._path = path
        self._transactions = transactions
        self._inline = inline
        self._batches = (Inline if inline else Batches)(transactions, patience_s)
        self._reading = sqlite.reading(path)
        cursor = self._reading.connection.cursor()
        self._pen = Pen(cursor, self._reading.dialect)
        self._lists = Lists(self._reading, cursor)
        self._thread = ReadingThread(path, inline=inline)
        self._reports = Reports(self._thread.connection)

    @property
    def usable(self) -> bool:
        """False once a commit has failed in a way that only a restart can clear up."""
        return self._transactions.usable

    async def commit(self, change: Change[Outcome]) -> Outcome:
        return await self._batches.settle(change)

    async def read(self, kind: type[Record], *parts: str | int) -> Record | None:
        try:
            return self._pen.find(kind, parts)
        except sqlite3.DatabaseError as error:
            raise sqlite.unreadable(error) from error

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

    async def tickets_awaited(self, *, limit: int) -> Sequence[Ticket]:
        return await self._thread.ask(self._reports.tickets_awaited, limit)

    async def balance_of(self, account: str) -> int:
        return await self._thread.ask(self._reports.balance_of, account)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """All that is kept, as it stands now, while others go on writing."""
        snapshot = await Snapshot.begun(self._path, inline=self._inline)
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
        """What was asked is settled first. The writing connection goes last, and takes the WAL with it when it can."""
        await self._batches.close()
        await self._thread.close()
        self._reading.close()
        self._transactions.connection.close()
