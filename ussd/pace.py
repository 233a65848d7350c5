"""How fast one subscriber may go, decided before anything is read or written."""

from __future__ import annotations

from collections import OrderedDict


class Pace:
    """So many turns a second each, and a burst of some at once; seconds come in from outside.

    Of a subscriber only one moment is kept: when all that was taken so far will have been earned. Those who were quiet
    longest are forgotten first, so memory stays bounded whatever is sent.
    """

    def __init__(self, per_s: float, burst: int, *, most: int = 50_000) -> None:
        self._each_s = 1 / per_s
        self._ahead_s = (burst - 1) * self._each_s
        self._most = most
        self._earned_at: OrderedDict[str, float] = OrderedDict()

    def allows(self, who: str, now_s: float) -> bool:
        """Take one turn; False, and nothing taken, when it comes too soon."""
        earned_at = max(self._earned_at.get(who, now_s), now_s)
        if earned_at - now_s > self._ahead_s:
            return False
        self._earned_at[who] = earned_at + self._each_s
        self._earned_at.move_to_end(who)
        if len(self._earned_at) > self._most:
            self._earned_at.popitem(last=False)
        return True
