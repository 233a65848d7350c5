"""A view: what to show, in no language and for no channel. Channels number it, page it, speak it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.domain.money import Money
from core.domain.slip import Slip
from core.ports import Words
from core.text import Text

BACK, MORE, REPEAT = "0", "9", "*"


class Asks(StrEnum):
    """What the person is expected to give. SECRET is a PIN: a channel hides it and keeps it nowhere.

    PROOF is what else only she should know: a channel with a history does not leave it there. OWN_NUMBER is the number
    of the phone in her hand, as the network of a chat vouches for it.
    """

    NOTHING = "nothing"
    CHOICE = "choice"
    DIGITS = "digits"
    WORDS = "words"
    PROOF = "proof"
    SECRET = "secret"
    OWN_NUMBER = "own_number"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `key` is stable and never shown; `brief` is said where room is short.

    `picture` names what is drawn for it where pictures exist; a `primary` one is what most people want here.
    """

    key: str
    text: Text
    icon: str = ""
    brief: Text | None = None
    picture: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """Something to be paid inside the chat, to the chat's own payment provider. `payload` comes back with the money."""

    payload: str
    title: Text
    about: Text
    amount: Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where to send money by bank, and exactly how much."""

    bank: str
    amount: Money
    note: Text


@dataclass(frozen=True, slots=True)
class View:
    """`note` is a word about the last answer, and comes first. `body` holds one sentence or fact a line.

    With `fixed` an option's number is its place in the whole list, for ever and on every page (at most 8); without it a
    list is paged in fives and its numbers start again on each page. A `final` view ends the session
    and asks nothing. Without `back` there is no way back. A `lasting` view is the same object each time it
    is shown, so that a channel may keep what it made of it.

    `receipt`, `transfer` and `invoice` are the same facts as a thing, for channels that can show one; what matters is
    in the body as well. A `private` view holds what opens something, a token: a channel lets nobody pass it on.
    """

    body: tuple[Text, ...]
    asks: Asks = Asks.NOTHING
    options: tuple[Option, ...] = ()
    note: Text | None = None
    fixed: bool = False
    back: bool = True
    final: bool = False
    lasting: bool = False
    receipt: Slip | None = None
    transfer: Transfer | None = None
    invoice: Invoice | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What one turn puts on the phone: `words` are the channel's own, `keys` say what each typed key means."""

    words: str
    keys: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    final: bool = False


class Channel(Protocol):
    """Turns views into pages that fit a phone.

    `knows_number`: its network tells who calls, as an operator's does. `proves_caller`: nobody can forge that; where it
    is False, PINs typed there never lock a wallet. `takes_cards`: money can be paid in there.
    """

    name: str
    knows_number: bool
    proves_caller: bool
    takes_cards: bool

    def fit(self, view: View, page: int, *, language: str, words: Words) -> Page:
        """Page `page` (from 0; the last one when there are fewer) of a view, in a language."""
