"""Digiflazz as a `BillerGateway`: https://developer.digiflazz.com/api/buyer/

A purchase has no status call: it is asked about by sending it again, to the last byte the same. Past 90 days the
provider has forgotten the key and would sell a second time, so past 89 nothing is sent. A bill is paid with the key of
its inquiry, on the same day in Jakarta.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from adapters.billers.breaker import Breaker
from adapters.billers.digiflazz.answers import read_answer
from adapters.billers.digiflazz.bills import read_bill, read_meter
from adapters.billers.digiflazz.codes import CODES, About
from adapters.billers.digiflazz.price_list import PASCA, PREPAID, read_prices
from adapters.billers.digiflazz.wire import Desk, DigiflazzSettings, Request, data_of, lines_of, rupiah_at_least
from adapters.billers.outbound import Fate, Outbound, Reply
from core.domain.bill import Bill, BillerDown
from core.domain.biller import Product
from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Proof
from core.ports import Clock, PriceLine

JAKARTA = ZoneInfo("Asia/Jakarta")
OLDEST = timedelta(days=89)
# The day between our limit and the provider's is what clocks of several machines may differ by.
AHEAD = timedelta(days=1)

Observe = Callable[[str, str, float], None]


class Digiflazz:
    """`observe` hears of each call: its name, what came of it (an rc, a fate or `resting`), and the seconds it took."""

    name = "digiflazz"

    def __init__(
        self,
        settings: DigiflazzSettings,
        clock: Clock,
        *,
        observe: Observe = lambda _call, _outcome, _seconds: None,
        breaker: Breaker | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises `UnsafeUrl` for a URL that secrets must not travel over."""
        self._desk = Desk(settings)
        self._key = settings.key
        self._clock = clock
        self._observe = observe
        self._seconds = seconds
        self._breaker = breaker or Breaker(seconds)
        self._outbound = Outbound(settings.url)

    @property
    def available(self) -> bool:
        return self._breaker.available

    async def prices(self) -> Sequence[PriceLine]:
        replies = {kind: await self._ask("prices", self._desk.prices(kind)) for kind in (PREPAID, PASCA)}
        return read_prices(replies, provider=self.name, seen_at=self._clock.now())

    async def balance(self) -> Money:
        reply = await self._ask("balance", self._desk.balance())
        deposit = rupiah_at_least((data_of(reply) or {}).get("deposit"))
        if deposit is None:
            raise BillerDown(f"digiflazz: no balance ({reply.fate})")
        return deposit

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        if not product.prepaid:
            reply = await self._ask("inquire", self._desk.inquiry(code, reference, key))
            return read_bill(reply, product, code=code, reference=reference, key=key)
        if product.inquiry and product.gives_token:
            reply = await self._ask("inquire", self._desk.meter(reference))
            return read_meter(reply, product, reference=reference, key=key)
        # Of all that is prepaid, the provider knows the holder of electricity meters only.
        return Bill(reference=reference, holder="", asked_with=key)

    async def submit(self, attempt: Attempt) -> Answer:
        if attempt.kind != PREPAID and not self._is_of_today(attempt):
            return _unsent(Proof.NOT_CREATED, "another_day")
        request = self._desk.sale(attempt)
        reply = await self._ask("submit", request)
        return self._without_secrets(read_answer(reply, attempt, first=True), request)

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        if objection := self._too_old_to_ask(attempt):
            return _unsent(Proof.NOTHING, objection)
        request = self._desk.question(attempt)
        # Even while the breaker is open: somebody's money hangs on it, and the answer is the best probe there is.
        reply = await self._ask("ask_outcome", request, anyway=True)
        return self._without_secrets(read_answer(reply, attempt, first=False), request)

    async def close(self) -> None:
        await self._outbound.close()

    async def _ask(self, call: str, request: Request, *, anyway: bool = False) -> Reply:
        ticket = self._breaker.enter(anyway=anyway)
        if ticket is None:
            self._observe(call, "resting", 0.0)
            return Reply(Fate.NOT_SENT, begins="resting after too many faults")
        started, fault = self._seconds(), None
        try:
            reply = await self._outbound.post(request.path, request.body, request.limits)
            fault = _is_fault(reply)
        finally:
            self._breaker.leave(ticket, fault=fault)
        self._observe(call, _outcome(reply), self._seconds() - started)
        return reply

    def _too_old_to_ask(self, attempt: Attempt) -> str:
        """Why an attempt must not be asked about; empty when it may. A clock that went back hides how old it is."""
        age = self._clock.now() - attempt.made_at
        if age >= OLDEST:
            return "too_old"
        return "clock_went_back" if age < -AHEAD else ""

    def _is_of_today(self, attempt: Attempt) -> bool:
        return self._clock.now().astimezone(JAKARTA).date() == attempt.made_at.astimezone(JAKARTA).date()

    def _without_secrets(self, answer: Answer, request: Request) -> Answer:
        """An error page may repeat what it was sent; evidence must not."""
        body = answer.body.replace(self._key, "***").replace(str(request.body["sign"]), "***")
        return replace(answer, body=body)


def _unsent(proof: Proof, code: str) -> Answer:
    return Answer(proof, code, body='{"fate":"unsent"}')


def _outcome(reply: Reply) -> str:
    """A name for metrics, from a short list whatever the provider says."""
    if reply.fate is not Fate.ANSWERED:
        return reply.fate.value
    rc = (data_of(reply) or {}).get("rc", "answered")
    return rc if isinstance(rc, str) and (rc in CODES or rc == "answered") else "unmapped"


def _is_fault(reply: Reply) -> bool:
    """Whether the provider fails us as a whole, not just in this one sale: nothing said, or nobody served."""
    data = data_of(reply)
    if data is None:
        return lines_of(reply) is None
    row = CODES.get(str(data.get("rc")))
    return row is not None and row.about in (About.ACCOUNT, About.PROVIDER)
