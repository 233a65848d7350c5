"""PINs on their way: what was pressed on a pad so far. In memory only, for a while only, and nowhere else."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from core.domain.pin import LONGEST, SHORTEST

FORGOTTEN_AFTER_S = 180.0
MOST = 50_000


@dataclass(slots=True)
class Pad:
    """What was pressed on the pad of one screen; a new screen has a new one.

    `last` is the arrival that pressed last, by which one that is handled again is known; `whole` after it was entered.
    """

    screen: int
    touched_s: float
    digits: str = field(default="", repr=False)
    last: int = -1
    whole: bool = False

    def heard(self, number: int) -> bool:
        """Whether a press is new; it is the last one then. What was entered before begins anew."""
        if number <= self.last:
            return False
        self.last = number
        if self.whole:
            self.digits, self.whole = "", False
        return True


class Pads:
    def __init__(self) -> None:
        self._pads: OrderedDict[str, Pad] = OrderedDict()

    def press(self, address: str, screen: int, digit: str, number: int, now_s: float) -> Pad:
        """One more digit, or with none the last one less; nothing when this arrival pressed already."""
        pad = self._of(address, screen, now_s)
        if pad.heard(number):
            pad.digits = (pad.digits + digit)[:LONGEST] if digit else pad.digits[:-1]
        return pad

    def take(self, address: str, screen: int, number: int, now_s: float) -> str:
        """All that was pressed. The same arrival gets it again; `forget` when it will not come any more."""
        pad = self._of(address, screen, now_s)
        if pad.heard(number):
            pad.whole = True
        return pad.digits if pad.whole else ""

    def forget(self, address: str) -> None:
        self._pads.pop(address, None)

    def _of(self, address: str, screen: int, now_s: float) -> Pad:
        pad = self._pads.get(address)
        if pad is None or pad.screen != screen or now_s > pad.touched_s + FORGOTTEN_AFTER_S:
            pad = self._pads[address] = Pad(screen, now_s)
        pad.touched_s = now_s
        self._pads.move_to_end(address)
        if len(self._pads) > MOST:
            self._pads.popitem(last=False)
        return pad


def dots(count: int) -> str:
    """`● ● ○ ○`: how many digits are there, and that four are needed."""
    return " ".join("●" * count + "○" * max(0, SHORTEST - count))
