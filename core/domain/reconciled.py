"""What a reconciliation came to: the three checks, the sums by class, and the lines that people must look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.judging import Booked, Found, Judged
from core.domain.matching import Funding, Matching, Total, totals_of_book, totals_of_lines
from core.domain.money import Money
from core.domain.payment import Proof
from core.domain.statement import Says, Statement, StatementFile


def break_kind(found: Found) -> str:
    """Of the break that a line of a class opens; banks' lines have kinds of their own."""
    return f"provider_{found.value}"


# What people look at, and what two operators may say of it.
QUEUED = frozenset(
    break_kind(found) for found in Found if found not in (Found.MATCHED, Found.DATE_CUTOFF, Found.SETTLED)
)
DECIDED_BY = ("accept", "claim", "short", "hold", "replenish", "voided")


def proposed_for(found: Found, over_minor: int, *, says: str = "") -> str:
    """What two operators are asked to decide; they may decide otherwise.

    Where no money differs there is nothing to post. What the provider took too much is claimed; what it took too little
    is held, as it may ask for it yet.
    """
    if says == Says.FUNDED:
        return "replenish"
    if over_minor == 0:
        return "voided" if found is Found.MISSING_THERE else "accept"
    return "claim" if over_minor > 0 else "hold"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One thing in the queue. `number` is the line's in the file, 0 for a payment that is lacking there."""

    break_id: str
    found: Found
    number: int
    at: datetime | None
    about: str
    payment_id: str | None
    took_minor: int
    over_minor: int
    currency: str
    proposed: str
    detail: str


@dataclass(frozen=True, slots=True)
class Check:
    """One of the three: whether it holds, and what it came to in a sentence."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """The provider's deposit at the end of the interval, by the file and by our book, and what explains the rest.

    `waiting`: lines that are queued or not decided there yet, as far as the provider took more than we booked.
    `on_its_way`: transfers of ours that it does not have yet.
    """

    opening_minor: int
    took_minor: int
    closing_minor: int
    booked_minor: int
    waiting_minor: int
    on_its_way_minor: int

    @property
    def adds_up(self) -> bool:
        return self.opening_minor - self.took_minor == self.closing_minor

    @property
    def unexplained_minor(self) -> int:
        """What the provider has of us beyond what the book and the queue say; negative when it has less."""
        return self.closing_minor - (self.booked_minor - self.waiting_minor - self.on_its_way_minor)


@dataclass(frozen=True, slots=True)
class Report:
    """`statement` is the file's record, as it was kept before when `known`. `waits` are payments that the file should
    tell of and does not, for the first time: the next one may. `seen` lines were reconciled with another file."""

    file: StatementFile
    statement: Statement
    known: bool
    dry_run: bool
    lines: Mapping[Found, Total]
    book: Mapping[Found, Total]
    seen: Total
    settled: Mapping[str, int]
    queue: Sequence[OpenLine]
    waits: Sequence[str]
    checks: Sequence[Check]
    deposit: Deposit | None


# ---- the three checks


def accounting(booked: Iterable[Booked]) -> Check:
    """Payments against the journal: what is paid left the deposit, to the last rupiah, and nothing else did."""
    ours = [one for one in booked if one.latest and (one.cost_minor is not None or not one.kept)]
    wrong = [one.payment_id for one in ours if one.posted_minor != -one.kept_minor]
    named = f": {', '.join(wrong[:5])}{' …' if len(wrong) > 5 else ''}" if wrong else ""
    return Check("accounting", not wrong, f"{len(ours)} payments against the journal, {len(wrong)} differ{named}")


def transaction(matching: Matching, *, seen: Total, file: StatementFile) -> Check:
    """Payments against the file: every line is accounted for, and none is for people."""
    lines, book = totals_of_lines(matching), totals_of_book(matching)
    whole = sum(total.minor for total in lines.values()) + seen.minor == file.took_minor
    asked = len(matching.open) + len(file.bad)
    missing = book.get(Found.MISSING_THERE, Total(0, 0)).count
    detail = f"{len(file.lines)} lines: {asked} for people, {missing} payments of ours are not decided there"
    return Check("transaction", whole and not asked and not missing, detail)


def fund(matching: Matching, deposit: Deposit | None, unfound: Sequence[Funding], *, currency: str) -> Check:
    """The deposit's movements against our transfers and our book."""
    lines = [one for one in matching.lines if one.line.says in (Says.FUNDED, Says.ADJUSTED)]
    unknown = [one for one in lines if one.queued]
    detail = f"{len(lines)} transfers and adjustments there, {len(unknown)} unknown here, {len(unfound)} on their way"
    if deposit is None:
        return Check("fund", not unknown, f"{detail}; the file names no balance")
    holds = not unknown and deposit.adds_up and deposit.unexplained_minor == 0
    own = "" if deposit.adds_up else "; the file's own balances do not add up"
    return Check(
        "fund", holds, f"{detail}; {Money(deposit.unexplained_minor, currency)} of the deposit unexplained{own}"
    )


def deposit_of(
    file: StatementFile,
    matching: Matching,
    *,
    booked_minor: int,
    queued_before_minor: int,
    unfound: Sequence[Funding],
    posted: bool,
) -> Deposit | None:
    """None where the file names no balances. `posted`: what could be settled was, and is in `booked_minor`."""
    opening, closing = file.opening_minor, file.closing_minor
    if opening is None or closing is None:
        return None
    late = sum(one.minor for one in matching.fundings.values() if one.at >= file.until)
    waiting = sum(one.over_minor if one.queued else _undecided(one) for one in matching.lines)
    settled = sum(_moves(one.proof, one.line.took_minor, posted=posted) for one in matching.booked if one.line)
    return Deposit(
        opening,
        file.took_minor,
        closing,
        booked_minor + late - settled,
        waiting + queued_before_minor,
        sum(one.minor for one in unfound),
    )


def _undecided(one: Judged) -> int:
    return one.line.took_minor if one.line.says is Says.PENDING else 0


def _moves(proof: Proof | None, took_minor: int, *, posted: bool) -> int:
    """What settling takes from the deposit that the book at the cut does not have: a sale is booked as of its own day,
    what came back as of today."""
    if proof is Proof.GIVEN_BACK:
        return took_minor
    return took_minor if proof is Proof.PAID and not posted else 0
