"""PINs on their way: what was pressed on a pad so far. In memory only, for a while only, and nowhere else."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from core.domain.pin import LONGEST, SHORTEST

FORGOTTEN_AFTER_S = 180.0
MOST = 50_000


@dataclass(slots=True)
class Pad:
    """What was pressed on the pad of one screen; a new screen has a new one."""

    screen: int
    touched_s: float
    digits: str = field(default="", repr=False)
    shown: int = 0


class Pads:
    def __init__(self) -> None:
        self._pads: OrderedDict[str, Pad] = OrderedDict()

    def press(self, address: str, screen: int, digit: str, now_s: float) -> Pad:
        """One more digit, or with none the last one less."""
        pad = self._of(address, screen, now_s)
        pad.digits = (pad.digits + digit)[:LONGEST] if digit else pad.digits[:-1]
        return pad

    def take(self, address: str, screen: int, now_s: float) -> str:
        """All that was pressed, which is forgotten here with it."""
        digits = self._of(address, screen, now_s).digits
        self.forget(address)
        return digits

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
