"""Customers' money of a day: worked out from the balances at its cut and the bank's statements, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.bank_line import BankBalance
from core.domain.bank_sorting import BankAccount, moved_on
from core.domain.day_cut import ONE_DAY, DayClosing
from core.domain.operator import OperatorRefusal
from core.domain.safeguarding import Position, Safeguard, Seen, position
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.reconcile.books import Books

# Differences that are older are told as one.
LOOK_BACK = timedelta(days=45)
EVER = date(1970, 1, 1)


class DayNotClosed(OperatorRefusal):
    says = "{day} is not cut: there are no balances of it. Cut it with `loket day cut --day {day}`."


async def position_of(counter: Counter, books: Books, day: date, accounts: Iterable[BankAccount]) -> Position:
    """What was owed and what was there at the end of a day. Raises `DayNotClosed`."""
    if await counter.store.read(DayClosing, day.isoformat()) is None:
        raise DayNotClosed(day=day)
    balances = await books.balances_at(day.isoformat())
    currency = counter.catalogue.currency
    trust = {one.bank: await _seen(books, one.bank, currency, day) for one in accounts if one.trust}
    return position(day, currency, balances, trust)


async def safeguard(counter: Counter, books: Books, day: date, accounts: Iterable[BankAccount]) -> Safeguard:
    """Work a day out and keep its outcome, in place of an earlier one when the bank has told more since."""
    found = await position_of(counter, books, day, accounts)
    return await counter.store.commit(KeepSafeguard(found.safeguard(counter.clock.now())))


async def safeguard_last(counter: Counter, books: Books, accounts: Sequence[BankAccount]) -> Safeguard | None:
    """That of the day that was cut last, once; None without a cut, or where no account is one of trust."""
    cut = await books.last_cut()
    if cut is None or not any(one.trust for one in accounts):
        return None
    kept = await counter.store.read(Safeguard, cut.day, counter.catalogue.currency)
    return kept or await safeguard(counter, books, cut.date, accounts)


async def _seen(books: Books, bank: str, currency: str, day: date) -> Seen | None:
    told = [one for one in await books.statements_of(bank) if one.closed_on <= day and one.currency == currency]
    told.sort(key=lambda one: (one.closed_on, one.place))
    if not told:
        return None
    old = [one for one in told if one.closed_on <= day - LOOK_BACK]
    since, banked = (old[-1].closed_on, old[-1].closing_minor) if old else await _beginning(books, bank, told)
    stood, booked = await _booked_at(books, bank, currency, since)
    entries = await books.entries_on(f"bank:{bank}", since=stood)
    booked += sum(moved_on(entry, bank) for entry in entries if entry.day <= since)
    lines = await books.lines_of(bank, since=since + ONE_DAY)
    return Seen(since, banked, booked, lines, entries, told[-1])


async def _beginning(books: Books, bank: str, told: Sequence[BankBalance]) -> tuple[date, int]:
    """The end of the day before the first line, whatever day the bank says that its first statement opens on."""
    first = min(told, key=lambda one: (one.opened_on, one.place))
    lines = await books.lines_of(bank, since=EVER)
    days = [first.opened_on, *(line.booked_on - ONE_DAY for line in lines[:1])]
    return min(days), first.opening_minor


async def _booked_at(books: Books, bank: str, currency: str, day: date) -> tuple[date, int]:
    """The book's balance at the last cut until a day, and the first day that it does not hold."""
    cut = await books.last_closed(day.isoformat())
    if cut is None:
        return EVER, 0
    balances = await books.balances_at(cut.day)
    return date.fromisoformat(cut.day) + ONE_DAY, balances.get((f"bank:{bank}", currency), 0)


@dataclass(frozen=True, slots=True)
class KeepSafeguard:
    found: Safeguard

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Safeguard, (self.found.day, self.found.currency)),)

    def decide(self, book: Book) -> Safeguard:
        kept = book.get(Safeguard, self.found.day, self.found.currency)
        if kept is not None and kept == replace(self.found, at=kept.at, version=kept.version):
            return kept
        return book.put(replace(self.found, version=kept.version if kept else 0))
