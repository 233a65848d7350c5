"""The gateway: what comes of a call, whom its breaker stops, and what is seen of it."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from adapters.billers.breaker import Breaker, Patience
from adapters.billers.digiflazz import Digiflazz, DigiflazzSettings
from adapters.safe_url import UnsafeUrl
from core.domain.bill import BillerDown
from core.domain.payment import Attempt, Proof
from tests.adapters.billers.lines import Open, md5, refuses
from tests.adapters.billers.orders import (
    BILL,
    CUSTOMER,
    KEY,
    POSTPAID,
    PURCHASE,
    USERNAME,
    said,
    settings,
)
from tests.support.fakes import HandClock
from tests.support.scripted_http import scripted_http

BOTH_KINDS = pytest.mark.parametrize("attempt", [PURCHASE, BILL], ids=["purchase", "bill"])


# ---- what comes of it


@BOTH_KINDS
async def test_a_provider_that_cannot_be_reached_has_sold_nothing(attempt: Attempt):
    gateway = Digiflazz(settings("http://127.0.0.1:9"), HandClock())

    first, asked = await gateway.submit(attempt), await gateway.ask_outcome(attempt)
    await gateway.close()

    assert (first.proves, first.code, first.elsewhere) == (Proof.NOT_CREATED, "not_sent", True)
    assert (asked.proves, asked.code, asked.elsewhere) == (Proof.NOTHING, "not_sent", False)


@BOTH_KINDS
async def test_an_error_page_leaves_evidence_without_our_secrets(open_line: Open, attempt: Attempt):
    def echo(asked: object) -> web.Response:
        return web.Response(status=500, text=f"{KEY} {json.dumps(asked)}")

    line = await open_line(echo)

    answer = await line.gateway.submit(attempt)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "server_error")
    assert KEY not in answer.body
    assert md5(attempt.key) not in answer.body


async def test_a_gateway_shows_no_secret_when_it_is_printed():
    ours = settings("https://api.example.com/v1")

    assert KEY not in repr(ours)
    assert ours.webhook_secret not in repr(ours)


async def test_a_call_that_is_called_off_leaves_the_breaker_as_it_was(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE))

    calling = asyncio.create_task(line.gateway.submit(PURCHASE))
    await asyncio.sleep(0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling

    assert line.gateway.available


@given(st.binary(max_size=300), st.sampled_from([200, 200, 400, 500, 302]), st.booleans())
@hypothesis_settings(deadline=None, max_examples=50)
def test_hostile_bodies_never_raise(body: bytes, status: int, wrapped: bool):
    raw = b'{"data":' + body + b"}" if wrapped else body

    async def ask() -> list[Proof]:
        async with scripted_http(lambda _: web.Response(body=raw, status=status)) as provider:
            gateway = Digiflazz(settings(provider.url), HandClock())
            answers = [await gateway.submit(PURCHASE), await gateway.ask_outcome(BILL)]
            await gateway.close()
            return [answer.proves for answer in answers]

    assert set(asyncio.run(ask())) <= {Proof.NOTHING, Proof.NOT_CREATED}


# ---- the breaker


async def test_a_provider_that_keeps_failing_is_left_in_peace_before_anybody_pays(open_line: Open):
    line = await open_line(refuses)
    for _ in range(5):
        with pytest.raises(BillerDown):
            await line.gateway.inquire(POSTPAID, "pln", CUSTOMER, key=BILL.key)

    assert not line.gateway.available
    with pytest.raises(BillerDown):
        await line.gateway.inquire(POSTPAID, "pln", CUSTOMER, key=BILL.key)
    answer = await line.gateway.submit(PURCHASE)

    assert (answer.proves, answer.elsewhere) == (Proof.NOT_CREATED, True)
    assert len(line.sent) == 5
    assert line.seen[-1] == ("submit", "resting")


async def test_an_open_breaker_keeps_nobody_from_asking_what_became_of_their_money(open_line: Open):
    line = await open_line(refuses)
    for _ in range(5):
        await line.gateway.submit(PURCHASE)
    assert not line.gateway.available

    line.provider.say = lambda _: said(PURCHASE)
    answer = await line.gateway.ask_outcome(PURCHASE)

    assert answer.proves is Proof.PAID
    assert line.gateway.available


@pytest.mark.parametrize(
    ("rc", "status", "opens"),
    [
        *((rc, "Gagal", False) for rc in ("02", "44", "54", "68", "98")),
        *((rc, "Gagal", True) for rc in ("41", "42", "45", "61", "82", "88")),
        ("99", "Pending", True),
    ],
)
async def test_only_what_fails_everybody_opens_the_breaker(open_line: Open, rc: str, status: str, opens: bool):
    line = await open_line(lambda _: said(PURCHASE, rc, status))

    for _ in range(12):
        await line.gateway.submit(PURCHASE)

    assert line.gateway.available is not opens


async def test_after_its_rest_the_provider_is_tried_again():
    seconds = [0.0]
    breaker = Breaker(lambda: seconds[0], Patience(in_a_row=1, rest_s=10.0))
    async with scripted_http(refuses) as provider:
        gateway = Digiflazz(settings(provider.url), HandClock(), breaker=breaker)
        await gateway.submit(PURCHASE)
        assert not gateway.available

        seconds[0] = 10.0
        provider.say = lambda _: said(PURCHASE)

        assert (await gateway.submit(PURCHASE)).proves is Proof.PAID
        assert gateway.available
        await gateway.close()


# ---- what is seen of it


async def test_every_call_is_seen_with_its_outcome_from_a_short_list(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE, "a code nobody knows"))

    await line.gateway.submit(PURCHASE)
    line.provider.say = lambda _: said(PURCHASE)
    await line.gateway.ask_outcome(PURCHASE)
    line.provider.say = lambda _: {"deposit": 1}
    await line.gateway.balance()
    line.provider.say = refuses
    with pytest.raises(BillerDown):
        await line.gateway.prices()

    assert line.seen == [
        ("submit", "unmapped"),
        ("ask_outcome", "00"),
        ("balance", "answered"),
        ("prices", "server_error"),
        ("prices", "server_error"),
    ]


@pytest.mark.parametrize(("username", "key"), [("", KEY), (USERNAME, "")])
def test_without_a_username_or_a_key_there_is_no_gateway(username: str, key: str):
    with pytest.raises(ValueError, match="username and a key"):
        DigiflazzSettings("https://api.example.com/v1", username, key)


def test_secrets_do_not_travel_over_plain_http():
    with pytest.raises(UnsafeUrl):
        Digiflazz(settings("http://api.example.com/v1"), HandClock())
