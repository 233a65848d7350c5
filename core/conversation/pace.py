"""How fast one subscriber may go, decided before anything is read or written."""

from __future__ import annotations

from collections import OrderedDict


class Pace:
    """So many turns a second each, and a burst of some at once; seconds come in from outside.

    Of a subscriber only one moment is kept: when all that was taken so far will have been earned. Those who were quiet
    longest are forgotten first, so memory stays bounded whatever is sent.
    """

    def __init__(self, per_s: float, burst: int, *, most: int = 50_000) -> None:
        # Whole microseconds: sums of fractions would let the last of a burst go astray.
        self._each_us = round(1_000_000 / per_s)
        self._ahead_us = (burst - 1) * self._each_us
        self._most = most
        self._earned_at: OrderedDict[str, int] = OrderedDict()

    def allows(self, who: str, now_s: float) -> bool:
        """Take one turn; False, and nothing taken, when it comes too soon."""
        now_us = round(now_s * 1_000_000)
        earned_at = max(self._earned_at.get(who, now_us), now_us)
        if earned_at - now_us > self._ahead_us:
            return False
        self._earned_at[who] = earned_at + self._each_us
        self._earned_at.move_to_end(who)
        if len(self._earned_at) > self._most:
            self._earned_at.popitem(last=False)
        return True
