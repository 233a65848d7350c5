"""What fails again and again by a bug: after so many times it is parked, so that nobody waits behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Time enough for whatever passes by itself: half an hour. What is parked is tried once a day.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 1, 2, 5, 10, 20))
PARKED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Failing:
    """`what` is `payment:<id>` or `message:<id>`; `times` it failed since it was last released."""

    what: str
    times: int
    last_at: datetime
    version: int = 0

    @property
    def parked(self) -> bool:
        return self.times > len(WAITS)

    @property
    def next_try(self) -> datetime:
        return self.last_at + (PARKED_FOR if self.parked else WAITS[self.times - 1])

    def again(self, now: datetime) -> Failing:
        return replace(self, times=self.times + 1, last_at=now)

    def forgotten(self) -> Failing:
        return replace(self, times=0)
