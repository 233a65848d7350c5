"""A counter whose store came back from a copy: whoever dials hears that it is closed, until it may open."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext

import structlog

from adapters.settings import Settings
from adapters.wiring import Wired, wired
from console.doors import public_app
from console.ending import told_to_end
from console.listening import listening
from console.metrics import Metrics
from core.conversation.languages import FIRST
from core.conversation.listen import CLOSED
from core.conversation.pace import Pace
from core.conversation.said import Said
from core.conversation.view import Page
from core.ports import Words
from core.services.reopen import closed_since, notice
from ussd.desk import Desk
from ussd.pages import UssdChannel

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0


async def may_open(settings: Settings, *, public: bool = True) -> bool:
    """True once the counter may open, at once where its store is no copy; False when the process is told to end first.

    Meanwhile no money is taken, no provider is asked and no message leaves. Callbacks of providers are kept.
    """
    async with wired(settings, owner=True) as parts:
        restore = await closed_since(parts.store)
        if restore is None:
            return True
        noticed = await notice(parts.counter, restore)
        words = parts.counter.words
        desk = Desk(ClosedListener(words), words, Pace(settings.turns_per_s, settings.turns_burst))
        outside = public_app(settings, desk, parts, Metrics())
        door = listening(outside, settings.host, settings.port) if public else nullcontext(0)
        reopened = asyncio.Event()
        looking = asyncio.create_task(_look_for(parts, reopened))
        try:
            async with door as port:
                ending = asyncio.create_task(told_to_end(reopened))
                await asyncio.sleep(0)  # it listens from now on: whoever reads the line may end us at once
                log.warning("closed_after_restore", port=port, taken_at=noticed.taken_at.isoformat())
                await ending
        finally:
            looking.cancel()
        return reopened.is_set()


async def _look_for(parts: Wired, reopened: asyncio.Event) -> None:
    while not reopened.is_set():
        await asyncio.sleep(LOOK_EVERY_S)
        if await closed_since(parts.store) is None:
            log.info("reopened")
            reopened.set()


class ClosedListener:
    """Says the same to everybody, and writes nothing down."""

    def __init__(self, words: Words) -> None:
        self._page = UssdChannel().fit(CLOSED, 0, language=FIRST, words=words)

    async def listen(self, said: Said) -> Page:
        return self._page

    async def hung_up(self, channel: str, address: str, gateway_session: str) -> None:
        """There is nothing to go on with."""
