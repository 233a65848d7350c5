"""One parser for a button, a key, and digits typed in any script: what was heard, apart from what it means here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.conversation.session import Session
from core.conversation.view import BACK, MORE, REPEAT
from core.domain.digits import plain_digits
from core.domain.msisdn import Msisdn

LONGEST = 200


class Move(StrEnum):
    """The words that mean the same on every screen."""

    BACK = "back"
    MORE = "more"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Heard:
    """`option` is the key of a choice that is offered now; `words` all that was typed, which may be a PIN.

    `own_number` is one that the network vouches for.
    """

    words: str = field(default="", repr=False)
    option: str | None = None
    move: Move | None = None
    own_number: Msisdn | None = None


def heard(typed: str, session: Session) -> Heard:
    """Understand what was typed on the screen that `session` last showed."""
    words = _legible(typed).strip()[:LONGEST]
    try:
        key = plain_digits(words)
    except ValueError:
        key = words
    if option := session.keys.get(key):
        return Heard(words, option=option)
    if key == BACK and session.back:
        return Heard(words, move=Move.BACK)
    if key == MORE and session.more:
        return Heard(words, move=Move.MORE)
    if key in (REPEAT, ""):
        return Heard(words, move=Move.REPEAT)
    return Heard(words)


def shown(number: Msisdn, *, own: bool) -> Heard:
    """A number that was shown: where none is asked for as one's own, it is as if it had been typed."""
    return Heard(number, own_number=number if own else None)


def _legible(typed: str) -> str:
    """Without what no keyboard sends and no database keeps: NUL, and halves of a character."""
    return typed.replace("\x00", "").encode("utf-8", "ignore").decode()
