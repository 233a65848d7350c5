"""A port that answers: how long it bears with a silent line, and how it is closed. It knows nothing of payments."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web, web_response

from core.refusal import Fault

ANSWERED_WITHIN_S = 10.0
SILENT_S = 20.0

# What we run on is nobody's business. aiohttp says it even to what is no HTTP, where no handler of ours is asked.
web_response.SERVER_SOFTWARE = "loket"  # type: ignore[attr-defined]  # not exported, and there is no other way to it


class CannotListen(Fault):
    """The port is taken, or is not ours to take."""


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, silent_s: float = SILENT_S) -> AsyncIterator[int]:
    """Listen; gives the port that was taken. At the end nobody new is let in, and who is inside is answered.

    A line that brings no whole request for `silent_s` is closed. Raises `CannotListen`.
    """
    runner = web.AppRunner(
        app,
        access_log=None,  # paths hold secrets
        auto_decompress=False,  # no gateway compresses; what says it does is not worth a traceback
        keepalive_timeout=silent_s,
        shutdown_timeout=ANSWERED_WITHIN_S,
    )
    await runner.setup()
    try:
        await _begin(runner, host, port)
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _begin(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as trouble:
        # asyncio's own words for a port that is taken name it once more.
        why = trouble.strerror if isinstance(trouble, socket.gaierror) else os.strerror(trouble.errno or 0)
        raise CannotListen(f"Cannot listen on {host} port {port}: {why}.") from trouble
