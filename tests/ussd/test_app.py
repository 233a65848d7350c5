"""The webhooks over HTTP: who knows the secret is served, everybody else finds nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from core.conversation.pace import Pace
from tests.support.dialects import BehindAfricasTalking, BehindHubtel
from tests.support.parrot import English, Parrot
from ussd.app import LARGEST_BODY, Door, ussd_routes
from ussd.desk import Desk

OLD, NEW, HUBTELS = "old-secret-of-22-signs-", "new-secret-of-22-signs-", "hubtels-secret-22-signs"
AT = "/ussd/africastalking"

Client = TestClient[web.Request, web.Application]


@pytest.fixture(name="parrot")
def a_parrot() -> Parrot:
    return Parrot()


@pytest.fixture(name="client")
async def a_client(parrot: Parrot) -> AsyncIterator[Client]:
    desk = Desk(parrot, English(), Pace(per_s=5, burst=1000))
    app = web.Application()
    app.add_routes(
        ussd_routes(
            desk,
            [Door(BehindAfricasTalking().gateway, [OLD, NEW]), Door(BehindHubtel().gateway, [HUBTELS])],
            body_within_s=0.1,
        )
    )
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_secret_opens(client: Client, parrot: Parrot):
    reply = await client.post(f"{AT}/{OLD}", data=BehindAfricasTalking().dials(), headers=FORM)

    assert (reply.status, await reply.text()) == (200, "CON Heard 1")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_two_secrets_open_while_one_is_being_changed(client: Client, parrot: Parrot):
    phone = BehindAfricasTalking()

    for secret, body in ((OLD, phone.dials()), (NEW, phone.types("1"))):
        await client.post(f"{AT}/{secret}", data=body, headers=FORM)

    assert parrot.heard == [(), "1"]


async def test_hubtel_is_served_at_its_own_address(client: Client):
    reply = await client.post(f"/ussd/hubtel/{HUBTELS}", data=BehindHubtel().dials(), headers=JSON)

    assert (await reply.json())["Message"] == "Heard 1"


async def test_the_end_of_a_session_has_an_address_of_its_own(client: Client, parrot: Parrot):
    reply = await client.post(f"{AT}/{NEW}/events", data=BehindAfricasTalking().hangs_up(), headers=FORM)

    assert reply.status == 200
    assert parrot.heard == [None]


FORGERIES = [
    ("POST", f"{AT}/wrong-secret-of-22-signs"),
    ("POST", f"{AT}/{OLD}x"),
    ("POST", f"{AT}/{OLD[:-1]}"),
    ("POST", f"{AT}/{OLD.upper()}"),
    ("POST", f"{AT}/{HUBTELS}"),
    ("POST", f"{AT}/"),
    ("POST", f"{AT}"),
    ("POST", f"{AT}/%FF%00%F0"),
    ("POST", f"{AT}/{'x' * 5000}"),
    ("POST", f"{AT}/wrong-secret-of-22-signs/events"),
    ("POST", f"{AT}/{OLD}/event"),
    ("POST", f"/ussd/hubtel/{OLD}"),
    ("POST", f"/ussd/{OLD}"),
    ("GET", f"{AT}/{OLD}"),
    ("GET", f"{AT}/{OLD}/events"),
    ("PUT", f"{AT}/{OLD}"),
    ("DELETE", f"/ussd/hubtel/{HUBTELS}"),
    ("OPTIONS", f"{AT}/{OLD}"),
    ("GET", f"{AT}/wrong-secret-of-22-signs"),
]


async def test_every_forgery_finds_the_same_nothing(client: Client, parrot: Parrot):
    nowhere = await seen(await client.post("/nowhere"))

    found = [
        await seen(await client.request(method, path, data=BehindAfricasTalking().dials(), headers=FORGED))
        for method, path in FORGERIES
    ]

    assert found == [nowhere] * len(FORGERIES)
    assert nowhere[0] == 404
    assert parrot.said == []


async def test_a_gateway_without_a_secret_is_closed():
    app = web.Application()
    app.add_routes(ussd_routes(Desk(Parrot(), English(), Pace(5, 10)), [Door(BehindAfricasTalking().gateway, [])]))

    async with TestClient(TestServer(app)) as client:
        replies = [await client.post(f"{AT}/{given}", data=b"") for given in ("", "x", "None")]

    assert [reply.status for reply in replies] == [404] * 3


async def test_a_body_that_is_too_large_is_not_read_to_its_end(client: Client, parrot: Parrot):
    phone = BehindAfricasTalking()
    phone.dials()

    reply = await client.post(f"{AT}/{OLD}", data=phone.types("9" * LARGEST_BODY), headers=FORM)

    assert await reply.text() == "END We could not read that. Please dial again."
    assert parrot.heard == []


async def test_a_body_in_pieces_is_read(client: Client, parrot: Parrot):
    async def pieces() -> AsyncIterator[bytes]:
        body = BehindAfricasTalking().dials()
        yield body[:10]
        yield body[10:]

    await client.post(f"{AT}/{OLD}", data=pieces(), headers=FORM)

    assert parrot.heard == [()]


async def test_a_body_that_does_not_come_is_not_waited_for(client: Client):
    async def never() -> AsyncIterator[bytes]:
        yield b"sessionId="
        await asyncio.sleep(1)

    reply = await client.post(f"{AT}/{OLD}", data=never(), headers=FORM)

    assert await reply.text() == "END We could not read that. Please dial again."


async def test_a_body_packed_in_a_way_nobody_understands_is_refused(client: Client, parrot: Parrot):
    headers = {**FORM, "Content-Encoding": "gzip"}

    reply = await client.post(f"{AT}/{OLD}", data=b"not gzip at all", headers=headers)

    assert await reply.text() == "END We could not read that. Please dial again."
    assert parrot.heard == []


FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "User-Agent": "at-ussd-api/1.0"}
JSON = {"Content-Type": "application/json"}
FORGED = {**FORM, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"}


async def seen(reply: ClientResponse) -> tuple[int, bytes, list[str]]:
    """All that a stranger can tell: what came back and which headers it has, but for the date."""
    return (
        reply.status,
        await reply.read(),
        sorted(f"{name}: {value}" for name, value in reply.headers.items() if name != "Date"),
    )
