"""One attempt of ours, and all that a provider's statement says of it: which class each line comes to, and it itself.

An attempt is *open* when we do not know what it came to, *kept* when it was paid and the provider has the money, and
*nothing* when it took no money in the end. `over` is how much more the provider took than our book says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.meaning import CAME_BACK, PAID, PAID_LATE
from core.domain.payment import UNDECIDED, Proof
from core.domain.statement import Says, StatementLine


class Found(StrEnum):
    """The classes, the gravest last."""

    MATCHED = "matched"
    DATE_CUTOFF = "date_cutoff"
    SETTLED = "settled"
    SPLIT = "split"
    MISSING_THERE = "missing_there"
    MISSING_HERE = "missing_here"
    AMOUNT_UNDER = "amount_under"
    AMOUNT_OVER = "amount_over"
    STATUS_MISMATCH = "status_mismatch"
    DATA = "data"
    CURRENCY = "currency"
    DUPLICATE_THERE = "duplicate_there"


GRAVITY: Mapping[Found, int] = {found: place for place, found in enumerate(Found)}


def gravest(found: Iterable[Found]) -> Found:
    return max(found, key=GRAVITY.__getitem__)


@dataclass(frozen=True, slots=True)
class Booked:
    """An attempt, and where its payment stands. `cost_minor` is what it cost us, where it bought and that is known.

    `latest`: no later attempt was made for the same payment. `posted_minor`: what the payment's entries took from the
    deposit.
    """

    key: str
    payment_id: str
    number: int
    made_at: datetime
    code: str
    reference: str
    currency: str
    most_minor: int
    outcome: str
    state: str
    latest: bool
    cost_minor: int | None = None
    serial: str = ""
    posted_minor: int = 0

    @property
    def open(self) -> bool:
        return self.outcome in UNDECIDED

    @property
    def kept(self) -> bool:
        return self.outcome == Proof.PAID

    @property
    def kept_minor(self) -> int:
        """What the provider has of us for it, as far as we know."""
        return (self.cost_minor or 0) if self.kept else 0

    @property
    def waits_for_money(self) -> bool:
        """That it was paid leads somewhere from here."""
        arrows = PAID if self.open and self.latest else PAID_LATE
        return self.state in arrows


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier file said of an attempt."""

    found: Found
    says: str
    took_minor: int


@dataclass(frozen=True, slots=True)
class Window:
    """The interval of a statement, `[since, until)`."""

    since: datetime
    until: datetime

    def holds(self, booked: Booked) -> bool:
        return self.since <= booked.made_at < self.until


@dataclass(frozen=True, slots=True)
class Judged:
    """A line, its class, and whether people must look at it."""

    line: StatementLine
    found: Found
    payment_id: str | None = None
    over_minor: int = 0
    queued: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """An attempt, its class, and what is proven about it by which line, if it may be settled."""

    booked: Booked
    found: Found
    proof: Proof | None = None
    line: StatementLine | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    lines: tuple[Judged, ...]
    booked: Weighed | None = None


def nobodys(lines: Sequence[StatementLine]) -> Verdict:
    """Under a key that none of our attempts has."""
    return Verdict(tuple(Judged(line, Found.MISSING_HERE, None, line.took_minor, queued=True) for line in lines))


def without_lines(ours: Booked, earlier: Sequence[Earlier]) -> Weighed:
    """An attempt of the interval of which no new line tells: an earlier file did, or nothing is there to tell of."""
    if earlier:
        return Weighed(ours, gravest([one.found for one in earlier] + [Found.DATE_CUTOFF]))
    return Weighed(ours, Found.MISSING_THERE if ours.open or ours.kept else Found.MATCHED)


def judge(ours: Booked, lines: Sequence[StatementLine], earlier: Sequence[Earlier], window: Window) -> Verdict:
    """Lines in their order, all under the attempt's key."""
    odd = [other for line in lines if (other := _of_something_else(ours, line))]
    taken = {other.line.identity for other in odd}
    fitting = [line for line in lines if line.identity not in taken]
    if not fitting:
        return Verdict(tuple(odd), Weighed(ours, gravest(other.found for other in odd)))
    rules = _open if ours.open else _kept if ours.kept else _nothing
    judged, settled = rules(_Group.of(ours, fitting, earlier, window))
    found = gravest(one.found for one in (*odd, *judged))
    proof, line = settled or (None, None)
    return Verdict((*odd, *judged), Weighed(ours, found, proof, line))


def _of_something_else(ours: Booked, line: StatementLine) -> Judged | None:
    """Our key, and another currency, number, product or serial than ours."""
    over = line.took_minor - ours.kept_minor if line.says is Says.PAID else 0
    if line.currency != ours.currency:
        return Judged(line, Found.CURRENCY, ours.payment_id, queued=True)
    serial_differs = ours.kept and line.says is Says.PAID and ours.serial and line.serial not in ("", ours.serial)
    if line.reference != ours.reference or line.code not in ("", ours.code) or serial_differs:
        return Judged(line, Found.DATA, ours.payment_id, over, queued=True)
    return None


Settled = tuple[Proof, StatementLine] | None
Judgement = tuple[list[Judged], Settled]


@dataclass(frozen=True, slots=True)
class _Group:
    """The lines by what they say. Taken, failed and given back is the same as paid and given back."""

    ours: Booked
    paid: list[StatementLine]
    back: list[StatementLine]
    failed: list[StatementLine]
    pending: list[StatementLine]
    earlier_paid: int
    earlier_back: int
    inside: bool

    @classmethod
    def of(cls, ours: Booked, lines: Sequence[StatementLine], earlier: Sequence[Earlier], window: Window) -> _Group:
        returned = any(line.says is Says.GIVEN_BACK for line in lines)

        def saying(what: Says) -> list[StatementLine]:
            return [line for line in lines if (Says.PAID if returned and _took_and_failed(line) else line.says) is what]

        return cls(
            ours,
            saying(Says.PAID),
            saying(Says.GIVEN_BACK),
            saying(Says.FAILED),
            saying(Says.PENDING),
            sum(one.took_minor for one in earlier if one.says in (Says.PAID, Says.FAILED)),
            sum(one.took_minor for one in earlier if one.says == Says.GIVEN_BACK),
            window.holds(ours),
        )

    @property
    def net(self) -> int:
        """What the provider has for it in the end, by all files so far."""
        new = sum(line.took_minor for line in (*self.paid, *self.back))
        return self.earlier_paid + self.earlier_back + new

    @property
    def fits(self) -> Found:
        return Found.MATCHED if self.inside else Found.DATE_CUTOFF

    def all_as(self, lines: Iterable[StatementLine], found: Found, *, queued: bool = False) -> list[Judged]:
        whose = self.ours.payment_id
        return [Judged(line, found, whose, line.took_minor if queued else 0, queued=queued) for line in lines]

    def twice(self, lines: Iterable[StatementLine]) -> list[Judged]:
        return self.all_as(lines, Found.DUPLICATE_THERE, queued=True)

    def odd(self, line: StatementLine, found: Found, over: int) -> Judged:
        return Judged(line, found, self.ours.payment_id, over, queued=True)


def _took_and_failed(line: StatementLine) -> bool:
    return line.says is Says.FAILED and line.took_minor > 0


def _open(group: _Group) -> Judgement:
    """We do not know. A line that fits settles it; two that could are for people."""
    if group.paid or group.back:
        return _open_and_moved(group)
    if group.failed and group.pending:
        return group.all_as((*group.failed, *group.pending), Found.STATUS_MISMATCH, queued=True), None
    if group.failed:
        return group.all_as(group.failed, Found.SETTLED), (Proof.FAILED, group.failed[0])
    return group.all_as(group.pending, Found.MISSING_THERE), None


def _open_and_moved(group: _Group) -> Judgement:
    ours, contrary = group.ours, (*group.failed, *group.pending)
    if group.back:
        return _open_and_returned(group)
    first, *more = group.paid
    rest = group.twice(more) + group.all_as(contrary, Found.STATUS_MISMATCH, queued=True)
    if first.took_minor > ours.most_minor:
        return [group.odd(first, Found.AMOUNT_OVER, first.took_minor), *rest], None
    if more and group.net <= ours.most_minor:
        return group.all_as(group.paid, Found.SPLIT, queued=True) + rest[len(more) :], None
    if contrary or group.earlier_paid or not ours.waits_for_money:
        return [group.odd(first, Found.STATUS_MISMATCH, first.took_minor), *rest], None
    return [Judged(first, Found.SETTLED, ours.payment_id), *rest], (Proof.PAID, first)


def _open_and_returned(group: _Group) -> Judgement:
    """Taken and given back to the last rupiah is the same as never taken."""
    moved = [*group.paid, *group.back]
    if group.net == 0 and not group.pending:
        return group.all_as([*moved, *group.failed], Found.SETTLED), (Proof.FAILED, group.back[-1])
    return group.all_as([*moved, *group.failed, *group.pending], Found.STATUS_MISMATCH, queued=True), None


def _kept(group: _Group) -> Judgement:
    """We paid for it. The sale must be there, once and for that price; and it may have come back."""
    judged = _sale(group) + _contradicting(group)
    if not group.back:
        return judged, None
    ours, [first, *more] = group.ours, group.back
    whole = first.took_minor == -ours.kept_minor and group.net <= 0
    if whole and ours.state in CAME_BACK and not more and not group.earlier_back:
        return [*judged, Judged(first, Found.SETTLED, ours.payment_id)], (Proof.GIVEN_BACK, first)
    return judged + group.all_as(group.back, Found.STATUS_MISMATCH, queued=True), None


def _sale(group: _Group) -> list[Judged]:
    cost, paid = group.ours.cost_minor, group.paid
    if not paid:
        return []
    if cost is None:
        return group.all_as(paid[:1], group.fits) + group.twice(paid[1:])
    due = cost - group.earlier_paid
    if due <= 0:
        return group.twice(paid)
    exact = next((line for line in paid if line.took_minor == due), None)
    if exact is not None:
        found = Found.SPLIT if group.earlier_paid else group.fits
        return [Judged(exact, found, group.ours.payment_id), *group.twice(line for line in paid if line is not exact)]
    if sum(line.took_minor for line in paid) == due:
        return group.all_as(paid, Found.SPLIT)
    first, *more = paid
    over = first.took_minor - due
    found = Found.AMOUNT_OVER if over > 0 else Found.AMOUNT_UNDER
    return [group.odd(first, found, over), *group.twice(more)]


def _contradicting(group: _Group) -> list[Judged]:
    """It failed there, or is not decided yet. Where the sale is in the file too, that is said of a try before it."""
    contrary = (*group.failed, *group.pending)
    if group.paid or group.earlier_paid:
        took = [line for line in contrary if line.took_minor]
        return group.twice(took) + group.all_as([line for line in contrary if not line.took_minor], group.fits)
    return [group.odd(line, Found.STATUS_MISMATCH, line.took_minor - group.ours.kept_minor) for line in contrary]


def _nothing(group: _Group) -> Judgement:
    """It took no money in the end, we say. Money that was taken all the same is a late success, or for people."""
    ours = group.ours
    quiet = group.all_as(group.failed, group.fits)
    moot = group.all_as(group.pending, Found.STATUS_MISMATCH, queued=True)
    if group.net == 0 or _known_to_have_come_back(group):
        return group.all_as((*group.paid, *group.back), group.fits) + quiet + moot, None
    if group.back or not group.paid:
        odd = [group.odd(line, Found.AMOUNT_UNDER, line.took_minor) for line in group.back]
        return odd + group.all_as(group.paid, Found.STATUS_MISMATCH, queued=True) + quiet + moot, None
    first, *more = group.paid
    rest = group.twice(more) + quiet + moot
    if first.took_minor > ours.most_minor:
        return [group.odd(first, Found.AMOUNT_OVER, first.took_minor), *rest], None
    if quiet or moot or group.earlier_paid or not ours.waits_for_money:
        return [group.odd(first, Found.STATUS_MISMATCH, first.took_minor), *rest], None
    return [Judged(first, Found.MISSING_HERE, ours.payment_id), *rest], (Proof.PAID, first)


def _known_to_have_come_back(group: _Group) -> bool:
    """We know that it was paid and came back: either line may stand in another file."""
    cost = group.ours.cost_minor
    known = group.ours.outcome == Proof.GIVEN_BACK and cost is not None
    return known and [line.took_minor for line in (*group.paid, *group.back)] in ([cost], [-(cost or 0)])
