"""Server-sent events: a whole view whenever something in it has changed, until the reader leaves or we close."""

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
Rest = Callable[[], Awaitable[None]]


def streaming(look: Look, closing: asyncio.Event) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """`GET /demo/live`: a handler that looks again and again."""

    async def rest() -> None:
        await waited(closing, within_s=LOOK_EVERY_S)

    async def live(request: web.Request) -> web.StreamResponse:
        return await told(request, look, rest, closing)

    return live


async def told(request: web.Request, look: Look, rest: Rest, closing: asyncio.Event) -> web.StreamResponse:
    """Tell a reader what there is to see; `rest` ends when it is time to look again, or `closing` is set."""
    reply = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await reply.prepare(request)
    with suppress(ConnectionResetError):
        await _tell(reply, look, rest, closing)
    return reply


async def _tell(reply: web.StreamResponse, look: Look, rest: Rest, closing: asyncio.Event) -> None:
    told_last, told_s = b"", time.monotonic()
    while not closing.is_set():
        view = json.dumps(await look(), ensure_ascii=False).encode()
        if view != told_last:
            await reply.write(b"data: " + view + b"\n\n")
            told_last, told_s = view, time.monotonic()
        elif time.monotonic() > told_s + SAY_SOMETHING_EVERY_S:
            await reply.write(b": still here\n\n")
            told_s = time.monotonic()
        await rest()


async def waited(*events: asyncio.Event, within_s: float) -> None:
    """Until one of these is set, or the time is over."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
