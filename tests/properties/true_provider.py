"""A provider that remembers what it really sold under each key, and tells as little of it as it is told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.bill import Bill
from core.domain.biller import Product
from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Proof
from core.ports import PriceLine
from core.services.counter import Terms
from core.services.hear_callback import Hint
from tests.support.fakes import HandClock

# What becomes of a sale, step by step; the last step is the truth.
COURSES = (
    ("sold",),
    ("failed",),
    ("pending", "sold"),
    ("pending", "failed"),
    ("failed", "sold"),
    ("sold", "given_back"),
    ("failed", "sold", "given_back"),
    ("refused",),
    ("refused", "sold"),
)
# How the answer comes back: as it is, not at all, later, or as nobody can read it.
WAYS = ("told", "lost", "held", "garbled")

WINDOW = Terms().finality

PROOFS: Mapping[str, Proof] = {
    "sold": Proof.PAID,
    "failed": Proof.FAILED,
    "pending": Proof.NOTHING,
    "given_back": Proof.GIVEN_BACK,
    "refused": Proof.NOT_CREATED,
}


@dataclass(frozen=True)
class Plan:
    """What happens to calls from now on: whether they arrive, what becomes of a new sale, how the answer comes back.

    While it `lags`, a provider that can be asked may not know yet, within its finality window, what it has sold.
    """

    arrives: bool = True
    course: tuple[str, ...] = ("sold",)
    way: str = "told"
    lags: bool = False


@dataclass
class Sale:
    """One key in the provider's own book, with the steps still to come. `said_no`: it called it unsold, once asked."""

    attempt: Attempt
    states: list[str]
    asked: int = 0
    said_no: bool = False

    @property
    def state(self) -> str:
        return self.states[0]

    @property
    def kept(self) -> bool:
        return self.state == "sold"

    @property
    def cost(self) -> Money:
        return _cost(self.attempt)

    def move_on(self) -> None:
        if len(self.states) > 1:
            del self.states[0]


@dataclass
class TrueProvider:
    """`resends`: it has no status call, so asking about a key it does not know sells under it, as Digiflazz does."""

    name: str
    clock: HandClock
    resends: bool
    plan: Plan = field(default_factory=Plan)
    sales: dict[str, Sale] = field(default_factory=dict)
    held: list[asyncio.Future[None]] = field(default_factory=list)
    available: bool = True

    async def submit(self, attempt: Attempt) -> Answer:
        return await self._called(attempt, first=True)

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        return await self._called(attempt, first=False)

    async def prices(self) -> Sequence[PriceLine]:
        return []

    async def balance(self) -> Money:
        return Money(0, "IDR")

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        return Bill(reference, "SITI AMINAH", key)

    def statement(self, attempt: Attempt) -> Answer:
        """What its own books say of an attempt, as it comes in a file."""
        sale = self.sales.get(attempt.key)
        return _answer(sale, attempt, by="statement") if sale else Answer(Proof.NOTHING, "absent", "{}")

    def callback(self, key: str) -> Hint:
        sale = self.sales[key]
        body = json.dumps({"key": key, "state": sale.state})
        return Hint(self.name, key, sale.attempt.reference, _cost(sale.attempt), body, says_paid=sale.kept)

    def let_go(self) -> None:
        """Every answer that was held back arrives."""
        waiting, self.held = self.held, []
        for answer in waiting:
            if not answer.done():
                answer.set_result(None)

    async def _called(self, attempt: Attempt, *, first: bool) -> Answer:
        plan = self.plan
        if not plan.arrives:
            return _silence("unsent")
        answer = self._heard(attempt, plan, first=first)
        if plan.way == "held":
            back = asyncio.get_running_loop().create_future()
            self.held.append(back)
            await back
        return answer if plan.way in ("told", "held") else _silence(plan.way)

    def _heard(self, attempt: Attempt, plan: Plan, *, first: bool) -> Answer:
        sale = self.sales.get(attempt.key)
        unseen = sale is None or (plan.lags and self.clock.now() < attempt.made_at + WINDOW)
        if unseen and not first and not self.resends:
            return Answer(Proof.NOT_CREATED, "unknown", json.dumps({"unknown": attempt.key}))
        if sale is None:
            sale = Sale(attempt, list(plan.course))
            if plan.course != ("refused",):
                self.sales[attempt.key] = sale
        assert _request(sale.attempt) == _request(attempt), "one key, two requests"
        sale.asked += 1
        sale.said_no |= sale.state in ("failed", "refused")
        answer = _answer(sale, attempt)
        # A refusal of a question says nothing about the first send.
        return answer if first or answer.proves is not Proof.NOT_CREATED else _silence("refused")


def _request(attempt: Attempt) -> Attempt:
    return replace(attempt, outcome="", version=0)


def _answer(sale: Sale, attempt: Attempt, *, by: str = "reply") -> Answer:
    proof = PROOFS[sale.state]
    # The same word comes in different words: some of what a provider says has nothing to do with the sale.
    body = json.dumps({"key": attempt.key, "state": sale.state, "by": by, "our balance": sale.asked % 2})
    cost = _cost(attempt) if proof is Proof.PAID else None
    return Answer(proof, sale.state, body, cost, serial=f"SN-{attempt.key}", elsewhere=proof is Proof.NOT_CREATED)


def _cost(attempt: Attempt) -> Money:
    return attempt.most - Money.of(300, attempt.currency)


def _silence(why: str) -> Answer:
    return Answer(Proof.NOTHING, why, "")
