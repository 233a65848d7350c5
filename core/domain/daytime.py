"""When people may be spoken to who asked nothing, and a moment of each one's own where many would be at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Daytime:
    """From the first time of day until the second, which is left out; the day does not go past midnight."""

    begins: time = time(8)
    ends: time = time(20)
    spread: timedelta = timedelta(hours=2)

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        return self.begins <= at.astimezone(zone).time() < self.ends

    def from_then(self, at: datetime, zone: ZoneInfo, *, who: str) -> datetime:
        """The same moment by day. At night one of the next morning, always the same for whom or what `who` names."""
        if self.holds(at, zone):
            return at
        local = at.astimezone(zone)
        morning = local.date() if local.time() < self.begins else local.date() + timedelta(days=1)
        return datetime.combine(morning, self.begins, zone).astimezone(at.tzinfo) + self._own_wait(who)

    def _own_wait(self, who: str) -> timedelta:
        place = int.from_bytes(hashlib.sha256(who.encode()).digest()[:4])
        return timedelta(seconds=place % max(1, self.spread // timedelta(seconds=1)))
