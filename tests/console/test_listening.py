"""A port and its lines: silent and slow ones are closed, and at the end nobody is left without an answer."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
from aiohttp import web

from console.listening import CannotListen, listening
from ussd.app import whole_body

SILENT_S = 0.2


async def slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(0.3)
    return web.Response(text="done")


async def reads(request: web.Request) -> web.Response:
    return web.Response(text=f"{len(await whole_body(request, 100, within_s=0.2))} read")


def app() -> web.Application:
    made = web.Application()
    made.add_routes([web.get("/slow", slow), web.post("/reads", reads)])
    return made


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def closed_after(reader: asyncio.StreamReader) -> float:
    """Seconds until the other side hangs up; at most two."""
    started = asyncio.get_running_loop().time()
    with suppress(ConnectionError):
        async with asyncio.timeout(2):
            await reader.read()
    return asyncio.get_running_loop().time() - started


async def test_a_line_on_which_nothing_is_said_is_closed():
    async with listening(app(), "127.0.0.1", 0, silent_s=SILENT_S) as port, line_to(port) as (reader, _writer):
        assert await closed_after(reader) < 1


async def test_a_line_that_never_comes_to_the_point_is_closed():
    """A sign every now and then keeps a line open where only silence is counted."""
    async with listening(app(), "127.0.0.1", 0, silent_s=SILENT_S) as port, line_to(port) as (reader, writer):

        async def dawdle() -> None:
            with suppress(ConnectionError):
                for sign in b"GET /slow HTTP/1.1\r\nHost: " + b"x" * 200:
                    writer.write(bytes([sign]))
                    await writer.drain()
                    await asyncio.sleep(0.02)

        dawdling = asyncio.create_task(dawdle())
        took = await closed_after(reader)
        dawdling.cancel()

    assert took < 1


async def test_a_body_that_trickles_is_not_waited_for():
    async with listening(app(), "127.0.0.1", 0) as port, line_to(port) as (reader, writer):
        writer.write(b"POST /reads HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nabc")

        async with asyncio.timeout(1):
            assert b"0 read" in await reader.readuntil(b"read")


async def test_who_is_inside_is_answered_when_the_port_closes():
    opened = listening(app(), "127.0.0.1", 0)
    port = await opened.__aenter__()

    async with line_to(port) as (reader, writer):
        writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.1)
        closing = asyncio.create_task(opened.__aexit__(None, None, None))
        await asyncio.sleep(0.05)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)

        said = await reader.read()
        await closing

    assert said.startswith(b"HTTP/1.1 200 OK")
    assert said.endswith(b"done")


async def test_a_port_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            CannotListen, match=rf"^Cannot listen on 127\.0\.0\.1 port {port}: Address already in use\.$"
        ):
            await listening(app(), "127.0.0.1", port).__aenter__()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
async def test_an_address_that_is_not_ours_is_named(host: str):
    with pytest.raises(CannotListen, match=rf"^Cannot listen on {re.escape(host)} port 0: [A-Z][a-z ]+\.$"):
        await listening(app(), host, 0).__aenter__()


async def test_beyond_so_many_lines_nobody_is_let_in_until_one_ends():
    async with listening(app(), "127.0.0.1", 0, connections=3) as port, AsyncExitStack() as lines:
        inside = [await lines.enter_async_context(line_to(port)) for _ in range(3)]
        await asyncio.sleep(0.05)

        async with line_to(port) as (reader, _writer):
            assert await closed_after(reader) < 1
        reader, writer = inside[0]
        writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"done" in await reader.read()

        async with line_to(port) as (reader, writer):
            writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b"done" in await reader.read()
