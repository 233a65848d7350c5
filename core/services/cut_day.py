"""Cut an accounting day: from then on nothing is posted on it, and what every account came to is kept for ever.

The cut is one small commit. The balances are added up after it, when they cannot change any more, and written some at a
time: payments go on meanwhile. Whatever is interrupted goes on at the next round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

import structlog

from core.domain.day_cut import MOST_AT_ONCE, DayBalance, DayClosing, DayCut, DayCutBefore, DayNotOver, days_to_cut
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.reconcile.books import Books

log = structlog.get_logger(__name__)

AT_ONCE = 500


async def cut_day(counter: Counter, books: Books, day: date, *, by: str) -> DayCut:
    """Cut a day that is over, with all days before it, and write its balances. Raises what `CutDay` refuses."""
    cut = await _cut(counter, day, by=by)
    await close_days(counter, books)
    return cut


async def cut_yesterday(counter: Counter, books: Books, *, after: timedelta) -> int:
    """The round: cut what is over since `after` some time past midnight, close what was cut; how many were cut."""
    local = counter.clock.now().astimezone(counter.zone)
    last = await books.last_cut()
    days = days_to_cut(last.date if last else None, now=local, after=after)
    if last and not days and (local.date() - last.date).days > MOST_AT_ONCE:
        log.error("days_not_cut", last=last.day, now=local.isoformat())
    for day in days:
        await _cut(counter, day, by="loket")
        log.info("day_cut", day=f"{day}")
    await close_days(counter, books)
    return len(days)


async def close_days(counter: Counter, books: Books) -> None:
    """Write the balances of all days that were cut, the oldest first."""
    for cut in await books.cuts_not_closed():
        balances = await books.moved_until(cut.day)
        rest = iter(balances)
        while some := tuple(islice(rest, AT_ONCE)):
            await counter.store.commit(KeepBalances(some))
        await counter.store.commit(CloseDay(DayClosing(cut.day, len(balances))))


async def _cut(counter: Counter, day: date, *, by: str) -> DayCut:
    now = counter.clock.now()
    return await counter.store.commit(CutDay(day, counter.day(now), by, now))


@dataclass(frozen=True, slots=True)
class CutDay:
    """`today` is the day that is not over."""

    day: date
    today: date
    by: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> DayCut:
        if self.day >= self.today:
            raise DayNotOver(day=self.day)
        if book.cut is not None and self.day <= book.cut:
            raise DayCutBefore(day=self.day, until=book.cut)
        cut = DayCut(self.day.isoformat(), book.last_index, self.now, self.by)
        book.add(cut)
        return cut


@dataclass(frozen=True, slots=True)
class KeepBalances:
    """Some balances of a day; those that are there already were written before an interruption."""

    balances: tuple[DayBalance, ...]

    def wants(self) -> Sequence[Key[object]]:
        return [Key(DayBalance, (one.account, one.currency, one.day)) for one in self.balances]

    def decide(self, book: Book) -> None:
        for one in self.balances:
            if book.get(DayBalance, one.account, one.currency, one.day) is None:
                book.add(one)


@dataclass(frozen=True, slots=True)
class CloseDay:
    """All balances of a day are written."""

    closing: DayClosing

    def wants(self) -> Sequence[Key[object]]:
        return (Key(DayClosing, (self.closing.day,)),)

    def decide(self, book: Book) -> None:
        if book.get(DayClosing, self.closing.day) is None:
            book.add(self.closing)
