"""HTTP with bounds: what goes wrong has a name, nothing is raised, and nothing goes where it should not."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from collections.abc import Mapping
from decimal import Decimal

import pytest
from aiohttp import web
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.billers.outbound import KIB, Fate, Limits, Outbound, Reply
from adapters.billers.strict_json import read_json
from adapters.safe_url import UnsafeUrl
from tests.support.scripted_http import scripted_http, server_of_bytes

BOUND = Limits(total_s=1.0, connect_s=0.5)


async def post(url: str, limits: Limits = BOUND) -> Reply:
    async with Outbound(url) as outbound:
        return await outbound.post("/ask", {"secret": "s3cret"}, limits)


def says(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(body=body, status=status, headers=headers)


async def test_a_document_comes_back_with_its_fractions_exact():
    async with scripted_http(lambda _: {"price": 10.1}) as provider:
        reply = await post(provider.url)

    assert (reply.fate, reply.http_status) == (Fate.ANSWERED, 200)
    assert reply.document == {"data": {"price": Decimal("10.1")}}


async def test_a_refusal_under_an_error_of_http_is_still_a_document():
    async with scripted_http(lambda _: says(b'{"data":{"rc":"41"}}', 400)) as provider:
        reply = await post(provider.url)

    assert (reply.fate, reply.http_status) == (Fate.ANSWERED, 400)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_its_target_sees_nothing(status: int):
    async with scripted_http(lambda _: {}) as canary:
        there = says(b"", status, {"Location": f"{canary.url}/ask"})
        async with scripted_http(lambda _: there) as provider:
            reply = await post(provider.url)

        assert (reply.fate, reply.http_status) == (Fate.REDIRECTED, status)
        assert canary.paths == []


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
async def test_a_server_error_is_no_document_whatever_it_says(status: int):
    async with scripted_http(lambda _: says(b'{"data":{"rc":"00"}}', status)) as provider:
        reply = await post(provider.url)

    assert (reply.fate, reply.document) == (Fate.SERVER_ERROR, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sedang ada perbaikan sistem</html>",
        b'{"data":{"rc":"00","price":1',
        b"\x00\xff\xfe{]",
        b'{"data":{"rc":"02","rc":"00"}}',
        b'{"price":NaN}',
        b'{"price":-Infinity}',
        b'{"price":1e99999999999999999999}',
        b"[" * 60_000,
        b'{"price":' + b"9" * 5_000 + b"}",
        '\ufeff{"data":{}}'.encode(),
        '{"data":{}}'.encode("utf-16"),
        b'{"name":"\xc3\x28"}',
        b'{"data":{}} {"data":{}}',
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_what_is_not_one_plain_document_is_not_json(body: bytes):
    async with scripted_http(lambda _: says(body)) as provider:
        reply = await post(provider.url)

    assert (reply.fate, reply.document) == (Fate.NOT_JSON, None)


async def test_a_reply_may_be_as_long_as_the_bound_and_not_a_byte_longer():
    document = b'{"data":{}}'
    most = Limits(total_s=1.0, reply_bytes=64 * KIB)

    async with scripted_http(lambda _: says(document.ljust(64 * KIB))) as provider:
        assert (await post(provider.url, most)).fate is Fate.ANSWERED
    async with scripted_http(lambda _: says(document.ljust(64 * KIB + 1))) as provider:
        assert (await post(provider.url, most)).fate is Fate.TOO_BIG


async def test_an_endless_reply_is_left_at_the_bound():
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while written < 64 * 1024 * KIB:
                await response.write(b" " * 64 * KIB)
                written += 64 * KIB
        except ConnectionError:
            pass  # that is what should happen
        return response

    app = web.Application()
    app.router.add_post("/ask", endless)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reply = await post(f"http://127.0.0.1:{runner.addresses[0][1]}")
    await runner.cleanup()

    assert reply.fate is Fate.TOO_BIG
    assert written < 32 * 1024 * KIB


async def test_a_compressed_reply_is_not_unpacked():
    async with scripted_http(
        lambda _: says(gzip.compress(b'{"data":{}}'), headers={"Content-Encoding": "gzip"})
    ) as provider:
        assert (await post(provider.url)).fate is Fate.NOT_JSON


async def test_silence_ends_at_the_limit():
    async with server_of_bytes(b"HTTP/1.1 200 OK\r\n", hangs_up=False) as server:
        began = asyncio.get_running_loop().time()
        reply = await post(server.url, Limits(total_s=0.2))

        assert reply.fate is Fate.NO_ANSWER
        assert asyncio.get_running_loop().time() - began < 0.9


async def test_a_dropped_connection_is_no_answer():
    async with server_of_bytes(b"") as server:
        assert (await post(server.url)).fate is Fate.NO_ANSWER


async def test_fewer_bytes_than_announced_are_no_answer():
    async with server_of_bytes(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"data":{}}') as server:
        assert (await post(server.url)).fate is Fate.NO_ANSWER


async def test_a_closed_port_means_that_nothing_was_sent():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        reply = await post(f"http://127.0.0.1:{taken.getsockname()[1]}")

    assert reply.fate is Fate.NOT_SENT


async def test_a_name_that_leads_nowhere_means_that_nothing_was_sent():
    assert (await post("https://provider.invalid")).fate is Fate.NOT_SENT


async def test_tls_that_cannot_be_trusted_means_that_nothing_was_sent():
    async with scripted_http(lambda _: {}) as provider:
        reply = await post(provider.url.replace("http://", "https://"))

        assert reply.fate is Fate.NOT_SENT
        assert provider.received == []


async def test_a_call_is_sent_once_even_when_a_kept_connection_breaks():
    answered = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    async with server_of_bytes(answered, b"", answered) as server, Outbound(server.url) as outbound:
        assert (await outbound.post("/ask", {}, BOUND)).fate is Fate.ANSWERED
        assert (await outbound.post("/ask", {}, BOUND)).fate is Fate.NO_ANSWER

    assert server.heard == 2


async def test_no_cookie_of_a_provider_is_sent_back():
    async with scripted_http(lambda _: says(b"{}", headers={"Set-Cookie": "a=b"})) as provider:
        async with Outbound(provider.url) as outbound:
            await outbound.post("/ask", {}, BOUND)
            jar = outbound._open().cookie_jar  # noqa: SLF001 - there is no other place to look

        assert len(jar) == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://[::ffff:10.0.0.1]",
        "https://user:secret@api.example.com",
        "https://api.example.com/v1?key=1",
        "https://api.example.com/v1#x",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "//127.0.0.1",
        "127.0.0.1:80",
        "http://[::1",
        "https://api.example.com:99999",
        "https://",
        "",
    ],
)
def test_an_unsafe_url_is_refused_at_once(url: str):
    with pytest.raises(UnsafeUrl):
        Outbound(url)


@pytest.mark.parametrize(
    "url", ["https://api.example.com/v1", "http://127.0.0.1:8790/v1", "http://localhost:1", "http://[::1]:1/v1"]
)
def test_https_and_this_very_machine_are_fine(url: str):
    Outbound(url)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(lambda tail: HEAD + tail)))
@example(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}")
@example(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n{}")
@example(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
@example(b"HTTP/1.1 999 ?\r\n\r\n{}")
@example(b"HTTP/9.9 200 OK\r\n\r\n{}")
def test_no_bytes_whatever_are_raised(said: bytes):
    async def ask() -> Reply:
        async with server_of_bytes(said) as server:
            return await post(server.url, Limits(total_s=0.3))

    assert isinstance(asyncio.run(ask()), Reply)


@given(st.binary(max_size=200))
def test_bytes_are_a_document_or_a_value_error(raw: bytes):
    try:
        document = read_json(raw)
    except ValueError:
        return
    json.dumps(document, default=str)
