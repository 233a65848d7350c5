"""A ticket: money that somebody said would come by bank transfer, known again by its sum.

No two that are awaited have the same sum, so the sum is the ticket's name. It stays taken for long after the ticket
has run out: a transfer that comes late must not be taken for somebody else's. Who asks for the same amount meanwhile
gets the same sum again, so that one person takes up one. Once posted it rests for a day: who is not sure whether a
transfer went through sends it again at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.money import Money
from core.refusal import Refusal
from core.text import _

LASTS = timedelta(hours=24)
TAKEN_FOR = timedelta(days=30)
RESTS_FOR = timedelta(days=1)


class NotBrought(Refusal):
    text = _("From {smallest} to {largest}, in steps of {step}.")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much may be brought at a time, what is offered first, and the `step` between two amounts.

    What is sent ends in digits of its own, which stay below the step: no two amounts share a sum.
    """

    smallest: Money
    largest: Money
    step: Money
    offered: tuple[Money, ...]

    @classmethod
    def of(cls, currency: str, smallest: int, largest: int, *, step: int, offered: tuple[int, ...]) -> Amounts:
        """Of whole major units."""
        first, last, apart, *rest = (Money.of(whole, currency) for whole in (smallest, largest, step, *offered))
        return cls(first, last, apart, tuple(rest))

    def take(self, asked: Money) -> Money:
        """The amount, if it may be brought. Raises `NotBrought`."""
        if not self.smallest <= asked <= self.largest or asked.minor % self.step.minor:
            raise self.refusal
        return asked

    @property
    def refusal(self) -> NotBrought:
        return NotBrought(smallest=self.smallest, largest=self.largest, step=self.step)

    def sums(self, asked: Money, first: int) -> Iterator[Money]:
        """Every sum that may stand for an amount, in whole major units above it, from the `first` one on and round."""
        tails = self.step.major - 1
        for place in range(tails):
            yield asked + Money.of((first + place) % tails + 1, asked.currency)


# A currency that is not here is brought to the counter.
AMOUNTS = {
    "IDR": Amounts.of("IDR", 10_000, 2_000_000, step=1_000, offered=(50_000, 100_000, 200_000, 500_000)),
    "KES": Amounts.of("KES", 100, 100_000, step=100, offered=(500, 1_000, 2_000, 5_000)),
    "TZS": Amounts.of("TZS", 2_000, 1_000_000, step=1_000, offered=(10_000, 20_000, 50_000, 100_000)),
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """`amount_minor` is what to send; `asked_minor` what was asked for, some units less; last at `opened_at`."""

    currency: str
    amount_minor: int
    wallet_id: str
    asked_minor: int
    opened_at: datetime
    good_until: datetime
    posted_at: datetime | None = None
    evidence: str = ""
    version: int = 0

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def asked(self) -> Money:
        return Money(self.asked_minor, self.currency)

    def good_at(self, now: datetime) -> bool:
        """Still awaited, and in time."""
        return self.posted_at is None and now < self.good_until

    def taken_at(self, now: datetime) -> bool:
        """Whether its sum stands for it, and for nobody else."""
        return now < (self.posted_at + RESTS_FOR if self.posted_at else self.opened_at + TAKEN_FOR)

    def asked_again(self, now: datetime) -> Ticket:
        """The same sum, as if it had been opened now."""
        return replace(self, opened_at=now, good_until=now + LASTS)

    def posted(self, evidence: str, now: datetime) -> Ticket:
        """`evidence` names the bank as well, `BCA:TRX-1`, as the entry's key does."""
        return replace(self, posted_at=now, evidence=evidence)
