"""Providers on trial: each with its gateway, a double of it on the loopback interface, and numbers that behave.

To put another provider on trial, write its `…_trial` and add a line to `TRIALS`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from adapters.billers.breaker import Breaker, Patience
from adapters.billers.digiflazz import Digiflazz
from adapters.sandbox import SandboxOptions, running
from core.domain.biller import Product
from core.domain.money import Money
from core.domain.payment import Attempt
from core.ports import BillerGateway
from tests.adapters.billers import orders
from tests.adapters.billers.orders import POSTPAID, SECRET, TOKEN, USERNAME, settings
from tests.support.fakes import HandClock

KEY = "01k9-1"
# What a double must be able to do to a sale, under names of ours; a trial says what its own double calls them.
ANSWER_LOST = ("no_answer", "server_error", "reset", "garbage", "truncated", "cut_short", "page", "huge")
ANSWER_WRONG = ("of_another_number", "of_another_key", "unmapped_code", "key_taken", "too_dear")
NEVER_ARRIVED = ("lost_on_the_way", "server_error_before", "reset_before", "page_before")


@dataclass(frozen=True)
class Goods:
    """Something to buy: `numbers` are customers by what happens to them, `price` what a purchase sells at."""

    product: Product
    code: str
    numbers: Mapping[str, str]
    price: int = 0


@dataclass
class Trial:
    """`gateway` bears with any number of faults, `impatient` has its usual breaker.

    `oldest_s` is the age past which the provider must not be asked about a purchase.
    """

    gateway: BillerGateway
    impatient: BillerGateway
    clock: HandClock
    purchase: Goods
    bill: Goods
    faults: Mapping[str, str]
    oldest_s: int
    secrets: tuple[str, ...]
    double: Double

    async def prepare(self, goods: Goods, number: str, *, key: str = KEY, most: int | None = None) -> Attempt:
        """An attempt that may be submitted now; a bill is looked up first, with the same key. `most` in major units."""
        bill = await self.gateway.inquire(goods.product, goods.code, goods.numbers[number], key=key)
        costs = bill.owed + bill.admin if bill.owed and bill.admin else Money.of(goods.price, goods.product.currency)
        return self.attempt(goods, number, key=key, most=most if most is not None else costs.major)

    def attempt(self, goods: Goods, number: str, *, most: int, key: str = KEY) -> Attempt:
        return Attempt(
            payment_id=key.partition("-")[0],
            number=1,
            provider=self.gateway.name,
            key=key,
            code=goods.code,
            reference=goods.numbers[number],
            most_minor=Money.of(most, goods.product.currency).minor,
            currency=goods.product.currency,
            kind=goods.product.kind.value,
            made_at=self.clock.now(),
        )

    async def kept(self, goods: Goods) -> Money:
        """What the provider took from our deposit and kept, for the key that trials use."""
        return Money.of(sum(await self.double.kept(KEY)), goods.product.currency)

    async def spoil(self, fault: str) -> None:
        """Let a fault strike the next sale."""
        await self.double.spoil(self.faults[fault])


@dataclass
class Double:
    """The other side, looked at from above."""

    url: str
    session: aiohttp.ClientSession

    async def spoil(self, fault: str) -> None:
        async with self.session.post(f"{self.url}/sandbox/faults", json={"next": [fault]}) as response:
            assert response.status == 200, await response.text()

    async def settle(self) -> None:
        """Bring what is pending to its end."""
        async with self.session.post(f"{self.url}/sandbox/settle", json={}) as response:
            assert response.status == 200

    async def received(self, key: str) -> int:
        """Requests about this key that were sales or questions about one."""
        return sum(line["received"] for line in await self._lines(key))

    async def kept(self, key: str) -> list[int]:
        """What was taken from our deposit for this key, a sale each, in major units."""
        return [line["price"] for line in await self._lines(key) if line["sn"]]

    async def made(self, key: str) -> int:
        return len(await self._lines(key))

    async def _lines(self, key: str) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.url}/sandbox/ledger") as response:
            return [line for line in (await response.json())["sales"] if line["ref_id"] == key]


METERS = {
    "pays": "12345678901",
    "unknown": "12345678902",
    "pending_then_paid": "12345678903",
    "pending_then_failed": "12345678904",
    "fails": "12345678910",
    "paid_after_failing": "12345678916",
    "given_back": "12345678926",
    "lags": "12345678918",
}
BILLS = {
    "pays": "530000000001",
    "pays_many": "530000000002",
    "owes_nothing": "530000000004",
    "unknown": "530000000005",
    "fails": "530000000006",
    "pending_then_paid": "530000000007",
    "closed": "530000000008",
    "pending_then_failed": "530000000009",
}
FAULTS = {
    "no_answer": "no_answer_after",
    "server_error": "error_after",
    "reset": "reset_after",
    "garbage": "garbage",
    "truncated": "truncated",
    "cut_short": "half_a_body",
    "page": "html_after",
    "huge": "huge",
    "of_another_number": "wrong_number",
    "of_another_key": "wrong_ref",
    "unmapped_code": "unmapped_rc",
    "key_taken": "not_unique_after",
    "too_dear": "tenfold_amount",
    "lost_on_the_way": "no_answer_before",
    "server_error_before": "error_before",
    "reset_before": "reset_before",
    "page_before": "html",
    "refused_us": "refused_ip",
    "status_lags": "lagging_status",
    "paid_after_failing": "late_success",
    "given_back": "refunded_later",
}


@asynccontextmanager
async def digiflazz_trial() -> AsyncIterator[Trial]:
    clock = HandClock()
    options = SandboxOptions(
        username=USERNAME,
        api_key=orders.KEY,
        webhook_secret=SECRET,
        port=0,
        now=clock.now,
        hang_s=5.0,
        huge_bytes=256 * 1024,
    )
    limits = {"sale_s": 0.4, "inquiry_s": 0.4, "prices_s": 2.0}
    async with running(options) as url, aiohttp.ClientSession() as session:
        patience = Patience(in_a_row=99, among=99)
        gateway = Digiflazz(settings(f"{url}/v1", **limits), clock, breaker=Breaker(_still, patience))
        impatient = Digiflazz(settings(f"{url}/v1", **limits), clock, breaker=Breaker(_still))
        yield Trial(
            gateway=gateway,
            clock=clock,
            purchase=Goods(TOKEN, "pln20", METERS, price=22_500),
            bill=Goods(POSTPAID, "pln", BILLS),
            faults=FAULTS,
            oldest_s=89 * 24 * 3600,
            secrets=(orders.KEY, SECRET),
            double=Double(url, session),
            impatient=impatient,
        )
        await gateway.close()
        await impatient.close()


def _still() -> float:
    return 0.0


TRIALS: Mapping[str, Callable[[], AbstractAsyncContextManager[Trial]]] = {"digiflazz": digiflazz_trial}
