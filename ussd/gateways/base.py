"""What every USSD gateway comes down to: one subscriber said something, or hung up, and is shown a page."""

from __future__ import annotations

import hmac
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


# How operators call the identity of a SIM where they tell it.
IMSI = "imsi"


@dataclass(frozen=True, slots=True)
class SimMark:
    """Marks SIMs by an HMAC: `KEY:MARK`, where KEY tells marks of one pepper from those of another.

    `named` is the field of a delivery that tells the SIM; where it is missing or blank, nothing is known.
    """

    pepper: bytes = field(repr=False)
    named: str = IMSI

    def of(self, form: Form) -> str:
        told = form.values.get(self.named, "").strip() if self.named else ""
        return f"{self._over('which key')[:8]}:{self._over(f'sim {told}')}" if told else ""

    def _over(self, words: str) -> str:
        return hmac.digest(self.pepper, words.encode("utf-8", "surrogatepass"), "sha256").hex()


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
