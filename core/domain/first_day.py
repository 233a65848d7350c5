"""The first day after it changed who may pay: a new PIN, a new chat. Whoever tricked somebody finds a cap there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.money import Money

LASTS = timedelta(hours=24)
CAPS = {
    "IDR": Money.of(200_000, "IDR"),
    "KES": Money.of(1_000, "KES"),
    "TZS": Money.of(20_000, "TZS"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """What can be paid at most at a time, and until when that is so."""

    until: datetime
    cap: Money


def exceeded(amount: Money, *, since: datetime, now: datetime) -> Limit | None:
    """The limit that an amount is above; None when it is not, or the day is over. A currency without a cap has none."""
    cap, until = CAPS.get(amount.currency), since + LASTS
    return Limit(until, cap) if cap is not None and now < until and amount > cap else None
