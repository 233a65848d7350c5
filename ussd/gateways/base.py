"""What every USSD gateway comes down to: one subscriber said something, or hung up, and is shown a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from core.conversation.said import Said
from core.conversation.view import Page
from core.domain.msisdn import Msisdn, e164

CHANNEL = "ussd"


@dataclass(frozen=True, slots=True)
class HungUp:
    """The gateway session is over: hung up, timed out, or ended by us."""

    address: str
    gateway_session: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP."""

    body: bytes
    content_type: str
    status: int = 200


class Malformed(Exception):
    """Not a delivery of this gateway. The message names what is wrong and never repeats what was delivered."""

    def __init__(self, wrong: str, *, gateway_session: str = "") -> None:
        super().__init__(wrong)
        self.gateway_session = gateway_session


class Gateway(Protocol):
    """One gateway's dialect, without any dialogue. `name` is also its part of the path."""

    name: str

    def read(self, body: bytes) -> Said | HungUp:
        """A delivery that asks for a page. Raises `Malformed`."""

    def read_event(self, body: bytes) -> HungUp:
        """A notice that a session is over, from gateways that send it apart. Raises `Malformed`."""

    def write(self, page: Page, gateway_session: str) -> Reply:
        """The page in this dialect; `gateway_session` as it was read, empty when it could not be."""


# ---- what they all need


@dataclass(frozen=True, slots=True)
class Form:
    """Named values of one delivery, as text. Holds a PIN at times, so nothing of it is ever shown."""

    values: dict[str, str] = field(repr=False)

    def subscriber(self, name: str) -> Msisdn:
        try:
            return e164(self.values.get(name, "").strip())
        except ValueError:
            raise Malformed(f"{name} is not a phone number") from None

    def session(self, name: str) -> str:
        words = self.values.get(name, "")
        if not _SESSION.fullmatch(words):
            raise Malformed(f"{name} is not a session")
        return words


_SESSION = re.compile(r"[!-~]{1,100}")
