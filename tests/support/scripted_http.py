"""A provider on the loopback interface that says what a test tells it to, and counts what it was sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

Say = Callable[[Mapping[str, object]], object]


@dataclass
class ScriptedHttp:
    """`say` makes the reply's `data` from the request, or a whole response; `received` are the requests so far."""

    say: Say
    url: str = ""
    received: list[dict[str, object]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.raw.append(body)
        self.received.append(json.loads(body))
        self.paths.append(request.path)
        said = self.say(self.received[-1])
        return said if isinstance(said, web.StreamResponse) else web.json_response({"data": said})


@asynccontextmanager
async def scripted_http(say: Say) -> AsyncIterator[ScriptedHttp]:
    provider = ScriptedHttp(say)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", provider.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()


@dataclass
class ServerOfBytes:
    url: str = ""
    heard: int = 0


@asynccontextmanager
async def server_of_bytes(*said: bytes, hangs_up: bool = True) -> AsyncIterator[ServerOfBytes]:
    """Answers the nth request with the nth of these very bytes, and hangs up on an empty one and after the last."""
    told = ServerOfBytes()
    open_lines: list[asyncio.StreamWriter] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # the other side may leave when it likes
            while told.heard < len(said):
                await _request(reader)
                told.heard += 1
                writer.write(said[told.heard - 1])
                await writer.drain()
                if not said[told.heard - 1]:
                    break
            if not hangs_up:
                await reader.read()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    told.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield told
    finally:
        server.close()
        for line in open_lines:
            line.transport.abort()
            with suppress(ConnectionError):
                await line.wait_closed()


async def _request(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))
