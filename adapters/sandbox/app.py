"""The Digiflazz buyer API over HTTP, as a double that remembers what it sold and fails on demand.

A request is read and checked, a fault is chosen for it, it is carried out, and the answer leaves the way the fault
lets it. What was carried out stays so, whether the answer arrives or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from adapters.sandbox import account, bill_payments, inspection, orders, purchases
from adapters.sandbox.answers import Answer, Refused, failure
from adapters.sandbox.book import Book
from adapters.sandbox.chance import between
from adapters.sandbox.clock import Clock
from adapters.sandbox.deliveries import Parcel
from adapters.sandbox.fault_plan import SALES, FaultPlan
from adapters.sandbox.faults import NONE, Fault
from adapters.sandbox.inspection import PROVIDER
from adapters.sandbox.numbers import script_of
from adapters.sandbox.options import SandboxOptions
from adapters.sandbox.orders import Call, text
from adapters.sandbox.products import price_list
from adapters.sandbox.provider import Provider
from adapters.sandbox.webhooks import Webhooks

BODY_LIMIT = 64 * 1024
CLOSING = web.AppKey("closing", asyncio.Event)

FIXED_CALLS: Mapping[str, Call] = {
    "/v1/cek-saldo": orders.CHECK_BALANCE,
    "/v1/price-list": orders.LIST_PRICES,
    "/v1/deposit": orders.ASK_TICKET,
    "/v1/inquiry-pln": orders.CHECK_METER,
}
CARRIED_OUT: Mapping[str, Callable[[Provider, Mapping[str, object], Fault], Answer]] = {
    "cek-saldo": account.balance,
    "price-list": account.prices,
    "deposit": account.ticket,
    "inquiry-pln": account.check_meter,
    "purchase": purchases.purchase,
    "inq-pasca": bill_payments.inquire,
    "pay-pasca": bill_payments.pay,
    "status-pasca": bill_payments.status,
}


def make_app(options: SandboxOptions) -> web.Application:
    """A sandbox to be served. Raises `UnusableBook`, and ValueError for rates that are none."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app[PROVIDER] = _provider(options)
    app[CLOSING] = asyncio.Event()
    app.add_routes([web.post(path, answer) for path in ("/v1/transaction", *FIXED_CALLS)])
    app.add_routes(inspection.routes())
    app.on_shutdown.append(_let_go)
    app.cleanup_ctx.append(_time_passes)
    return app


@asynccontextmanager
async def running(options: SandboxOptions) -> AsyncIterator[str]:
    """A sandbox that serves as long as the block lasts; answers its address. Port 0 takes any free one."""
    runner = web.AppRunner(make_app(options), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        port = runner.addresses[0][1]
        host = f"[{options.host}]" if ":" in options.host else options.host
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def serve(options: SandboxOptions, *, started: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve until `stop` is set; `started` is told the address as soon as requests are taken."""
    async with running(options) as address:
        started(address)
        await stop.wait()


async def answer(request: web.Request) -> web.StreamResponse:
    """Any request of the buyer API."""
    provider, closing = request.app[PROVIDER], request.app[CLOSING]
    body = await request.read()
    reply, fault = carry_out(provider, FIXED_CALLS.get(request.path), body)
    await _latency(provider.options, body, closing)
    return await fault.delivery(Parcel(request, reply, provider.options, closing))


def carry_out(provider: Provider, call: Call | None, body: bytes) -> tuple[Answer, Fault]:
    """Do what was asked, if it may be done; answers the reply and the fault that has it now."""
    order: dict[str, object] = {}
    fault = NONE
    try:
        order = orders.read_body(body)
        call = call or orders.transaction_call(order)
        orders.check(call, order, provider.options)
        provider.settle()
        fault = _fault(provider, call, order)
        return _carried_out(provider, call, order, fault), fault
    except Refused as refused:
        said = failure(refused.rc, order, refused.message)
        return Answer(said, provider.options.refused_http_status), fault


def _fault(provider: Provider, call: Call, order: Mapping[str, object]) -> Fault:
    ref_id = text(order, "ref_id")
    nth = provider.book.receive(ref_id, call.name) if ref_id else 1
    product = provider.products.get("pln20" if call is orders.CHECK_METER else text(order, "buyer_sku_code"))
    script = script_of(product, text(order, "customer_no")) if product else None
    scripted = "none"
    if script and call.name != "status-pasca":
        scripted = script.sale if call.name in SALES else script.check
    return provider.plan.choose(call.name, ref_id, scripted=scripted, nth=nth)


def _carried_out(provider: Provider, call: Call, order: Mapping[str, object], fault: Fault) -> Answer:
    if fault.rc:
        raise Refused(fault.rc)
    return CARRIED_OUT[call.name](provider, order, fault) if fault.reaches else Answer({})


async def _latency(options: SandboxOptions, body: bytes, closing: asyncio.Event) -> None:
    low, high = options.latency_ms
    if high:
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), between(low, high, options.seed, "latency", body) / 1000)


def _provider(options: SandboxOptions) -> Provider:
    clock = Clock(options.now)
    plan = FaultPlan(rates=options.rates, seed=options.seed)
    book = Book(options.data_file, opening_deposit=options.opening_deposit, now=clock.now())
    return Provider(options, book, clock, plan, Webhooks(options, book.balance), price_list())


async def _time_passes(app: web.Application) -> AsyncIterator[None]:
    """Settle what is due while nobody asks, and put everything away at the end."""
    provider = app[PROVIDER]
    ticking = asyncio.create_task(_tick(provider))
    yield
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    await provider.webhooks.close()
    provider.book.close()


async def _tick(provider: Provider) -> None:
    while True:
        provider.settle()
        await asyncio.sleep(provider.options.tick_s)


async def _let_go(app: web.Application) -> None:
    app[CLOSING].set()
