"""A bank's statements against the book: each line comes to one sort, and what can be posted is posted once.

The same file may be read again, also after an interruption, and files may overlap: a line is known again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from core.domain.bank_line import BankBalance, BankLine, BankStatement, NotAStatement, balance_of
from core.domain.bank_sorting import (
    NEAR,
    BankAccount,
    Pairing,
    Sort,
    by_name_and_mark,
    is_ours,
    not_told,
    sorted_lines,
)
from core.domain.evidence import Break
from core.domain.journal import Entry
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.reconcile.books import Books
from core.services.reconcile.sort_line import MatchLater, SortLine

AT_ONCE, AT_MOST = 200, 10_000
# Breaks that a later file may end.
ABOUT_FILES = frozenset({"statement_gap", "not_at_bank"})
# So long what we wrote down may be on its way to the bank; then somebody should ask.
IN_TRANSIT = timedelta(days=3)
# Further back nobody looks for what belongs together.
LOOK_BACK = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class BankOutcome:
    """What came of a file. `new` lines were sorted now, `again` were known; `gaps` follow nothing that was read.

    `in_transit` are entries of ours that no statement shows yet, `not_at_bank` those that one should have shown.
    """

    statements: Sequence[BankStatement]
    new: Sequence[BankLine]
    again: Sequence[BankLine]
    gaps: Sequence[BankBalance]
    in_transit: Sequence[Entry] = ()
    not_at_bank: Sequence[Entry] = ()
    later: Sequence[BankLine] = ()


async def reconcile_bank_file(
    counter: Counter, books: Books, statements: Sequence[BankStatement], account: BankAccount, *, by: str
) -> BankOutcome:
    """Everything that the statements of one file tell. Raises `NotAStatement` when they are of another account."""
    for one in statements:
        if account.account and _digits(one.account) != _digits(account.account):
            raise NotAStatement(f"This is a statement of account {one.account}; {account.bank} is {account.account}.")
    later = await _match_waiting(counter, books, account.bank)
    new: list[BankLine] = []
    again: list[BankLine] = []
    for one in statements:
        fresh, known = await _read_lines(counter, books, one, account, by=by)
        new, again = new + fresh, again + known
        await counter.store.commit(KeepBalance(one, tuple(await books.statements_of(account.bank))))
    kept = await books.statements_of(account.bank)
    gaps = gaps_in(kept)
    in_transit, missing = await _not_at_bank(books, account.bank, kept)
    now = counter.clock.now()
    await counter.store.commit(NoteBreaks(account.bank, tuple(gaps), tuple(missing), now))
    await _close_found(counter, account.bank, [*map(gap_break, gaps), *map(missing_break, missing)])
    return BankOutcome(statements, new, again, gaps, in_transit, missing, later)


async def _read_lines(
    counter: Counter, books: Books, statement: BankStatement, account: BankAccount, *, by: str
) -> tuple[list[BankLine], list[BankLine]]:
    """The new lines as they were sorted, and those that were known."""
    since = min((line.booked_on for line in statement.lines), default=statement.opened_on)
    kept = await books.lines_of(account.bank, since=since - LOOK_BACK)
    known = by_name_and_mark(kept)
    again = [ours for line in statement.lines if (ours := is_ours(known, line))]
    fresh = [line for line in statement.lines if not is_ours(known, line)]
    pairing = await _unpaired(books, account.bank, kept, since=since - NEAR)
    found = list(sorted_lines(fresh, pairing, account, currency=counter.catalogue.currency))
    now = counter.clock.now()
    today = counter.day(now)
    changes = [SortLine(one, by, now, min(one.line.booked_on, today), counter) for one in found]
    return await _all(counter, changes), again


async def _unpaired(books: Books, bank: str, kept: Iterable[BankLine], *, since: date) -> Pairing:
    """Our entries on the account that no kept line belongs to."""
    taken = {line.entry_key for line in kept}
    entries = await books.entries_on(f"bank:{bank}", since=since)
    return Pairing(bank, [entry for entry in entries if entry.key not in taken])


async def _match_waiting(counter: Counter, books: Books, bank: str) -> list[BankLine]:
    """Lines of earlier files that somebody has written down since."""
    kept = await books.lines_of(bank, since=counter.day(counter.clock.now()) - LOOK_BACK)
    waiting = [line for line in kept if not line.entry_key and line.sort != Sort.CURRENCY]
    if not waiting:
        return []
    pairing = await _unpaired(books, bank, kept, since=min(line.booked_on for line in waiting) - NEAR)
    pairs = [(line, entry) for line in waiting if (entry := pairing.like(line) or pairing.undone(line))]
    return await _all(counter, [MatchLater(line, entry, counter.clock.now()) for line, entry in pairs])


async def _not_at_bank(books: Books, bank: str, kept: Sequence[BankBalance]) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """What is on its way to the bank, and what should have been there by the last statement."""
    if not kept:
        return (), ()
    first, last = min(one.opened_on for one in kept), max(one.closed_on for one in kept)
    since = max(first, last - LOOK_BACK)
    lines = await books.lines_of(bank, since=since - LOOK_BACK)
    free = (await _unpaired(books, bank, lines, since=since)).free
    missing = not_told(free, since=since, until=last - IN_TRANSIT)
    return [one for one in free if one.day > last - IN_TRANSIT], missing


async def _all(counter: Counter, changes: Iterable[Any]) -> list[BankLine]:
    """Together, because a commit costs the same for one and for many."""
    done: list[BankLine] = []
    rest = iter(changes)
    while some := list(islice(rest, AT_ONCE)):
        done += await asyncio.gather(*(counter.store.commit(change) for change in some))
    return done


async def _close_found(counter: Counter, account: str, still: Iterable[str]) -> None:
    """What was missing has come: its break is over."""
    stands = set(still)
    opened = await counter.store.open_breaks(limit=AT_MOST)
    over = [one for one in opened if one.kind in ABOUT_FILES and one.break_id not in stands and _is_of(one, account)]
    for one in over:
        await counter.store.commit(CloseBreak(one.break_id, counter.clock.now()))


def _is_of(opened: Break, bank: str) -> bool:
    return f":{bank}:" in opened.break_id


def gaps_in(kept: Sequence[BankBalance]) -> list[BankBalance]:
    """Statements before which something is missing: none that was read leads to how they open."""
    if not kept:
        return []
    first = min(kept, key=lambda one: (one.opened_on, one.closed_on, one.place))
    return [one for one in kept if one != first and not any(_leads_to(other, one) for other in kept if other != one)]


def _leads_to(before: BankBalance, after: BankBalance) -> bool:
    """It closes where the other opens; or both begin alike, as a day's file and a week's do."""
    follows = before.closing_minor == after.opening_minor and before.closed_on <= after.closed_on
    alike = before.opening_minor == after.opening_minor and before.opened_on == after.opened_on
    return follows or (alike and before.place < after.place)


@dataclass(frozen=True, slots=True)
class KeepBalance:
    """What a statement says of the account, once, however often it is read."""

    statement: BankStatement
    kept: tuple[BankBalance, ...]

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> None:
        place = len(self.kept) + 1
        mine = balance_of(self.statement, place=place)
        if any(balance_of(self.statement, place=one.place) == one for one in self.kept):
            return
        while book.get(BankBalance, mine.bank, place) is not None:
            place += 1
        book.add(balance_of(self.statement, place=place))


@dataclass(frozen=True, slots=True)
class NoteBreaks:
    """What is missing between statements, and what no statement shows: an operator asks the bank."""

    bank: str
    gaps: tuple[BankBalance, ...]
    missing: tuple[Entry, ...]
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return [Key(Break, (name,)) for name in (*map(gap_break, self.gaps), *map(missing_break, self.missing))]

    def decide(self, book: Book) -> None:
        for gap in self.gaps:
            said = f"statement {gap.number or '-'} of {gap.bank} from {gap.opened_on} follows none that was read"
            self._open(gap_break(gap), "statement_gap", said, book)
        for entry in self.missing:
            said = f"entry {entry.index} of {entry.day} is on no statement of {self.bank}"
            self._open(missing_break(entry), "not_at_bank", said, book)

    def _open(self, name: str, kind: str, detail: str, book: Book) -> None:
        if book.get(Break, name) is None:
            book.add(Break(name, None, kind, detail, self.now))


@dataclass(frozen=True, slots=True)
class CloseBreak:
    break_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Break, (self.break_id,)),)

    def decide(self, book: Book) -> None:
        opened = book.get(Break, self.break_id)
        if opened is not None and opened.closed_at is None:
            book.put(replace(opened, closed_at=self.now))


def gap_break(gap: BankBalance) -> str:
    return f"gap:{gap.bank}:{gap.place}"


def missing_break(entry: Entry) -> str:
    return f"missing:{entry.key}"


def _digits(account: str) -> str:
    """An account however it is written: banks put blanks, dots and zeros where they like."""
    return "".join(sign for sign in account.upper() if sign.isalnum()).lstrip("0")
