"""A bot's webhook that listens, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRET = "a-secret_of-ours"


@dataclass
class World:
    """The time of the double's world. It stands still until a test moves it."""

    time: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Listener:
    """`statuses` are answered first, then 200. `reply` is the body of each answer."""

    url: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    reply: dict[str, Any] | None = None
    slow_s: float = 0.0
    at_once: int = 0
    most_at_once: int = 0
    then: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    async def receive(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        update = await request.json()
        self.updates.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        await asyncio.sleep(self.slow_s)
        if self.then is not None:
            await self.then(update)
        self.at_once -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.reply, status=status) if self.reply else web.Response(status=status)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]

    @property
    def kinds(self) -> list[str]:
        return [kind for update in self.updates for kind in update if kind != "update_id"]


def png(width: int = 640, height: int = 480, padding: int = 0) -> bytes:
    """The head of a PNG of this size. Nobody looks at the rest."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return head + b"\x08\x02\x00\x00\x00" + bytes(padding)


def ogg(seconds: int = 3) -> bytes:
    """A single Ogg page that ends after so many seconds of Opus."""
    return b"OggS\x00\x04" + (seconds * 48_000).to_bytes(8, "little") + bytes(20)
