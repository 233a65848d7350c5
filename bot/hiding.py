"""Who was asked for a PIN a moment ago: a PIN that is typed twice in a row is read when the screen has changed."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from core.domain.digits import only_digits
from core.domain.pin import LONGEST, SHORTEST

A_MOMENT = timedelta(seconds=10)
MOST = 50_000


class Hiding:
    """In memory only: after a restart such a message stays where it is."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, datetime] = OrderedDict()

    def asked(self, address: str, now: datetime) -> None:
        """A screen that asks for a PIN stands there no more."""
        self._asked[address] = now
        self._asked.move_to_end(address)
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)

    def may_be_a_pin(self, address: str, words: str, sent_at: datetime) -> bool:
        """Whether so many digits, of any script, were sent while one was asked for, or soon after."""
        asked = self._asked.get(address)
        if asked is None or sent_at > asked + A_MOMENT:
            return False
        return SHORTEST <= len(only_digits(words) or "") <= LONGEST
