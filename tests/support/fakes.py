"""Doubles of what is outside: time moved by hand, ids in a row, a vault without the cost, a provider on a script."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.domain.bill import Bill, BillerDown
from core.domain.biller import Product
from core.domain.message import Offer
from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Proof
from core.domain.slip import Slip
from core.ports import PriceLine, Unreachable
from core.refusal import Fault, Refusal

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 12:00 in Jakarta


class HandClock:
    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


class CountingIds:
    def __init__(self) -> None:
        self._next = itertools.count(1)

    def new(self) -> str:
        return f"id{next(self._next):04}"

    def case_number(self) -> str:
        return f"{100_000 + next(self._next)}"

    def secret(self) -> str:
        """The same for ever, so that what is made of it can be written into a test."""
        return "secret"


class QuickVault:
    """Hashes like the real one, at none of its cost."""

    async def hashed(self, secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    async def matches(self, secret: str, hashed: str) -> bool:
        return await self.hashed(secret) == hashed

    def outdated(self, hashed: str) -> bool:
        return False


class Phones:
    """A notifier that remembers what reached whom; `broken` makes it fail."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self.broken = False

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        if self.broken:
            raise Fault("no network")
        self.received.append((to, words))


@dataclass(frozen=True)
class Shown:
    """One message as it came into a chat."""

    address: str
    words: str
    slip: Slip | None
    offers: tuple[str, ...]
    patient: bool


class Chats:
    """Chats that remember what was shown in them. In those that are `gone` nobody reads any more; `refuses` is raised
    in all of them."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.gone: set[str] = set()
        self.refuses: Fault | None = None

    async def send(
        self, address: str, words: str, *, slip: Slip | None, offers: Sequence[Offer], patient: bool, message_id: str
    ) -> None:
        if self.refuses:
            raise self.refuses
        if address in self.gone:
            raise Unreachable
        self.shown.append(Shown(address, words, slip, tuple(offer.leads for offer in offers), patient))


class Line:
    """The operators' line: what was said on it; `refuses` is raised instead."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.refuses: Fault | None = None

    async def say(self, words: str) -> None:
        if self.refuses:
            raise self.refuses
        self.said.append(words)


TOKEN = "12345678901234567890"


def paid(attempt: Attempt) -> Answer:
    """The provider delivered, for 300 rupiah less than the most it may charge."""
    cost = attempt.most - Money.of(300, attempt.currency)
    token = TOKEN if attempt.code.startswith("pln") and attempt.kind == "prepaid" else ""
    return Answer(Proof.PAID, "00", f'{{"rc":"00","ref_id":"{attempt.key}"}}', cost, serial="SN-1", token=token)


def failed(attempt: Attempt) -> Answer:
    return Answer(Proof.FAILED, "02", f'{{"rc":"02","ref_id":"{attempt.key}"}}')


def not_created(attempt: Attempt) -> Answer:
    return Answer(Proof.NOT_CREATED, "44", f'{{"rc":"44","ref_id":"{attempt.key}"}}')


def silence(attempt: Attempt) -> Answer:
    return Answer(Proof.NOTHING, "no_answer", "")


def given_back(attempt: Attempt) -> Answer:
    return Answer(Proof.GIVEN_BACK, "74", f'{{"rc":"74","ref_id":"{attempt.key}"}}')


Reaction = Callable[[Attempt], Answer]


class ScriptedProvider:
    """A provider that answers as told: `on_submit` to a first send, `on_ask` to a look. Remembers what it was sent."""

    name = "digiflazz"

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.available = True
        self.on_submit: Reaction = paid
        self.on_ask: Reaction = paid
        self.slow_s = 0.0
        self.sent: list[Attempt] = []
        self.asked: list[Attempt] = []
        self.bills: dict[str, Money] = {}
        self.no_bill: Refusal | None = None
        self.inquired: list[str] = []
        self.down = False

    async def prices(self) -> list[PriceLine]:
        return []

    async def balance(self) -> Money:
        return Money.of(1_000_000, "IDR")

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        self.inquired.append(reference)
        await asyncio.sleep(self.slow_s)
        if self.down:
            raise BillerDown(product.biller.name)
        if product.prepaid:
            return Bill(reference, "SITI AMINAH", key)
        if self.no_bill:
            raise self.no_bill
        owed = self.bills.get(reference, Money.of(100_000, "IDR"))
        return Bill(reference, "BUDI SANTOSO", key, owed=owed, admin=Money.of(2_500, "IDR"), cost=owed)

    async def submit(self, attempt: Attempt) -> Answer:
        self.sent.append(attempt)
        await asyncio.sleep(self.slow_s)
        return self.on_submit(attempt)

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        self.asked.append(attempt)
        return self.on_ask(attempt)
