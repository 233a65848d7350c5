"""Questions about accounting days and bank accounts: some read the whole journal, so they have a thread's connection.

A million entries take about half a second. An index that would save it would be written at each posting.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import (
    Executable,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from adapters.database.column_types import Number
from adapters.database.journal import LEGS, JournalStatements
from adapters.database.prepared import Prepared
from adapters.database.reading_thread import ReadingThread
from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import (
    bank_balances,
    bank_lines,
    day_balances,
    day_closings,
    day_cuts,
    entries,
    postings,
    statement_lines,
)
from core.domain.bank_line import BankBalance, BankLine
from core.domain.day_cut import DayBalance, DayClosing, DayCut, Sums
from core.domain.journal import Entry
from core.domain.statement import Says

Record = TypeVar("Record")

# Accounts of a customer each: at a day's end they are told as one.
MANY = ("wallet", "float", "receivable")

OF_ACCOUNT = LEGS.where(
    entries.c.day >= bindparam("since"),
    exists()
    .where(postings.c.entry_index == entries.c.entry_index, postings.c.account == bindparam("on"))
    .correlate(entries),
)


class DayBooks:
    """Keeps the promises of `core.services.reconcile.books.Books`."""

    def __init__(self, thread: ReadingThread) -> None:
        self._thread = thread
        self._journal = JournalStatements(thread.connection.dialect)

    async def last_cut(self) -> DayCut | None:
        newest = select(day_cuts).order_by(day_cuts.c.day.desc()).limit(1)
        return next(iter(await self._list(DayCut, newest)), None)

    async def cuts_not_closed(self) -> Sequence[DayCut]:
        closed = exists().where(day_closings.c.day == day_cuts.c.day)
        return await self._list(DayCut, select(day_cuts).where(~closed).order_by(day_cuts.c.day))

    async def last_closed(self, until: str) -> DayClosing | None:
        newest = select(day_closings).where(day_closings.c.day <= until).order_by(day_closings.c.day.desc()).limit(1)
        return next(iter(await self._list(DayClosing, newest)), None)

    async def moved_until(self, day: str) -> Sequence[DayBalance]:
        return await self._list(DayBalance, _moved_until(day))

    async def balances_at(self, day: str) -> Sums:
        return await self._thread.ask(self._balances_at, day)

    async def statements_of(self, bank: str) -> Sequence[BankBalance]:
        theirs = select(bank_balances).where(bank_balances.c.bank == bank)
        return await self._list(BankBalance, theirs.order_by(bank_balances.c.place))

    async def lines_of(self, bank: str, *, since: date) -> Sequence[BankLine]:
        theirs = select(bank_lines).where(bank_lines.c.bank == bank, bank_lines.c.booked_on >= since)
        return await self._list(BankLine, theirs.order_by(bank_lines.c.booked_on, bank_lines.c.evidence))

    async def funded_at(self, provider: str) -> Collection[str]:
        told = statement_lines.c.source == provider, statement_lines.c.says == Says.FUNDED.value
        rows = await self._thread.ask(self._rows, select(statement_lines.c.about).where(*told))
        return {about for (about,) in rows}

    async def entries_on(self, account: str, *, since: date) -> Sequence[Entry]:
        return await self._thread.ask(self._entries_on, account, since)

    def _balances_at(self, day: str) -> Sums:
        sums: dict[tuple[str, str], int] = {}
        for account, currency, minor in self._rows(_standing_at(day)):
            kind, _, _ = account.partition(":")
            name = kind if kind in MANY else account, currency
            sums[name] = sums.get(name, 0) + minor
        return sums

    def _entries_on(self, account: str, since: date) -> Sequence[Entry]:
        wanted = Prepared(OF_ACCOUNT, self._thread.connection.dialect)
        cursor = self._thread.connection.connection.cursor()
        cursor.execute(wanted.text, wanted.values(on=account, since=since))
        return list(self._journal.entries(cursor.fetchall()))

    async def _list(self, kind: type[Record], wanted: Select[Any]) -> list[Record]:
        return await self._thread.ask(self._records, kind, wanted)

    def _records(self, kind: type[Record], wanted: Select[Any]) -> list[Record]:
        connection = self._thread.connection
        cursor = connection.connection.cursor()
        prepared = Prepared(wanted, connection.dialect)
        cursor.execute(prepared.text, prepared.values())
        return list(map(Rows(shelf_of(kind), connection.dialect).record, cursor.fetchall()))

    def _rows(self, wanted: Executable) -> Sequence[Any]:
        return self._thread.connection.execute(wanted).all()


def _moved_until(day: str) -> Select[Any]:
    """What was posted since the cut before this one, and what stood there at that cut."""
    before = select(func.max(day_cuts.c.day)).where(day_cuts.c.day < day).scalar_subquery()
    moved = (
        select(postings.c.account, entries.c.currency, cast(func.sum(postings.c.minor), Number).label("minor"))
        .join_from(entries, postings, postings.c.entry_index == entries.c.entry_index)
        .where(entries.c.day <= date.fromisoformat(day), or_(before.is_(None), entries.c.day > before))
        .group_by(postings.c.account, entries.c.currency)
        .subquery("moved")
    )
    stood = (
        select(day_balances.c.minor)
        .where(
            day_balances.c.account == moved.c.account,
            day_balances.c.currency == moved.c.currency,
            day_balances.c.day < day,
        )
        .order_by(day_balances.c.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    minor = moved.c.minor + func.coalesce(stood, literal_column("0"))
    shown = select(moved.c.account, moved.c.currency, cast(literal(day), Text).label("day"), minor.label("minor"))
    return shown.order_by(moved.c.account, moved.c.currency)


def _standing_at(day: str) -> Select[Any]:
    """Each account's newest balance until a day."""
    newest = (
        select(day_balances.c.account, day_balances.c.currency, func.max(day_balances.c.day).label("day"))
        .where(day_balances.c.day <= day)
        .group_by(day_balances.c.account, day_balances.c.currency)
        .subquery("newest")
    )
    same = and_(*(day_balances.c[name] == newest.c[name] for name in ("account", "currency", "day")))
    return select(day_balances.c.account, day_balances.c.currency, day_balances.c.minor).join_from(
        newest, day_balances, same
    )
