"""Waiting for many things, each for the same time at most, on one timer instead of one each."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TypeVar

Result = TypeVar("Result")

LOOKS = 20  # a wait, so that one is late by a twentieth at most


class Patience:
    """How long to wait. What is given up on goes on by itself."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._looking = False

    async def lasts(self, task: asyncio.Task[Result]) -> bool:
        """Whether the task ended in time."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[None] = loop.create_future()
        task.add_done_callback(lambda _ended: None if over.done() else over.set_result(None))
        self._waiting.append((loop.time() + self._seconds, over))
        if not self._looking:
            self._looking = True
            loop.call_later(self._seconds / LOOKS, self._look, loop)
        await over
        return task.done()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the waits whose time has come; they stand in the order in which they began."""
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= loop.time()):
            _until, over = self._waiting.popleft()
            if not over.done():
                over.set_result(None)
        self._looking = bool(self._waiting)
        if self._looking:
            loop.call_later(self._seconds / LOOKS, self._look, loop)
