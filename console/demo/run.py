"""Everything on this machine: the provider, Telegram, the counter, and the page with the phones."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from adapters.sandbox import SandboxOptions, UnusableBook, running
from adapters.settings import Settings, secrets_of
from adapters.wiring import Wired
from console.commands.dial import over_http
from console.demo.accounts import account_at, begin_chats, telegram
from console.demo.calls import Calls
from console.demo.chats import Chats
from console.demo.folder import settings_in
from console.demo.lookout import Lookout
from console.demo.moods import Provider
from console.demo.opening import DEPOSIT, begin
from console.demo.phones import Phones
from console.demo.site import Site, add_pages
from console.house import House, open_house
from core.conversation.listen import Listener
from core.refusal import Fault
from ussd.phone import Network

LATENCY_MS = (200, 700)
SETTLES_AFTER_S = 6


class CannotOpen(Fault):
    """Something is in the way; the words say what, and what to do."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be chosen. A port of 0 is any free one; `rates` are chances of the sandbox's faults."""

    port: int = 8080
    console_port: int = 8081
    rates: Mapping[str, float] = field(default_factory=dict)
    latency_ms: tuple[int, int] = LATENCY_MS


@asynccontextmanager
async def demo_in(folder: Path, wishes: Wishes) -> AsyncIterator[House]:
    """A demo in a folder, open until the context ends; taken up where it was left if it was there before.

    Raises `CannotOpen`.
    """
    if wishes.port and wishes.port == wishes.console_port:
        raise CannotOpen("Gateways and the page need two ports: choose another one with --console-port.")
    port, console_port = free(wishes.port, "--port"), free(wishes.console_port, "--console-port")
    async with AsyncExitStack() as opened:
        double = await opened.enter_async_context(telegram())
        account = account_at(double)
        settings = settings_in(folder, account, provider_port=free(0), port=port, console_port=console_port)
        calls = Calls()
        url = await opened.enter_async_context(_providing(settings, folder, wishes))
        http = await opened.enter_async_context(aiohttp.ClientSession())
        network = await opened.enter_async_context(_network(settings))
        provider = Provider(url, http, wishes.rates)

        def furnish(parts: Wired, _listener: Listener, app: web.Application) -> None:
            phones = Phones(network, parts, short_code=settings.short_code)
            lookout = Lookout(parts, calls, provider, double)
            add_pages(Site(parts, phones, Chats(double), provider, lookout, settings.short_code), app)

        house = await opened.enter_async_context(
            open_house(settings, on_screen=True, furnish=furnish, observe=calls.heard)
        )
        await begin(house.wired.counter)
        await begin_chats(double, house.wired)
        yield house


@asynccontextmanager
async def _providing(settings: Settings, folder: Path, wishes: Wishes) -> AsyncIterator[str]:
    """The sandbox provider; answers its address."""
    async with AsyncExitStack() as opened:
        try:
            url = await opened.enter_async_context(running(_sandbox(settings, folder, wishes)))
        except (ValueError, UnusableBook) as unfit:
            raise CannotOpen(str(unfit)) from unfit
        yield url


def _sandbox(settings: Settings, folder: Path, wishes: Wishes) -> SandboxOptions:
    key, webhook_secret = settings.digiflazz_key, settings.digiflazz_webhook_secret
    assert key is not None and webhook_secret is not None, "the demo makes its own"
    return SandboxOptions(
        username=settings.digiflazz_username,
        api_key=key.get_secret_value(),
        webhook_secret=webhook_secret.get_secret_value(),
        port=urlsplit(settings.digiflazz_url).port or 0,
        data_file=folder / "provider.db",
        callback_url=f"http://127.0.0.1:{settings.port}/providers/digiflazz",
        opening_deposit=DEPOSIT,
        rates=wishes.rates,
        latency_ms=wishes.latency_ms,
        settle_after_s=SETTLES_AFTER_S,
    )


def _network(settings: Settings) -> AbstractAsyncContextManager[Network]:
    """Between the phones and the counter's public door, where any gateway stands."""
    secret = secrets_of(settings.africastalking_secret)[0]
    return over_http(f"http://127.0.0.1:{settings.port}", secret)


def free(port: int, option: str = "") -> int:
    """The port, if nobody listens there; for 0 one that is free. Raises `CannotOpen`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotOpen(f"Port {port} is taken: choose another one with {option}, or end what uses it.") from None
        return int(probe.getsockname()[1])
