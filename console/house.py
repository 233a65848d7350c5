"""A running counter: webhooks on one port, console and metrics on a second, loopback one, and the rounds beside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.settings import Settings, secrets_of
from adapters.wiring import Callback, Observe, Wired, read_callback, wired
from console.metrics import Metrics
from console.rounds import going, rounds_of
from core.conversation.listen import Listener
from core.services.follow_up import recover
from core.services.hear_callback import Hint, hear_callback
from ussd.app import Door, ussd_routes
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking
from ussd.gateways.hubtel import Hubtel
from ussd.pace import Pace
from ussd.pages import UssdChannel

log = structlog.get_logger(__name__)

LARGEST_CALLBACK = 64 * 1024
SHUTDOWN_S = 10.0
SILENT_S = 20.0


@dataclass(frozen=True, slots=True)
class House:
    """What is running. `lost` is set when the process must end because the store can no longer be trusted."""

    settings: Settings
    wired: Wired
    listener: Listener
    desk: Desk
    metrics: Metrics
    port: int
    console_port: int
    lost: asyncio.Event


Furnish = Callable[[Wired, Listener, web.Application], None]


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    on_screen: bool = False,
    furnish: Furnish = lambda _wired, _listener, _app: None,
    observe: Observe = lambda _provider, _call, _outcome, _seconds: None,
) -> AsyncIterator[House]:
    """Open the store, take up what a crash left, and answer until the context ends.

    `furnish` may add pages to the console's application before it is served; `observe` hears of each call to a
    provider, as the metrics do.
    """
    metrics = Metrics()

    def observed(provider: str, call: str, outcome: str, seconds: float) -> None:
        metrics.call(provider, call, outcome, seconds)
        observe(provider, call, outcome, seconds)

    async with wired(settings, owner=True, on_screen=on_screen, observe=observed) as parts:
        listener = Listener(parts.counter, [UssdChannel()])
        desk = Desk(listener, parts.counter.words, Pace(settings.turns_per_s, settings.turns_burst))
        log.info("recovered", in_doubt=await recover(parts.counter))
        console = _console(parts, metrics)
        furnish(parts, listener, console)
        lost = asyncio.Event()
        rounds = rounds_of(parts, prices_every_s=settings.prices_every_s)
        async with (
            _served(_public(settings, desk, parts, metrics), settings.host, settings.port) as port,
            _served(console, "127.0.0.1", settings.console_port) as console_port,
            going(rounds, metrics.failed, lost),
        ):
            yield House(settings, parts, listener, desk, metrics, port, console_port, lost)
            await desk.finish()
            await listener.finish()


def _public(settings: Settings, desk: Desk, parts: Wired, metrics: Metrics) -> web.Application:
    app = web.Application(middlewares=[_timed(metrics)], client_max_size=LARGEST_CALLBACK)
    app.add_routes(ussd_routes(desk, _doors(settings)))
    secret = settings.digiflazz_webhook_secret
    if secret is not None:
        app.router.add_post("/providers/digiflazz", _digiflazz(parts, secret.get_secret_value()))
    app.router.add_get("/health/live", _live)
    app.router.add_get("/health/ready", _ready(parts))
    return app


def _console(parts: Wired, metrics: Metrics) -> web.Application:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.page(parts.counter), content_type="text/plain", charset="utf-8")

    app = web.Application()
    app.router.add_get("/metrics", page)
    app.router.add_get("/health/live", _live)
    app.router.add_get("/health/ready", _ready(parts))
    return app


def _doors(settings: Settings) -> list[Door]:
    """A gateway without a secret has no door at all."""
    pepper = settings.secret_key.get_secret_value().encode()
    gateways = (
        (AfricasTalking(pepper), settings.africastalking_secret),
        (Hubtel(pepper, [settings.short_code]), settings.hubtel_secret),
    )
    return [Door(gateway, secrets_of(secret)) for gateway, secret in gateways if secret is not None]


def _timed(metrics: Metrics) -> Middleware:
    """Turn latency as the gateway sees it."""

    @web.middleware
    async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        reply = await handler(request)
        if request.path.startswith("/ussd/"):
            metrics.turn(request.path.split("/")[2], time.perf_counter() - started)
        return reply

    return timed


def _digiflazz(parts: Wired, secret: str) -> Handler:
    """Keep what a callback says, then acknowledge it. Without our signature it is as if nobody were here."""

    async def hear(request: web.Request) -> web.Response:
        try:
            callback = read_callback(request.headers, await request.read(), secret)
        except web.HTTPRequestEntityTooLarge:
            callback = None
        if callback is None:
            raise web.HTTPNotFound
        if not callback.is_ping:
            hint = _hint(callback)
            did = await hear_callback(parts.counter, hint)
            log.info("callback", provider="digiflazz", event_kind=callback.event, did=did)
        return web.Response(text="ok")

    return hear


def _hint(said: Callback) -> Hint:
    return Hint("digiflazz", said.key, said.reference, said.amount, said.body, said.says_paid)


async def _live(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


def _ready(parts: Wired) -> Handler:
    async def ready(_request: web.Request) -> web.Response:
        await parts.counter.store.figures()
        return web.Response(text="ok")

    return ready


@asynccontextmanager
async def _served(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen; answers the port that was taken. At the end no new call is accepted and those under way are answered."""
    runner = web.AppRunner(
        app,
        access_log=None,  # paths hold secrets
        auto_decompress=False,  # no gateway compresses; what says it does is not worth a traceback
        keepalive_timeout=SILENT_S,
        shutdown_timeout=SHUTDOWN_S,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
