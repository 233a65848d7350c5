"""The dots of a PIN pad follow the fingers, but not at every key: a message may be edited about once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

EVERY_S = 1.0

Show = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Follower:
    """One pad's fingers being followed: `wanted` is the newest state that nobody has been shown yet."""

    wanted: Show | None
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None


class Dots:
    def __init__(self, *, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._followers: dict[str, _Follower] = {}

    def changed(self, address: str, show: Show) -> None:
        """A key was pressed; `show` makes the edit, now or when the last one is a second old."""
        follower = self._followers.get(address)
        if follower is not None:
            follower.wanted = show
            return
        follower = self._followers[address] = _Follower(show)
        follower.task = asyncio.create_task(self._follow(address, follower))

    async def still(self, address: str) -> None:
        """After this nothing is on its way that could paint over the next screen."""
        follower = self._followers.pop(address, None)
        if follower is None or follower.task is None:
            return
        async with follower.editing:  # an edit under way is waited for; a rest is not
            follower.task.cancel()

    async def _follow(self, address: str, follower: _Follower) -> None:
        while follower.wanted is not None:
            show, follower.wanted = follower.wanted, None
            async with follower.editing:
                await show()
            await asyncio.sleep(self._every_s)
        if self._followers.get(address) is follower:
            del self._followers[address]
