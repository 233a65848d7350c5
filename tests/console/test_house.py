"""A counter as it is served, over HTTP: who is let in, what strangers find, and what its second port tells."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from console.house import open_house
from tests.support.dialects import BehindAfricasTalking, BehindHubtel
from tests.support.houses import (
    FORM,
    HUBTELS,
    OURS,
    Home,
    Inside,
    a_sandbox,
    inside,
    provider_at,
    settings_in,
)
from ussd.app import LARGEST_BODY

METER, PENDING = "12345678901", "12345678903"
BUY = ("1", METER, "2", "7391")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Inside]:
    async with a_sandbox() as url, inside(tmp_path, **provider_at(url)) as running:
        yield running


async def test_a_dial_buys_a_token(home: Inside):
    await home.customer()

    assert (await home.phone().dials()).startswith("CON What do you want to do?")
    assert re.match(r"CON Token (\d{4} ){4}\d{4}\n", await home.phone().dials(*BUY))


async def test_hubtel_stands_at_its_own_door(home: Inside):
    body = BehindHubtel(session="abc").dials("")

    async with home.http.post(f"{home.url}/ussd/hubtel/{HUBTELS}", data=body) as reply:
        assert reply.status == 200


STRANGERS = [
    ("POST", "/ussd/africastalking/a-wrong-secret-of-22-signs"),
    ("POST", f"/ussd/africastalking/{OURS}x"),
    ("POST", f"/ussd/africastalking/{HUBTELS}"),
    ("POST", f"/ussd/hubtel/{OURS}"),
    ("GET", f"/ussd/africastalking/{OURS}"),
    ("HEAD", f"/ussd/africastalking/{OURS}"),
    ("POST", f"/ussd/africastalking/{OURS}/other"),
    ("POST", "/ussd/nobody/here"),
    ("GET", "/providers/digiflazz"),
    ("POST", "/providers/digiflazz"),
    ("POST", "/providers/another"),
    ("GET", "/metrics"),
    ("GET", "/console"),
    ("GET", "/demo"),
    ("GET", "/"),
    ("GET", "/../etc/passwd"),
    ("GET", "/%0d%0aX-Injected:%201"),
]


async def test_strangers_find_the_same_nothing_everywhere(home: Inside):
    nothing = await seen(home, "POST", "/nowhere")

    found = {path: await seen(home, method, path) for method, path in STRANGERS}

    assert nothing[0] == 404
    assert {path: one for path, one in found.items() if one != (nothing if one[1] else (404, b"", nothing[2]))} == {}


async def test_a_gateway_without_a_secret_has_no_door(tmp_path: Path):
    async with inside(tmp_path, HUBTEL_SECRET="", AFRICASTALKING_SECRET="") as home:
        for path in (
            f"/ussd/hubtel/{HUBTELS}",
            f"/ussd/africastalking/{OURS}",
            "/ussd/hubtel/",
            "/providers/digiflazz",
        ):
            assert (await seen(home, "POST", path))[0] == 404


async def test_a_body_that_is_too_large_is_answered_and_not_heard(home: Inside):
    phone = BehindAfricasTalking()
    phone.dials()
    body = phone.types("9" * LARGEST_BODY)

    async with home.http.post(f"{home.url}/ussd/africastalking/{OURS}", data=body, headers=FORM) as reply:
        assert await reply.text() == "END Maaf, tidak terbaca. Silakan hubungi lagi."


async def test_both_ports_say_that_they_are_well(home: Inside):
    for place in (home.url, home.console):
        for path in ("/health/live", "/health/ready"):
            async with home.http.get(place + path) as reply:
                assert (reply.status, await reply.text()) == (200, "ok")


async def test_nobody_is_told_what_we_run_on(home: Inside):
    async with home.http.get(f"{home.url}/health/live") as reply:
        assert reply.headers["Server"] == "loket"
    async with home.http.get(f"{home.console}/metrics") as reply:
        assert reply.headers["Server"] == "loket"
    for words in (b"no HTTP at all\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nA B: c\r\n\r\n"):
        said = await answer_to(home, words)
        assert b" 400 " in said
        assert b"Server: loket\r\n" in said
        assert not re.search(rb"(?i)aiohttp|python", said)


async def test_headers_without_measure_are_refused(home: Inside):
    start = f"POST /ussd/africastalking/{OURS} HTTP/1.1\r\nHost: x\r\n".encode()
    long, many = b"X-A: " + b"a" * 20_000 + b"\r\n\r\n", b"".join(b"X-%d: a\r\n" % n for n in range(5_000)) + b"\r\n"

    for headers in (long, many):
        assert b" 400 " in await answer_to(home, start + headers)
    assert (await home.phone().dials()).startswith("CON ")


async def test_the_second_port_tells_its_figures_and_the_first_does_not(home: Inside):
    await home.customer()
    await home.phone().dials(*BUY)

    assert await home.metric('loket_turn_seconds_count{gateway="africastalking"}') == 5
    assert await home.metric('loket_payments{state="captured"}') == 1
    assert await home.metric('loket_provider_call_seconds_count{call="submit",provider="digiflazz"}') == 1
    assert await home.metric('loket_provider_outcomes_total{call="submit",outcome="00",provider="digiflazz"}') == 1
    assert await home.metric("loket_oldest_in_doubt_seconds") == 0
    async with home.http.get(f"{home.console}/metrics") as reply:
        assert reply.headers["Content-Type"].startswith("text/plain; version=")
    async with home.http.get(f"{home.url}/metrics") as reply:
        assert reply.status == 404


async def test_a_payment_in_doubt_ages_in_the_figures(home: Inside):
    await home.customer()
    await home.phone().dials("1", PENDING, "2", "7391")
    await home.payment(lambda one: one.state == "in_doubt")

    await asyncio.sleep(0.05)

    assert await home.metric("loket_oldest_in_doubt_seconds") >= 0.05
    assert await home.metric('loket_payments{state="in_doubt"}') == 1


async def test_strangers_and_events_are_no_turns(home: Inside):
    await seen(home, "POST", "/ussd/africastalking/a-wrong-secret-of-22-signs")
    await seen(home, "POST", "/ussd/anything/at-all")
    phone = BehindAfricasTalking()
    address = f"{home.url}/ussd/africastalking/{OURS}/events"
    async with home.http.post(address, data=phone.hangs_up(), headers=FORM) as reply:
        assert reply.status == 200

    assert await home.metric("loket_turn_seconds_count") == 0


async def test_the_second_port_is_on_the_loopback_address_only(tmp_path: Path):
    """Also when gateways are heard from everywhere. 127.0.0.2 is this machine under another address."""
    async with inside(tmp_path, HOST="0.0.0.0") as home:  # noqa: S104  # what is tried
        async with home.http.get(f"http://127.0.0.2:{home.port}/health/live") as reply:
            assert reply.status == 200
        with pytest.raises(aiohttp.ClientConnectorError):
            await home.http.get(f"http://127.0.0.2:{home.console_port}/health/live")


async def test_a_house_can_be_opened_again_where_it_was_closed(tmp_path: Path):
    async with inside(tmp_path) as first:
        await first.customer()
    async with open_house(settings_in(tmp_path)) as again:
        assert (await again.wired.store.figures()).messages_waiting == 1


async def seen(home: Home, method: str, path: str) -> tuple[int, bytes, list[str]]:
    """All that a stranger can tell, but for the date."""
    address = URL(home.url + path, encoded=True)
    async with home.http.request(method, address, data=b"" if method in ("GET", "HEAD") else b"x=1") as reply:
        headers = sorted(f"{name}: {value}" for name, value in reply.headers.items() if name != "Date")
        return reply.status, await reply.read(), headers


async def answer_to(home: Home, words: bytes) -> bytes:
    """What comes back for these very bytes until the line is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", home.port)
    try:
        writer.write(words)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
