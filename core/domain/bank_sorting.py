"""What each line of a bank's statement is: one of these sorts, and which of our entries it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.domain.bank_line import BankLine
from core.domain.journal import Entry

# A bank may book some days after or before us: a weekend with a feast behind it.
NEAR = timedelta(days=4)


class Sort(StrEnum):
    """Each line has exactly one. Those of `SET_ASIDE` are money that came in and nobody's wallet can take yet."""

    MATCHED = "matched"  # an entry was there already
    TICKET = "ticket"  # a customer's, known by its sum, and posted to her
    FUNDED = "funded"  # to a provider, and posted to our deposit there
    UNIDENTIFIED = "unidentified"  # nobody was asked for such a sum
    PAID_TWICE = "paid_twice"  # the sum of a ticket that has come before
    UNSURE = "unsure"  # a ticket has this sum, and perhaps not of whoever sent it
    RETURNED = "returned"  # the bank undid what went out
    INTEREST = "interest"  # by a rule
    CAPITAL = "capital"  # by a rule: the owners' own
    FEE = "fee"  # by a rule
    SETTLEMENT = "settlement"  # by a rule: to a biller
    TAKEN_AWAY = "taken_away"  # the bank undid what came in
    UNKNOWN_OUT = "unknown_out"  # went out, and nobody wrote down why
    AMOUNT = "amount"  # an entry has its number and another amount
    CURRENCY = "currency"  # not our currency: nothing is posted


SET_ASIDE = frozenset({Sort.UNIDENTIFIED, Sort.PAID_TWICE, Sort.UNSURE, Sort.RETURNED, Sort.INTEREST, Sort.CAPITAL})
# What goes out and is in the book only when two operators have said against what.
WAITS = frozenset({Sort.FEE, Sort.SETTLEMENT, Sort.TAKEN_AWAY, Sort.UNKNOWN_OUT})
BOOKED = SET_ASIDE | WAITS
# What a rule may say of lines: the sort, whether such a line comes in, and the kind of account it is booked against.
RULES: Mapping[Sort, tuple[bool, str]] = {
    Sort.FUNDED: (False, "deposit"),
    Sort.SETTLEMENT: (False, "payable"),
    Sort.FEE: (False, "cost"),
    Sort.INTEREST: (True, "interest"),
    Sort.CAPITAL: (True, "capital"),
}


@dataclass(frozen=True, slots=True)
class LineRule:
    """Lines that say one of these `texts` are of a `sort`, and `whose`: a provider's, a biller's."""

    sort: Sort
    whose: str
    texts: tuple[str, ...]

    def fits(self, line: BankLine) -> bool:
        comes_in, _ = RULES[self.sort]
        return (line.minor > 0) == comes_in and any(text in line.words for text in self.texts)

    @property
    def account(self) -> str:
        _, kind = RULES[self.sort]
        return f"{kind}:{self.whose}" if self.whose else kind


@dataclass(frozen=True, slots=True)
class BankAccount:
    """One account of ours. `bank` is its word in the book and in commands; a `trust` account holds customers' money."""

    bank: str
    account: str
    trust: bool = False
    rules: tuple[LineRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorted:
    """A line and what it is: `entry` where it was in the book already. `sort` is None for what only a ticket tells."""

    line: BankLine
    sort: Sort | None
    entry: Entry | None = None
    against: str = ""


def is_ours(known: Mapping[str, BankLine], line: BankLine) -> BankLine | None:
    """The kept line that this one is, read again; `known` by evidence and by mark."""
    by_words = known.get(f"mark {line.mark}")
    if by_words is not None and by_words.same_as(line):
        return by_words
    by_name = known.get(line.evidence)
    return by_name if by_name is not None and by_name.same_as(line) else None


def by_name_and_mark(lines: Iterable[BankLine]) -> dict[str, BankLine]:
    return {name: line for line in lines for name in (line.evidence, f"mark {line.mark}")}


class Pairing:
    """Our entries on a bank account that no line was found for yet. Each belongs to one line."""

    def __init__(self, bank: str, entries: Iterable[Entry]) -> None:
        self._bank = bank
        self._free = {entry.key: entry for entry in entries}
        self._by_evidence: defaultdict[str, list[Entry]] = defaultdict(list)
        self._by_amount: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in self._free.values():
            self._by_evidence[evidence_of(entry)].append(entry)
            self._by_amount[self.moved(entry)].append(entry)

    @property
    def free(self) -> list[Entry]:
        """In the order of the book."""
        return list(self._free.values())

    def named(self, line: BankLine) -> Entry | None:
        """The entry that was posted under a line's number, whatever its amount; never one of long before or after."""
        named = self._still_free(self._by_evidence.get(line.evidence, ()))
        alike = (one for one in named if near(one, line) and (self.moved(one) > 0) == (line.minor > 0))
        return self._take(next(alike, None))

    def like(self, line: BankLine) -> Entry | None:
        """The nearest entry of just this amount: an operator may have posted it under a number of her own."""
        return self._nearest((one for one in self._of_amount(line) if near(one, line)), line)

    def undone(self, line: BankLine) -> Entry | None:
        """What was taken back after the bank had undone it; that may take a while."""
        back = (one for one in self._of_amount(line) if one.kind == "take_back" and one.day >= line.booked_on)
        return self._nearest(back, line)

    def moved(self, entry: Entry) -> int:
        """What an entry says came into the account; what went out is negative."""
        return moved_on(entry, self._bank)

    def _of_amount(self, line: BankLine) -> Iterator[Entry]:
        return self._still_free(self._by_amount.get(line.minor, ()))

    def _still_free(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        return (one for one in entries if one.key in self._free)

    def _nearest(self, alike: Iterable[Entry], line: BankLine) -> Entry | None:
        return self._take(min(alike, key=lambda one: (abs(one.day - line.booked_on), one.index), default=None))

    def _take(self, entry: Entry | None) -> Entry | None:
        if entry is not None:
            del self._free[entry.key]
        return entry


def moved_on(entry: Entry, bank: str) -> int:
    return sum(posting.minor for posting in entry.postings if posting.account == f"bank:{bank}")


def evidence_of(entry: Entry) -> str:
    """The number in a key like `top_up:BCA:TRX-1`."""
    return entry.key.split(":", 2)[-1]


def near(entry: Entry, line: BankLine) -> bool:
    return abs(entry.day - line.booked_on) <= NEAR


def sorted_lines(
    lines: Sequence[BankLine], pairing: Pairing, account: BankAccount, *, currency: str
) -> Iterator[Sorted]:
    """The sort of each line that is new here. Numbers go before amounts: an entry belongs to the line it names."""
    by_name = {line.evidence: pairing.named(line) for line in lines}
    for line in lines:
        entry = by_name[line.evidence]
        if line.currency != currency:
            yield Sorted(line, Sort.CURRENCY)
        elif entry is not None:
            same = pairing.moved(entry) == line.minor
            yield Sorted(line, Sort.MATCHED if same else Sort.AMOUNT, entry)
        elif (entry := pairing.like(line)) is not None:
            yield Sorted(line, Sort.MATCHED, entry)
        else:
            yield _by_rule(line, account)


def _by_rule(line: BankLine, account: BankAccount) -> Sorted:
    if line.reversal:
        return Sorted(line, Sort.RETURNED if line.minor > 0 else Sort.TAKEN_AWAY)
    rule = next((rule for rule in account.rules if rule.fits(line)), None)
    if rule is not None:
        return Sorted(line, rule.sort, against=rule.account)
    return Sorted(line, None if line.minor > 0 else Sort.UNKNOWN_OUT)


def not_told(entries: Iterable[Entry], *, since: date, until: date) -> list[Entry]:
    """Entries that statements should have shown by now and did not."""
    return [one for one in entries if since < one.day <= until]
