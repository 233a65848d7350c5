"""A port that answers: how long it bears with a silent line, and how it is closed. It knows nothing of payments."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web, web_response

from core.refusal import Fault

ANSWERED_WITHIN_S = 10.0
SILENT_S = 20.0
CONNECTIONS = 2_000

# What we run on is nobody's business. aiohttp says it even to what is no HTTP, where no handler of ours is asked.
web_response.SERVER_SOFTWARE = "loket"  # type: ignore[attr-defined]  # not exported, and there is no other way to it


class CannotListen(Fault):
    """The port is taken, or is not ours to take."""


class _Bounded(web.AppRunner):
    """Holds so many connections at once; whoever comes then is hung up on before a byte of his is read."""

    def __init__(self, app: web.Application, most: int, **more: Any) -> None:
        super().__init__(app, **more)
        self._most = most

    @property
    def server(self) -> Any:
        """What a site makes a line's protocol by."""
        lines = super().server
        assert lines is not None, "set up before it listens"
        options = lines._kwargs  # noqa: SLF001  # what `Server` itself makes its own lines with
        loop = asyncio.get_running_loop()
        return lambda: _Line(lines, loop=loop, **options) if len(lines.connections) < self._most else _HungUp()


class _Line(web.RequestHandler):
    """One connection. aiohttp answers what is no HTTP with its own words, of which a PIN or a secret may be one."""

    __slots__ = ()

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        return super().handle_error(request, status, exc, f"{status}" if message else None)


class _HungUp(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


@asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, *, silent_s: float = SILENT_S, connections: int = CONNECTIONS
) -> AsyncIterator[int]:
    """Listen; gives the port that was taken. At the end nobody new is let in, and who is inside is answered.

    A line that brings no whole request for `silent_s` is closed. Raises `CannotListen`.
    """
    runner = _Bounded(
        app,
        connections,
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
