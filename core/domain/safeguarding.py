"""Customers' money: what we owe them at the end of a day, against what lies in the trust accounts at our banks.

What lies at providers is not trust money: it is spent, or it is theirs if they fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.bank_line import BankBalance, BankLine
from core.domain.bank_sorting import moved_on
from core.domain.day_cut import Sums
from core.domain.journal import CHART, Entry

# What we owe customers and agents. Refunds that are due lie on hold until they are paid out.
OWED = ("wallet", "held", "float", "unidentified")


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A day's outcome: owed, in the trust accounts by our book and, where the banks told it, by them.

    `short_minor` is what is missing by the smaller of the two, 0 when there is enough.
    """

    day: str
    currency: str
    owed_minor: int
    booked_minor: int
    banked_minor: int | None
    short_minor: int
    at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an explanation; amounts that help to cover what we owe are positive."""

    what: str
    minor: int


@dataclass(frozen=True, slots=True)
class TrustAccount:
    """One trust account at the end of a day: by our book, and by the bank's newest statement until then.

    `steps` lead from the book to the bank, line by line; `unexplained` is what no line tells.
    """

    bank: str
    booked_minor: int
    statement: BankBalance | None
    steps: tuple[Item, ...] = ()
    unexplained: int = 0

    def told(self, day: date) -> bool:
        """Whether the bank said what it held at the end of just this day."""
        return self.statement is not None and self.statement.closed_on == day


@dataclass(frozen=True, slots=True)
class Position:
    """Everything about a day, to be read by people: `cover` tells why the trust money is more or less than is owed."""

    day: date
    currency: str
    owed: tuple[Item, ...]
    accounts: tuple[TrustAccount, ...]
    cover: tuple[Item, ...]

    @property
    def owed_minor(self) -> int:
        return sum(item.minor for item in self.owed)

    @property
    def booked_minor(self) -> int:
        return sum(account.booked_minor for account in self.accounts)

    @property
    def banked_minor(self) -> int | None:
        """By the banks, None as long as one of them has not told it."""
        told = [one.statement.closing_minor for one in self.accounts if one.statement and one.told(self.day)]
        return sum(told) if len(told) == len(self.accounts) else None

    @property
    def short_minor(self) -> int:
        held = self.booked_minor if self.banked_minor is None else min(self.booked_minor, self.banked_minor)
        return max(0, self.owed_minor - held)

    def safeguard(self, at: datetime) -> Safeguard:
        return Safeguard(
            day=self.day.isoformat(),
            currency=self.currency,
            owed_minor=self.owed_minor,
            booked_minor=self.booked_minor,
            banked_minor=self.banked_minor,
            short_minor=self.short_minor,
            at=at,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one bank account: its lines and our entries since a day, and what both sides had at its end.

    `statement` is the newest until the day that is looked at; without one there is nothing to compare.
    """

    since: date
    banked_minor: int
    booked_minor: int
    lines: Sequence[BankLine]
    entries: Sequence[Entry]
    statement: BankBalance


def position(day: date, currency: str, balances: Sums, trust: Mapping[str, Seen | None]) -> Position:
    """A day's position from the balances at its cut. `trust`: what is known of the trust accounts, by bank."""
    mine = {account: minor for (account, of), minor in balances.items() if of == currency}
    kinds = _by_kind(mine)
    accounts = tuple(
        trust_account(bank, mine.get(f"bank:{bank}", 0), seen, day=day) for bank, seen in sorted(trust.items())
    )
    owed = tuple(Item(kind, -kinds.get(kind, 0)) for kind in OWED)
    return Position(day, currency, owed, accounts, tuple(_cover(mine, trust)))


def _by_kind(balances: Mapping[str, int]) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for account, minor in balances.items():
        kind = account.partition(":")[0]
        kinds[kind] = kinds.get(kind, 0) + minor
    return kinds


def _cover(balances: Mapping[str, int], trust: Iterable[str]) -> Iterator[Item]:
    """Where the difference comes from: the book balances, so all that is neither owed nor in trust comes to it."""
    ours = {f"bank:{bank}" for bank in trust}
    apart: dict[str, int] = {}
    for account, minor in balances.items():
        kind, _, whose = account.partition(":")
        if kind in OWED or account in ours:
            continue
        name = f"{kind}:{whose}" if kind in ("bank", "deposit", "claim") else kind
        apart[name] = apart.get(name, 0) - minor
    order = list(CHART)
    for name, minor in sorted(apart.items(), key=lambda one: (order.index(one[0].partition(":")[0]), one[0])):
        if minor:
            yield Item(name, minor)


def trust_account(bank: str, booked: int, seen: Seen | None, *, day: date) -> TrustAccount:
    """From our book's balance to the bank's. What neither a line nor an entry explains lies in a gap of statements."""
    if seen is None:
        return TrustAccount(bank, booked, None)
    steps = tuple(item for item in _steps(bank, seen, day) if item.minor)
    explained = sum(item.minor for item in steps)
    return TrustAccount(bank, booked, seen.statement, steps, seen.statement.closing_minor - booked - explained)


def _steps(bank: str, seen: Seen, day: date) -> Iterator[Item]:
    """What the bank has and our book has not, and the other way round; each leads from the book to the bank."""
    lines = [line for line in seen.lines if line.booked_on <= seen.statement.closed_on]
    entries = {entry.key: entry for entry in seen.entries}
    told = {line.entry_key for line in lines}
    before = [line for line in lines if _booked_before(line, entries, seen.since)]
    yield Item(f"different on {seen.since}", seen.banked_minor - seen.booked_minor + sum(one.minor for one in before))
    for line in lines:
        entry = entries.get(line.entry_key)
        if line not in before and (entry is None or entry.day > day):
            yield Item(f"{line.booked_on} {line.evidence}: at the bank, not in the book of this day", line.minor)
    for entry in seen.entries:
        if seen.since < entry.day <= day and entry.key not in told:
            yield Item(f"{entry.day} {entry.key}: in the book, not at the bank", -moved_on(entry, bank))


def _booked_before(line: BankLine, entries: Mapping[str, Entry], since: date) -> bool:
    """A line that our book had at the beginning already: it was in transit then."""
    entry = entries.get(line.entry_key)
    return bool(line.entry_key) and (entry is None or entry.day <= since)
