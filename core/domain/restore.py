"""A store that was brought back from a copy, and lacks what happened after the copy was made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Restore:
    """Written into every copy when it is made: whoever opens that copy as a store, by whatever way it came there, finds
    that it takes no money until what is lacking was looked up.

    What happened between `taken_at` and `noticed_at` may be lacking. `opened_by` says who has let people in again.
    """

    number: int
    taken_at: datetime
    noticed_at: datetime | None = None
    opened_at: datetime | None = None
    opened_by: str = ""
    version: int = 0

    @property
    def closed(self) -> bool:
        return self.opened_at is None

    def noticed(self, now: datetime) -> Restore:
        return self if self.noticed_at else replace(self, noticed_at=now)

    def opened(self, by: str, now: datetime) -> Restore:
        return replace(self, opened_at=now, opened_by=by)
