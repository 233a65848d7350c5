"""Who is outside: providers, phones and chats, operators, signers and painters; and time and chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.domain.bill import Bill
from core.domain.biller import Product
from core.domain.head import PublicKey
from core.domain.message import Offer
from core.domain.money import Money
from core.domain.payment import Answer, Attempt
from core.domain.picture import Picture
from core.domain.slip import Slip
from core.ports.store import PriceLine
from core.refusal import Fault
from core.text import Text


class BillerGateway(Protocol):
    """A provider. Each answer says what it proves; whatever is not understood proves nothing."""

    name: str

    async def prices(self) -> Sequence[PriceLine]:
        """The current price list. Raises `BillerDown`."""

    async def balance(self) -> Money:
        """Our deposit as the provider sees it. Raises `BillerDown`."""

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        """Whose number this is and what is owed. Moves nothing.

        Raises `ReferenceUnknown`, `NothingToPay`, `NotSoldNow` (refusals) or `BillerDown`.
        """

    async def submit(self, attempt: Attempt) -> Answer:
        """Send an attempt for the first time. Never raises for trouble outside: that answer proves nothing."""

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        """Ask what became of an attempt that may have been sent. Buys nothing twice.

        An attempt too old to be asked about safely is answered with a proof of nothing, without being sent.
        """

    @property
    def available(self) -> bool:
        """False while the circuit breaker is open: then nothing new may be held for this provider."""


class Notifier(Protocol):
    """Short messages to a phone."""

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        """Hand over one message; `message_id` stays the same when it is handed over again. Raises `Fault`."""


class ChatNotifier(Protocol):
    """Messages into a chat: words, a receipt to keep where there is one, and what can be done with one tap."""

    async def send(
        self, address: str, words: str, *, slip: Slip | None, offers: Sequence[Offer], patient: bool, message_id: str
    ) -> None:
        """Raises `Fault`; `Unreachable` when that person does not want to hear from us; `Later` when told to wait."""


class Unreachable(Fault):
    """Whoever is at this address has left, or has blocked us."""


class Later(Fault):
    """The network asked us to wait for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait for {seconds:g} s")
        self.seconds = seconds


class OperatorsLine(Protocol):
    """Where operators hear of trouble; no customer's name or number belongs there."""

    async def say(self, words: str) -> None:
        """Raises `Fault`; `Later` when told to wait."""


class Signer(Protocol):
    """Signs tree heads."""

    key: PublicKey

    def sign(self, words: bytes) -> bytes:
        """An Ed25519 signature; the same words have the same one."""


class HeadBoard(Protocol):
    """A place outside where signed heads are told, so that we cannot take one back."""

    name: str

    async def put(self, note: str) -> None:
        """Tell one head; the same one may come again. Raises `Fault`."""


class Painter(Protocol):
    """Draws what a person keeps or chooses from, as PNG. The same in, the same out; slow enough for a thread."""

    def receipt(self, slip: Slip) -> bytes: ...

    def choices(self, pictures: Sequence[Picture]) -> bytes:
        """At most five things to choose from on one picture, each with its number."""

    def transfer(self, heading: str, bank: str, amount: str, lines: tuple[tuple[str, str], ...]) -> bytes:
        """Where to send money, and exactly how much."""


class Words(Protocol):
    """Whole sentences in a person's language."""

    def say(self, text: Text, language: str) -> str: ...


class PinVault(Protocol):
    """Slow hashes with a pepper that the store does not know; off the event loop."""

    async def hashed(self, secret: str) -> str: ...

    async def matches(self, secret: str, hashed: str) -> bool:
        """Takes as long for an empty hash as for a wrong secret."""

    def outdated(self, hashed: str) -> bool:
        """Whether it was made with an older pepper than new ones are."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""


class Ids(Protocol):
    def new(self) -> str:
        """Unique for ever, ordered by time, safe in a URL and as a provider's reference: at most 26 of 0-9a-z."""

    def case_number(self) -> str:
        """Six digits that can be said over a telephone; taken from chance, so they tell nothing."""

    def secret(self) -> str:
        """What nobody can guess: 128 bits of chance and more."""
