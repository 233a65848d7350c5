"""A view: what to show, in no language and for no channel. Channels number it, page it, speak it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.ports import Words
from core.text import Text

BACK, MORE, REPEAT = "0", "9", "*"


class Asks(StrEnum):
    """What the person is expected to give. SECRET is a PIN: a channel hides it and keeps it nowhere."""

    NOTHING = "nothing"
    CHOICE = "choice"
    DIGITS = "digits"
    WORDS = "words"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `key` is stable and never shown; `brief` is said where room is short."""

    key: str
    text: Text
    icon: str = ""
    brief: Text | None = None


@dataclass(frozen=True, slots=True)
class View:
    """`note` says why the last answer was not taken, and comes first. `body` holds one sentence or fact a line.

    With `fixed` an option's number is its place in the whole list, for ever and on every page (at most 8); without it a
    list is paged in fives and its numbers start again on each page. A `final` view ends the session
    and asks nothing. Without `back` there is no way back. A `lasting` view is the same object each time it
    is shown, so that a channel may keep what it made of it.
    """

    body: tuple[Text, ...]
    asks: Asks = Asks.NOTHING
    options: tuple[Option, ...] = ()
    note: Text | None = None
    fixed: bool = False
    back: bool = True
    final: bool = False
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What one turn puts on the phone: `words` are the channel's own, `keys` say what each typed key means."""

    words: str
    keys: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    final: bool = False


class Channel(Protocol):
    """Turns views into pages that fit a phone."""

    name: str

    def fit(self, view: View, page: int, *, language: str, words: Words) -> Page:
        """Page `page` (from 0; the last one when there are fewer) of a view, in a language."""
