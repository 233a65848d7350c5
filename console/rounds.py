"""The work that goes on beside the answers, each kind in a loop of its own: one in trouble holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from adapters.wiring import Wired
from core.domain.bill import BillerDown
from core.ports import StoreLost
from core.services.deliver import deliver
from core.services.follow_up import follow_up
from core.services.prices import refresh_prices

log = structlog.get_logger(__name__)

FOLLOW_UP_EVERY_S = 0.5
DELIVER_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Round:
    """One kind of work; `work` answers how much it found to do."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[int]]


def rounds_of(wired: Wired, *, prices_every_s: float) -> list[Round]:
    counter = wired.counter
    return [
        Round("follow_up", FOLLOW_UP_EVERY_S, lambda: follow_up(counter)),
        Round("deliver", DELIVER_EVERY_S, lambda: deliver(counter, wired.notifier)),
        *(Round(f"prices_{name}", prices_every_s, _prices(wired, name)) for name in counter.gateways),
    ]


@asynccontextmanager
async def going(rounds: list[Round], failed: Callable[[str], None], lost: asyncio.Event) -> AsyncIterator[None]:
    """Keep the rounds going while the context is open. `lost` is set when the store can no longer be trusted."""
    loops = [asyncio.create_task(_go(one, failed, lost), name=one.name) for one in rounds]
    try:
        yield
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def _go(one: Round, failed: Callable[[str], None], lost: asyncio.Event) -> None:
    """One round after another. What fails is counted, logged and tried again: a loop that dies would be missed late."""
    while not lost.is_set():
        found = 0
        try:
            found = await one.work()
        except StoreLost:
            log.exception("store_lost", round=one.name)
            lost.set()
        except Exception:
            # The edge of the program: a bug in one round is counted and loud, and must not end the others.
            failed(one.name)
            log.exception("round_failed", round=one.name)
        if not found:
            await _rest(one.every_s, lost)


async def _rest(seconds: float, lost: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await lost.wait()
    except TimeoutError:
        return


def _prices(wired: Wired, provider: str) -> Callable[[], Awaitable[int]]:
    async def read() -> int:
        try:
            lines = await refresh_prices(wired.counter, provider)
        except BillerDown as down:
            log.warning("prices_not_read", provider=provider, why=str(down))
        else:
            log.info("prices_read", provider=provider, lines=lines)
        return 0

    return read
