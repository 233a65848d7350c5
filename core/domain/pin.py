"""The PIN: which ones are too easy, and how many tries a thief gets.

Counted per wallet and place (a channel, and in a chat which one), so that what a stranger does elsewhere never stops
the owner on her own phone. Ten wrong ones close that place to the wallet; only where the network proves that it is her
own phone do they lock the wallet itself. Either is opened again by proof of identity alone.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.digits import only_digits
from core.refusal import Refusal
from core.text import _

SHORTEST, LONGEST = 4, 6
WRONG_IN_A_ROW = 3
WRONG_IN_ALL = 10
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=24))

# The most used PINs that no rule below catches (years and patterns on the pad), from published leak counts.
_POPULAR = frozenset(
    "1212 1004 2000 6969 1313 2001 1010 1122 1342 1986 2580 5683 1230 0852 1236 1472 1478 1590 2468 1357 "
    "1379 0007 1984 2222 1245 1470 3210 6543 121212 123123 112233 696969 159753 147258 123654 147852 102030".split()
)


class PinTooEasy(Refusal):
    text = _("That PIN is too easy to guess. Choose another one.")


class PinMalformed(Refusal):
    text = _("A PIN has 4 to 6 digits.")


class PinsDiffer(Refusal):
    text = _("The two PINs are not the same. Please begin again.")


class WrongPin(Refusal):
    text = _("That PIN is wrong. Tries left: {left}.")


class PinPaused(Refusal):
    text = _("Too many wrong PINs. Please wait until {until}.")


class PinLocked(Refusal):
    text = _("Your wallet is locked after too many wrong PINs. Ask at the counter to reset your PIN.")


def new_pin(words: str, *, never: tuple[str, ...] = ()) -> str:
    """The PIN as plain digits. Refuses easy ones, and those found in `never` (own number, year of birth)."""
    pin = typed_pin(words)
    if _is_easy(pin) or any(pin in other for other in never):
        raise PinTooEasy
    return pin


def typed_pin(words: str) -> str:
    pin = only_digits(words.removesuffix("#"))
    if pin is None or not SHORTEST <= len(pin) <= LONGEST:
        raise PinMalformed
    return pin


def _is_easy(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    runs = len(steps) == 1 and steps <= {0, 1, 9}
    halves = len(pin) % 2 == 0 and pin[: len(pin) // 2] == pin[len(pin) // 2 :]
    pairs = re.fullmatch(r"(?:(\d)\1)+", pin) is not None
    year = re.fullmatch(r"(?:19[3-9]\d|20[0-3]\d)", pin) is not None
    return runs or halves or pairs or year or len(set(pin)) == 1 or pin in _POPULAR


class PinClosedHere(Refusal):
    text = _("Too many wrong PINs here. Dial from your own phone, or ask at the counter.")


class Verdict(StrEnum):
    """What one try of a PIN comes to."""

    RIGHT = "right"
    WRONG = "wrong"
    PAUSED = "paused"
    LOCKED = "locked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a PIN is typed. `address` is blank where the channel itself tells whose wallet it is.

    `proven` when the network proves that it is the owner's own phone. A caller id that can be forged proves nothing.
    """

    channel: str
    address: str = ""
    proven: bool = False


@dataclass(frozen=True, slots=True)
class PinTries:
    """Wrong tries for one wallet at one place; all of it is forgotten at a right one, except after the tenth."""

    wallet_id: str
    channel: str
    address: str = ""
    wrong: int = 0
    paused_until: datetime | None = None
    version: int = 0

    @property
    def left(self) -> int:
        """Tries until the next pause; after the first pause each round has as many."""
        return WRONG_IN_A_ROW - self.wrong % WRONG_IN_A_ROW

    def refused_at(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def after(self, *, right: bool, now: datetime, proven: bool) -> tuple[PinTries, Verdict]:
        """Count one try. During a pause the right PIN is refused like a wrong one, and neither is counted."""
        last = Verdict.LOCKED if proven else Verdict.CLOSED
        if self.wrong >= WRONG_IN_ALL:
            return self, last
        if self.refused_at(now):
            return self, Verdict.PAUSED
        if right:
            return replace(self, wrong=0, paused_until=None), Verdict.RIGHT
        wrong = self.wrong + 1
        if wrong >= WRONG_IN_ALL:
            return replace(self, wrong=wrong), last
        if wrong % WRONG_IN_A_ROW:
            return replace(self, wrong=wrong), Verdict.WRONG
        pause = PAUSES[min(wrong // WRONG_IN_A_ROW, len(PAUSES)) - 1]
        return replace(self, wrong=wrong, paused_until=now + pause), Verdict.PAUSED

    def forgotten(self) -> PinTries:
        """Its owner has proven who she is."""
        return replace(self, wrong=0, paused_until=None)

    def refusal(self, verdict: Verdict) -> Refusal | None:
        """The sentence for the person; None when the PIN was right."""
        match verdict:
            case Verdict.RIGHT:
                return None
            case Verdict.WRONG:
                return WrongPin(left=self.left)
            case Verdict.PAUSED:
                return PinPaused(until=self.paused_until)
            case Verdict.LOCKED:
                return PinLocked()
            case Verdict.CLOSED:
                return PinClosedHere()
