from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from adapters.billers.digiflazz import Digiflazz
from tests.adapters.billers.lines import Line, Open
from tests.adapters.billers.orders import settings
from tests.support.fakes import HandClock
from tests.support.scripted_http import Say, scripted_http


@pytest.fixture
async def open_line() -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_one(say: Say, **wishes: object) -> Line:
            provider = await stack.enter_async_context(scripted_http(say))
            clock, seen = HandClock(), list[tuple[str, str]]()
            gateway = Digiflazz(
                settings(f"{provider.url}/v1", **wishes),
                clock,
                observe=lambda call, outcome, _seconds: seen.append((call, outcome)),
            )
            stack.push_async_callback(gateway.close)
            return Line(gateway, provider, clock, seen)

        yield open_one
