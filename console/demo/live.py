"""`GET /demo/live`: the operator's view as server-sent events, a whole view whenever something in it has changed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from console.demo.lookout import LOOK_EVERY_S, Json

# Proxies and browsers let go of a line on which nothing is said.
SAY_SOMETHING_EVERY_S = 10.0

Look = Callable[[], Awaitable[Json]]


def streaming(look: Look, closing: asyncio.Event) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler that tells until the reader leaves or `closing` is set."""

    async def live(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await reply.prepare(request)
        with suppress(ConnectionResetError):
            await _tell(reply, look, closing)
        return reply

    return live


async def _tell(reply: web.StreamResponse, look: Look, closing: asyncio.Event) -> None:
    told, told_s = b"", time.monotonic()
    while not closing.is_set():
        view = json.dumps(await look(), ensure_ascii=False).encode()
        if view != told:
            await reply.write(b"data: " + view + b"\n\n")
            told, told_s = view, time.monotonic()
        elif time.monotonic() > told_s + SAY_SOMETHING_EVERY_S:
            await reply.write(b": still here\n\n")
            told_s = time.monotonic()
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), LOOK_EVERY_S)
