"""The store: durable memory on SQLite, behind the port `Store`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from adapters.database import sqlite, tables
from adapters.database.pen import Pen
from adapters.database.reports import Reports
from adapters.database.shelves import SHELVES
from adapters.database.writer import Writer
from adapters.database.writing_thread import WritingThread
from core.domain.evidence import Break, Case
from core.domain.message import Message
from core.domain.payee import Payee
from core.domain.payment import Attempt, Payment
from core.ports import Change, Figures, PriceLine, Story

Record = TypeVar("Record")
Outcome = TypeVar("Outcome")


@asynccontextmanager
async def open_store(url: str, *, owner: bool = False) -> AsyncIterator[SqliteStore]:
    """The store at `sqlite:///path`, made when there is none. Closed at the end."""
    path = Path(url.removeprefix("sqlite:///"))
    writing = sqlite.writing(path, checkpoints=owner)
    with writing.begin():
        tables.metadata.create_all(writing)
    store = SqliteStore(WritingThread(Writer(writing)), sqlite.reading(path))
    try:
        yield store
    finally:
        await store.close()


class SqliteStore:
    """Keeps the promises of `core.ports.Store`."""

    def __init__(self, writer: WritingThread, reading: Connection) -> None:
        self._writer = writer
        self._reading = reading
        self._pen = Pen(reading)
        self._reports = Reports(reading)

    async def commit(self, change: Change[Outcome]) -> Outcome:
        return await self._writer.commit(change)

    async def read(self, kind: type[Record], *parts: str | int) -> Record | None:
        return self._pen.find(kind, parts)

    async def payments_of(self, wallet_id: str, *, limit: int) -> Sequence[Payment]:
        t = tables.payments
        mine = select(t).where(t.c.wallet_id == wallet_id)
        return self._list(Payment, mine.order_by(t.c.authorized_at.desc()).limit(limit))

    async def payees_of(self, wallet_id: str, *, limit: int) -> Sequence[Payee]:
        t = tables.payees
        return self._list(Payee, select(t).where(t.c.wallet_id == wallet_id).order_by(t.c.last_at.desc()).limit(limit))

    async def payments_due(self, now: datetime, *, limit: int) -> Sequence[Payment]:
        t = tables.payments
        return self._list(Payment, select(t).where(t.c.look_at <= now).order_by(t.c.look_at).limit(limit))

    async def payments_in(self, state: str) -> Sequence[Payment]:
        t = tables.payments
        return self._list(Payment, select(t).where(t.c.state == state).order_by(t.c.changed_at.desc()))

    async def messages_due(self, now: datetime, *, limit: int) -> Sequence[Message]:
        t = tables.messages
        return self._list(Message, select(t).where(t.c.due_at <= now).order_by(t.c.due_at).limit(limit))

    async def attempt_with_key(self, key: str) -> Attempt | None:
        t = tables.attempts
        return next(iter(self._list(Attempt, select(t).where(t.c.key == key))), None)

    async def price_lines(self, provider: str) -> Sequence[PriceLine]:
        t = tables.price_lines
        return self._list(PriceLine, select(t).where(t.c.provider == provider).order_by(t.c.code))

    async def figures(self) -> Figures:
        return self._reports.figures()

    async def newest_payments(self, *, state: str | None, limit: int) -> Sequence[Payment]:
        return self._reports.newest_payments(state, limit)

    async def story_of(self, payment_id: str) -> Story:
        return self._reports.story_of(payment_id)

    async def messages_to(self, wallet_id: str, *, limit: int) -> Sequence[Message]:
        return self._reports.messages_to(wallet_id, limit)

    async def open_cases(self, *, limit: int) -> Sequence[Case]:
        return self._reports.open_cases(limit)

    async def open_breaks(self, *, limit: int) -> Sequence[Break]:
        return self._reports.open_breaks(limit)

    async def balance_of(self, account: str) -> int:
        return self._reports.balance_of(account)

    async def close(self) -> None:
        self._reading.close()
        await self._writer.close()

    def _list(self, kind: type[Record], wanted: Select[Any]) -> list[Record]:
        """Columns stand in the order of the record's fields, and their types have made the values what they were."""
        assert kind in SHELVES
        return [kind(*row) for row in self._reading.execute(wanted)]
