"""How many different numbers one may ask about: whoever pays needs few, whoever collects names needs thousands.

Counted in memory, in each process for itself: what a restart forgets costs nobody anything.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Curiosity:
    """So many different things within each span of time. The same thing again costs nothing.

    Those who asked longest ago are forgotten first, so memory stays bounded whoever asks.
    """

    def __init__(self, limits: Mapping[timedelta, int], *, most: int = 50_000) -> None:
        self._limits, self._longest, self._most = dict(limits), max(limits), most
        self._asked: OrderedDict[str, dict[str, datetime]] = OrderedDict()

    def allows(self, who: str, what: str, now: datetime) -> bool:
        """Count one question; False, and nothing counted, when it is one too many."""
        known = {one: at for one, at in self._asked.get(who, {}).items() if at > now - self._longest}
        if what not in known:
            if any(_since(known, now - span) >= most for span, most in self._limits.items()):
                return False
            known[what] = now
        self._asked[who] = known
        self._asked.move_to_end(who)
        if len(self._asked) > self._most:
            self._asked.popitem(last=False)
        return True


def _since(known: Mapping[str, datetime], moment: datetime) -> int:
    return sum(at > moment for at in known.values())
