"""A sandbox on a free port of the loopback interface, with a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from adapters.sandbox import SandboxOptions, running
from tests.sandbox.buyer import KEY, SECRET, USERNAME, Buyer, Wall

Open = Callable[..., Awaitable[Buyer]]


@pytest.fixture
async def open_sandbox() -> AsyncIterator[Open]:
    """Opens sandboxes with what a test wants otherwise than usual; they close when the test ends."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def open_one(**wishes: object) -> Buyer:
            wall = Wall()
            usual = {"username": USERNAME, "api_key": KEY, "webhook_secret": SECRET, "port": 0, "now": wall}
            options = SandboxOptions(**{"opening_deposit": 1_000_000, **usual, **wishes})  # type: ignore[arg-type]
            return Buyer(session, await stack.enter_async_context(running(options)), wall)

        yield open_one


@pytest.fixture
async def buyer(open_sandbox: Open) -> Buyer:
    return await open_sandbox()
