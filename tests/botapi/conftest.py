"""A double on a free port, Telegram's best known client against it, and a bot that only listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.request import HTTPXRequest

from adapters.botapi import BotApiOptions, Person, Server, running
from tests.botapi.listener import SECRET, Listener, World
from tests.botapi.raw import Raw

Open = Callable[..., Awaitable[tuple[Server, Bot]]]


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns of times as numbers."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def open_double(world: World) -> AsyncIterator[Open]:
    """Opens doubles with what a test wants otherwise than usual; answers each with a client of its bot."""
    async with AsyncExitStack() as stack:

        async def open_one(**wishes: object) -> tuple[Server, Bot]:
            options = replace(BotApiOptions(now=world), **wishes)  # type: ignore[arg-type]
            server = await stack.enter_async_context(running(options))
            return server, await stack.enter_async_context(client_of(server))

        yield open_one


@asynccontextmanager
async def client_of(server: Server, token: str = "") -> AsyncIterator[Bot]:
    """The client, as it is after `initialize` and without the call that this makes."""
    plainly = {"trust_env": False, "verify": False}
    calls, polls = (HTTPXRequest(connection_pool_size=16, httpx_kwargs=plainly) for _ in range(2))
    base, file_base = f"{server.url}/bot", f"{server.url}/file/bot"
    try:
        yield Bot(token or server.options.token, base, file_base, request=calls, get_updates_request=polls)
    finally:
        await calls.shutdown()
        await polls.shutdown()


@pytest.fixture
async def double(open_double: Open) -> tuple[Server, Bot]:
    return await open_double()


@pytest.fixture
def server(double: tuple[Server, Bot]) -> Server:
    return double[0]


@pytest.fixture
def bot(double: tuple[Server, Bot]) -> Bot:
    return double[1]


@pytest.fixture
async def raw(server: Server) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(session, server)


@pytest.fixture
async def amina(server: Server) -> Person:
    """Somebody who has started the bot."""
    person = server.person(1001, first_name="Amina", language_code="sw", phone="+255712345678")
    await person.start()
    return person


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """The bot's webhook: it keeps what comes, and answers what a test tells it to."""
    heard, app = Listener(), web.Application()
    app.router.add_post("/telegram", heard.receive)
    async with TestServer(app) as server:
        heard.url = str(server.make_url("/telegram"))
        yield heard


@pytest.fixture
async def hooked(bot: Bot, listener: Listener) -> Listener:
    """The listener, connected."""
    await bot.set_webhook(listener.url, secret_token=SECRET)
    return listener
