"""The callbacks that a provider really sends, read as ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web

from adapters.billers.digiflazz import Callback, Digiflazz, read_callback
from adapters.sandbox import SandboxOptions, running
from core.domain.money import Money
from tests.adapters.billers.orders import BILL, KEY, POSTPAID, PURCHASE, SECRET, USERNAME, settings
from tests.support.fakes import HandClock


@dataclass
class Ear:
    """Hears callbacks on a port of this machine."""

    heard: asyncio.Queue[Callback | None] = field(default_factory=asyncio.Queue)
    url: str = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.put_nowait(read_callback(request.headers, await request.read(), SECRET))
        return web.Response()

    async def next(self, count: int) -> list[Callback | None]:
        async with asyncio.timeout(2):
            return [await self.heard.get() for _ in range(count)]


@dataclass
class Shop:
    gateway: Digiflazz
    clock: HandClock
    ear: Ear


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    ear, app = Ear(), web.Application()
    app.router.add_post("/providers/digiflazz", ear.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/providers/digiflazz"
    yield ear
    await runner.cleanup()


@pytest.fixture
async def shop(ear: Ear) -> AsyncIterator[Shop]:
    clock = HandClock()
    options = SandboxOptions(
        username=USERNAME,
        api_key=KEY,
        webhook_secret=SECRET,
        port=0,
        now=clock.now,
        callback_url=ear.url,
        tick_s=0.01,
    )
    async with running(options) as url:
        gateway = Digiflazz(settings(f"{url}/v1"), clock)
        yield Shop(gateway, clock, ear)
        await gateway.close()


async def test_a_sale_that_is_pending_and_then_succeeds_is_heard_of_twice(shop: Shop):
    pending = replace(PURCHASE, reference="12345678903")

    await shop.gateway.submit(pending)
    shop.clock.pass_by(seconds=30)
    heard = await shop.ear.next(2)

    assert [(hint.event, hint.key, hint.reference) for hint in heard if hint] == [
        ("create", pending.key, pending.reference),
        ("update", pending.key, pending.reference),
    ]
    assert {hint.amount for hint in heard if hint} == {Money.of(20_125, "IDR")}


async def test_a_bill_that_is_paid_is_heard_of_with_what_left_our_deposit(shop: Shop):
    bill = await shop.gateway.inquire(POSTPAID, BILL.code, BILL.reference, key=BILL.key)
    assert bill.cost is not None

    await shop.gateway.submit(replace(BILL, most_minor=bill.cost.minor))
    (hint,) = await shop.ear.next(1)

    assert hint is not None
    assert (hint.key, hint.reference, hint.amount) == (BILL.key, BILL.reference, bill.cost)


async def test_a_forged_callback_is_not_believed(shop: Shop):
    forged = replace(PURCHASE, reference="12345678921")

    await shop.gateway.submit(forged)
    shop.clock.pass_by(seconds=30)
    heard = await shop.ear.next(3)

    assert None in heard
    assert {hint.key for hint in heard if hint} == {forged.key}
