"""A running counter: webhooks on one port, console and metrics on a second, loopback one, and the rounds beside."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from adapters.settings import Settings
from adapters.wiring import Observe, Wired, wired
from console.doors import health_routes, public_app
from console.listening import listening
from console.metrics import Metrics
from console.rounds import going, rounds_of
from console.telegram import at_work, bot_of, channels_of, routes_of
from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.services.follow_up import recover
from ussd.desk import Desk

if TYPE_CHECKING:
    from bot.app import Bot

log = structlog.get_logger(__name__)


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
    bot: Bot | None = None


Furnish = Callable[[Wired, Listener, web.Application], None]


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    on_screen: bool = False,
    furnish: Furnish = lambda _wired, _listener, _app: None,
    observe: Observe = lambda _provider, _call, _outcome, _seconds: None,
    public: bool = True,
) -> AsyncIterator[House]:
    """Open the store, take up what a crash left, and answer until the context ends.

    `furnish` may add pages to the console's application before it is served; `observe` hears of each call to a
    provider, as the metrics do. Without `public` nobody can call from outside: Telegram is polled.
    """
    metrics = Metrics()

    def observed(provider: str, call: str, outcome: str, seconds: float) -> None:
        metrics.call(provider, call, outcome, seconds)
        observe(provider, call, outcome, seconds)

    async with wired(settings, owner=True, on_screen=on_screen, observe=observed) as parts:
        listener = Listener(parts.counter, channels_of(settings))
        bot = bot_of(settings, parts, listener, metrics.update)
        desk = Desk(listener, parts.counter.words, Pace(settings.turns_per_s, settings.turns_burst))
        log.info("recovered", in_doubt=await recover(parts.counter))
        console = _console(parts, metrics)
        furnish(parts, listener, console)
        lost = asyncio.Event()
        chats = {"telegram": bot.notifier} if bot else {}
        operators = bot.operators if bot else None
        rounds = rounds_of(
            parts,
            prices_every_s=settings.prices_every_s,
            chats=chats,
            operators=operators,
            boards=(*parts.boards, *([bot.heads] if bot and bot.heads else [])),
            head_every_s=settings.head_every_s,
            day_cut_after_s=settings.day_cut_after_s,
            counts=metrics.counts,
        )
        outside = public_app(settings, desk, parts, metrics)
        outside.add_routes(routes_of(settings, bot))
        door = (
            listening(outside, settings.host, settings.port, connections=settings.connections)
            if public
            else nullcontext(0)
        )
        # Closed from the last to the first: nobody new is let in, what was begun is finished, then the rounds end.
        async with (
            going(rounds, metrics.failed, lost, grace_s=parts.counter.terms.answer_overdue.total_seconds()),
            listening(console, "127.0.0.1", settings.console_port) as console_port,
            _finished(desk, listener),
            at_work(bot),
            door as port,
        ):
            yield House(settings, parts, listener, desk, metrics, port, console_port, lost, bot)


@asynccontextmanager
async def _finished(desk: Desk, listener: Listener) -> AsyncIterator[None]:
    """At the end, wait for turns that were given up on and go on, and for payments that are being sent."""
    try:
        yield
    finally:
        await desk.finish()
        await listener.finish()


def settled_in() -> None:
    """What was made at the start stays for good: the garbage collector need not look at it every few hundred turns.

    For a process that serves and does nothing else; a twentieth of a menu turn was spent on it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _console(parts: Wired, metrics: Metrics) -> web.Application:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.page(parts.counter), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", page)
    app.add_routes(health_routes(parts))
    return app
