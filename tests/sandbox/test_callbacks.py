"""Callbacks: what is sent, how it is signed, and the ways in which it misleads."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.sandbox import SandboxOptions
from tests.sandbox.buyer import SECRET, Buyer
from tests.sandbox.conftest import Open


@dataclass
class Mailbox:
    """A server of the buyer that keeps what is posted to it."""

    url: str = ""
    posts: asyncio.Queue[tuple[dict[str, str], bytes]] = field(default_factory=asyncio.Queue)

    async def receive(self, request: web.Request) -> web.Response:
        await self.posts.put((dict(request.headers), await request.read()))
        return web.Response()

    async def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        headers, body = await asyncio.wait_for(self.posts.get(), 2)
        data: dict[str, Any] = json.loads(body)["data"]
        return headers, {**data, "signed": headers["X-Hub-Signature"] == _signature(body)}

    async def told(self, count: int) -> list[tuple[str, str, bool]]:
        """The next callbacks as (event, rc, whether the signature is right)."""
        posts = [await self.next() for _ in range(count)]
        return [(headers["X-Digiflazz-Event"], data["rc"], data["signed"]) for headers, data in posts]


def _signature(body: bytes) -> str:
    return "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    box, app = Mailbox(), web.Application()
    app.router.add_post("/hook", box.receive)
    async with TestServer(app) as server:
        box.url = str(server.make_url("/hook"))
        yield box


@pytest.fixture
async def buyer(open_sandbox: Open, mailbox: Mailbox) -> Buyer:
    return await open_sandbox(callback_url=mailbox.url)


async def test_a_new_sale_is_called_back_signed_and_with_the_body_of_the_reply(buyer: Buyer, mailbox: Mailbox) -> None:
    reply = await buyer.buy("t1")

    headers, data = await mailbox.next()

    assert data == {**reply, "signed": True}
    assert headers["X-Digiflazz-Event"] == "create"
    assert headers["User-Agent"] == "Digiflazz-Hookshot"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Digiflazz-Delivery"]


async def test_a_bill_is_called_back_by_the_other_agent(buyer: Buyer, mailbox: Mailbox) -> None:
    await buyer.bill("inq-pasca", "b1")
    reply = await buyer.bill("pay-pasca", "b1")

    headers, data = await mailbox.next()

    assert data == {**reply, "signed": True}
    assert headers["User-Agent"] == "Digiflazz-Pasca-Hookshot"


async def test_a_change_is_called_back_as_an_update_by_itself(open_sandbox: Open, mailbox: Mailbox) -> None:
    buyer = await open_sandbox(callback_url=mailbox.url, tick_s=0.01)
    await buyer.buy("t1", "12345678903")
    assert await mailbox.told(1) == [("create", "03", True)]

    buyer.wall.forward(seconds=8)

    assert await mailbox.told(1) == [("update", "00", True)]


async def test_a_refused_request_is_not_called_back(buyer: Buyer, mailbox: Mailbox) -> None:
    await buyer.buy("t1", sku="nosuch")
    await buyer.buy("t2")

    _, data = await mailbox.next()
    assert data["ref_id"] == "t2"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("pending_success", [("create", "03", True), ("update", "00", True)]),
        ("late_success", [("create", "02", True), ("update", "00", True)]),
        ("refunded_later", [("create", "00", True), ("update", "74", True)]),
        (
            "callback_twice",
            [("create", "03", True), ("create", "03", True), ("update", "00", True), ("update", "00", True)],
        ),
        ("callback_disordered", [("update", "00", True), ("create", "03", True)]),
        ("callback_forged", [("create", "03", True), ("update", "00", False), ("update", "02", True)]),
        ("callback_contradicts", [("create", "03", True), ("update", "00", True), ("update", "02", True)]),
    ],
)
async def test_callbacks_come_as_their_fault_says(
    buyer: Buyer, mailbox: Mailbox, fault: str, told: list[tuple[str, str, bool]]
) -> None:
    await buyer.queue(fault)
    await buyer.buy("t1")
    await buyer.settle()

    assert await mailbox.told(len(told)) == told


async def test_a_repeated_callback_carries_the_same_delivery_id(buyer: Buyer, mailbox: Mailbox) -> None:
    await buyer.queue("callback_twice")
    await buyer.buy("t1")

    (one, first), (two, second) = await mailbox.next(), await mailbox.next()

    assert first == second
    assert one["X-Digiflazz-Delivery"] == two["X-Digiflazz-Delivery"]


async def test_a_callback_may_show_a_wrong_amount_under_a_right_signature(buyer: Buyer, mailbox: Mailbox) -> None:
    await buyer.queue("callback_wrong_amount")
    reply = await buyer.buy("t1")

    _, data = await mailbox.next()

    assert data == {**reply, "price": reply["price"] + 1_000, "signed": True}


async def test_missing_callbacks_never_come(buyer: Buyer, mailbox: Mailbox) -> None:
    await buyer.queue("callback_missing")
    await buyer.buy("t1")
    await buyer.settle()
    await buyer.buy("t2")

    _, data = await mailbox.next()
    assert data["ref_id"] == "t2"


async def test_a_request_may_name_its_own_callback_url(open_sandbox: Open, mailbox: Mailbox) -> None:
    buyer = await open_sandbox()
    await buyer.buy("t1", cb_url=mailbox.url)

    assert await mailbox.told(1) == [("create", "00", True)]


@pytest.mark.parametrize("url", ["http://example.com/hook", "http://10.0.0.1/", "file:///etc/hosts", "hook"])
async def test_nobody_but_this_machine_is_called_back(open_sandbox: Open, url: str) -> None:
    buyer = await open_sandbox()

    await buyer.buy("t1", cb_url=url)

    (sent,) = await buyer.get("/sandbox/callbacks")
    assert (sent["url"], sent["answer"]) == (url, "refused: not this machine")
    with pytest.raises(ValueError, match="this machine only"):
        SandboxOptions(callback_url=url)


async def test_a_receiver_that_is_down_costs_nothing_but_the_callback(open_sandbox: Open) -> None:
    buyer = await open_sandbox(callback_url="http://127.0.0.1:9/hook")

    assert (await buyer.buy("t1"))["rc"] == "00"
    (sent,) = await buyer.get("/sandbox/callbacks")
    assert sent["answer"] == "ClientConnectorError"
