"""A reminder: a bill that comes again, looked for when it should be due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """Of a number that was kept. `look_at` is when to ask the biller next; None: not before it is paid again.

    `told` names the bill that was told last, so that nobody hears of one twice. `unwanted` for good, at one tap.
    """

    wallet_id: str
    product_id: str
    reference: str
    look_at: datetime | None
    told: str = ""
    unwanted: bool = False
    version: int = 0

    def refused(self) -> Reminder:
        return replace(self, look_at=None, unwanted=True)
