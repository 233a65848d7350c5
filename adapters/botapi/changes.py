"""Who wants to know that something changed in a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

EVERYWHERE = 0


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is message, edited, deleted, keyboard, toast, action or delivered."""

    chat_id: int
    kind: str
    message_id: int = 0


@dataclass(slots=True)
class Changes:
    """Listeners are told at once and must not wait."""

    listeners: list[Callable[[Change], object]] = field(default_factory=list)
    _waiting: dict[int, list[asyncio.Future[None]]] = field(default_factory=dict)

    def tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)
        self._wake(change.chat_id)
        self._wake(EVERYWHERE)

    async def next(self, chat_id: int, within_s: float) -> bool:
        """Wait for the next change in a chat; answers whether there was one."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(chat_id, []).append(waiter)
        with suppress(TimeoutError):
            await asyncio.wait_for(waiter, max(within_s, 0))
            return True
        self._forget(chat_id, waiter)
        return False

    def _forget(self, chat_id: int, waiter: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(chat_id, [])
        if waiter in waiting:
            waiting.remove(waiter)

    def _wake(self, chat_id: int) -> None:
        for waiter in self._waiting.pop(chat_id, ()):
            if not waiter.done():
                waiter.set_result(None)
