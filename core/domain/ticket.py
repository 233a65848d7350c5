"""A ticket: money that somebody said would come by bank transfer, known again by its sum.

No two that are awaited have the same sum, so the sum is the ticket's name. It stays taken for long after the ticket
has run out: a transfer that comes late must not be taken for somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.money import Money

LASTS = timedelta(hours=24)
TAKEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ticket:
    """`amount_minor` is what to send; `asked_minor` what was asked for, some units less."""

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

    def taken_at(self, now: datetime) -> bool:
        return now < self.opened_at + TAKEN_FOR

    def posted(self, evidence: str, now: datetime) -> Ticket:
        return replace(self, posted_at=now, evidence=evidence)
