"""Who talks to Telegram: one process at a time, where several share a store.

A chat has its order, a screen its one message and a PIN pad its few seconds, all in the memory of the process that
answers. The others keep what Telegram brings them, and it is found here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from core.ports import StoreDown

log = structlog.get_logger(__name__)

ASK_EVERY_S = 5.0

HasIt = Callable[[], Awaitable[bool]]


class Charge:
    """`has_it` asks for the role and keeps it for longer than `ask_every_s`; None: nobody else is there."""

    def __init__(self, has_it: HasIt | None, *, ask_every_s: float = ASK_EVERY_S) -> None:
        self._has_it, self._ask_every_s = has_it, ask_every_s
        self._changed = asyncio.Condition()
        self.mine = has_it is None

    @property
    def shared(self) -> bool:
        """Whether it may be another's."""
        return self._has_it is not None

    async def keep(self) -> None:
        """Ask again and again, until cancelled."""
        while self._has_it is not None:
            try:
                await self._become(await self._has_it())
            except StoreDown as down:
                log.warning("telegram_charge_unknown", why=str(down))
                await self._become(False)
            await asyncio.sleep(self._ask_every_s)

    async def becomes(self, mine: bool) -> None:
        """Wait until it is so."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.mine is mine)

    async def _become(self, mine: bool) -> None:
        if mine is self.mine:
            return
        async with self._changed:
            self.mine = mine
            self._changed.notify_all()
        log.info("telegram_charge", mine=mine)
