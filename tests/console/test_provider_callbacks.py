"""The provider's webhook as it is served: believed by its signature, heard once, and never more than a hint."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.wiring import wired
from console.doors import LARGEST_CALLBACK, public_app
from console.metrics import Metrics
from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.domain.payment import Payment
from tests.support.full_disk import FullDisk
from tests.support.houses import WEBHOOK_SECRET, Inside, a_sandbox, inside, provider_at, settings_in
from ussd.desk import Desk
from ussd.pages import UssdChannel

PENDING = "12345678903"
AT = "/providers/digiflazz"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Inside]:
    """A provider whose pending sales are settled by hand, and that is not asked again by itself for a long time."""
    async with (
        a_sandbox(settle_after_s=3600) as url,
        inside(tmp_path, **provider_at(url), POLL_SCHEDULE_S="3600") as running,
    ):
        yield running


@pytest.fixture
async def pending(home: Inside) -> Payment:
    """A token the provider is still working on."""
    await home.customer()
    await home.phone().dials("1", PENDING, "2", "7391")
    return await home.payment(lambda one: one.state == "in_doubt" and one.looks > 0)


def about(payment: Payment, **more: object) -> bytes:
    """What the provider says when it has delivered."""
    data = {
        "ref_id": f"{payment.payment_id}-1",
        "customer_no": payment.reference,
        "buyer_sku_code": payment.code,
        "message": "Transaksi Sukses",
        "status": "Sukses",
        "rc": "00",
        "sn": "1234-5678-9012-3456-7890/SITI",
        "price": payment.most_minor // 100,
        "buyer_last_saldo": 100_000,
        **more,
    }
    return json.dumps({"data": data}).encode()


def signed(body: bytes, secret: str = WEBHOOK_SECRET, *, event: str = "update") -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-Digiflazz-Event": event,
        "X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
    }


async def called_back(home: Inside, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with home.http.post(home.url + AT, data=body, headers=headers or signed(body)) as reply:
        return reply.status, await reply.text()


async def settle(home: Inside) -> None:
    """Let the provider bring its pending sales to their end."""
    url = home.house.settings.digiflazz_url.removesuffix("/v1")
    async with home.http.post(f"{url}/sandbox/settle", json={}) as reply:
        assert reply.status == 200


async def breaks(home: Inside) -> list[str]:
    return [one.kind for one in await home.parts.store.open_breaks(limit=10)]


async def test_a_signed_callback_is_confirmed_at_once_by_asking(home: Inside, pending: Payment):
    await settle(home)

    assert await called_back(home, about(pending)) == (200, "ok")

    paid = await home.payment(lambda one: one.state == "captured")
    assert paid.payment_id == pending.payment_id
    story = await home.parts.store.story_of(pending.payment_id)
    assert [word.source for word in story.evidence][-1] == "poll"


async def test_a_signed_lie_moves_nothing_by_itself(home: Inside, pending: Payment):
    """It says paid, and the provider itself still says pending."""
    assert await called_back(home, about(pending)) == (200, "ok")

    asked = await home.payment(lambda one: one.looks > pending.looks)
    assert asked.state == "in_doubt"


async def test_a_callback_that_is_not_ours_finds_nobody(home: Inside, pending: Payment):
    body = about(pending)
    forged = [
        signed(body, "another-secret-for-the-tests"),
        signed(body + b" "),
        signed(body) | {"X-Hub-Signature": ""},
        signed(body) | {"X-Hub-Signature": "sha1="},
        signed(body) | {"X-Hub-Signature": signed(body)["X-Hub-Signature"].upper()},
        {"Content-Type": "application/json"},
    ]

    answers = {await called_back(home, body, headers) for headers in forged}

    assert answers == {(404, "404: Not Found")}
    assert await breaks(home) == []
    assert (await home.payment(bool)).version == pending.version


async def test_no_other_method_is_heard(home: Inside):
    for method in ("GET", "PUT", "OPTIONS", "DELETE"):
        async with home.http.request(method, home.url + AT, headers=signed(b"")) as reply:
            assert reply.status == 404
            assert "Allow" not in reply.headers


async def test_a_callback_that_is_too_large_is_not_read_to_its_end(home: Inside, pending: Payment):
    body = about(pending, message="x" * LARGEST_CALLBACK)

    assert await called_back(home, body) == (404, "404: Not Found")


async def test_a_ping_is_acknowledged_and_kept_nowhere(home: Inside):
    body = b'{"sed": "a-webhook-secret-for-tests", "hook_id": "1", "hook": {}}'

    assert await called_back(home, body, signed(body, event="ping")) == (200, "ok")


async def test_the_same_callback_again_does_nothing(home: Inside, pending: Payment):
    for _ in range(3):
        assert await called_back(home, about(pending)) == (200, "ok")
    asked = await home.payment(lambda one: one.looks > pending.looks)

    await asyncio.gather(*(called_back(home, about(pending)) for _ in range(5)))
    await asyncio.sleep(0.6)  # longer than a round of the follow-up

    assert (await home.payment(bool)).looks == asked.looks


async def test_a_key_nobody_knows_is_acknowledged_and_opens_nothing(home: Inside, pending: Payment):
    assert await called_back(home, about(pending, ref_id="01nobody-1")) == (200, "ok")

    assert await breaks(home) == []


@pytest.mark.parametrize(
    "odd", [{"price": 99_000_000}, {"customer_no": "12345678999"}], ids=["a larger amount", "another number"]
)
async def test_a_callback_that_does_not_fit_opens_a_break(home: Inside, pending: Payment, odd: dict[str, object]):
    assert await called_back(home, about(pending, **odd)) == (200, "ok")

    assert await breaks(home) == ["callback_differs"]
    assert (await home.payment(bool)).state == "in_doubt"


async def test_what_could_not_be_kept_is_not_acknowledged(tmp_path: Path):
    settings = settings_in(tmp_path, DIGIFLAZZ_WEBHOOK_SECRET=WEBHOOK_SECRET)
    body = json.dumps({"data": {"ref_id": "p1-1", "customer_no": PENDING, "status": "Sukses"}}).encode()

    async with wired(settings, owner=True) as parts:
        counter = replace(parts.counter, store=FullDisk(parts.store))
        desk = Desk(Listener(counter, [UssdChannel()]), counter.words, Pace(5, 10))
        app: web.Application = public_app(settings, desk, replace(parts, counter=counter), Metrics())
        async with TestClient(TestServer(app)) as client:
            reply = await client.post(AT, data=body, headers=signed(body))

    assert reply.status == 503
