"""The gateway on the wire: what is sent, and what is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from adapters.billers.digiflazz import Digiflazz
from core.domain.bill import BillerDown
from core.domain.money import Money
from core.domain.payment import Attempt, Proof
from tests.adapters.billers.lines import Open, md5, refuses
from tests.adapters.billers.orders import (
    AIRTIME,
    BILL,
    CUSTOMER,
    METER,
    METER_FOUND,
    PLN,
    POSTPAID,
    PURCHASE,
    TOKEN,
    USERNAME,
    XL,
    bill_found,
    said,
    settings,
)
from tests.support.fakes import HandClock

BOTH_KINDS = pytest.mark.parametrize("attempt", [PURCHASE, BILL], ids=["purchase", "bill"])


# ---- what is sent


async def test_a_purchase_is_sent_as_documented_with_the_most_it_may_cost(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE))

    await line.gateway.submit(PURCHASE)

    assert line.provider.paths == ["/v1/transaction"]
    assert line.sent == [
        {
            "username": USERNAME,
            "buyer_sku_code": "pln20",
            "customer_no": METER,
            "ref_id": PURCHASE.key,
            "max_price": 22_500,
            "sign": md5(PURCHASE.key),
        }
    ]


async def test_a_purchase_is_asked_about_with_the_very_same_bytes(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE, "03", "Pending"))

    await line.gateway.submit(PURCHASE)
    line.clock.pass_by(days=88)
    for _ in range(3):
        await line.gateway.ask_outcome(PURCHASE)

    assert len(line.provider.raw) == 4
    assert len(set(line.provider.raw)) == 1


async def test_a_bill_is_inquired_paid_and_asked_about_with_one_key(open_line: Open):
    line = await open_line(lambda asked: bill_found() if asked["commands"] == "inq-pasca" else said(BILL))

    await line.gateway.inquire(POSTPAID, "pln", CUSTOMER, key=BILL.key)
    await line.gateway.submit(BILL)
    await line.gateway.ask_outcome(BILL)

    assert [sent["commands"] for sent in line.sent] == ["inq-pasca", "pay-pasca", "status-pasca"]
    for sent in line.sent:
        named = {name: sent[name] for name in ("ref_id", "customer_no", "buyer_sku_code", "username", "sign")}
        assert named == {
            "ref_id": BILL.key,
            "customer_no": CUSTOMER,
            "buyer_sku_code": "pln",
            "username": USERNAME,
            "sign": md5(BILL.key),
        }


async def test_a_meter_is_looked_up_and_signed_with_its_own_number(open_line: Open):
    line = await open_line(lambda _: METER_FOUND)

    found = await line.gateway.inquire(TOKEN, "pln20", METER, key="k-1")

    assert found.holder == "DAVID"
    assert line.provider.paths == ["/v1/inquiry-pln"]
    assert line.sent == [{"username": USERNAME, "customer_no": METER, "sign": md5(METER)}]


async def test_nobody_is_asked_whose_phone_it_is(open_line: Open):
    line = await open_line(refuses)

    found = await line.gateway.inquire(AIRTIME, "xld10", "087800001230", key="k-1")

    assert (found.holder, found.owed, found.asked_with) == ("", None, "k-1")
    assert line.sent == []


async def test_prices_of_both_kinds_come_as_one_list(open_line: Open):
    line = await open_line(lambda asked: [XL] if asked["cmd"] == "prepaid" else [PLN])

    lines = await line.gateway.prices()

    assert [(one.provider, one.code, one.seen_at) for one in lines] == [
        ("digiflazz", "X100", line.clock.at),
        ("digiflazz", "pln", line.clock.at),
    ]
    assert {sent["sign"] for sent in line.sent} == {md5("pricelist")}


@pytest.mark.parametrize(
    ("said_to_be", "is_read_as"),
    [("500000000000", 500_000_000_000), ("990000.75", 990_000), ("0", 0), ("-5.5", -6), ("1e3", 1_000)],
)
async def test_a_balance_is_rounded_down_to_whole_rupiah(open_line: Open, said_to_be: str, is_read_as: int):
    body = f'{{"data":{{"deposit":{said_to_be}}}}}'
    line = await open_line(lambda _: web.Response(text=body))

    assert await line.gateway.balance() == Money.of(is_read_as, "IDR")
    assert line.sent == [{"username": USERNAME, "cmd": "deposit", "sign": md5("depo")}]


@pytest.mark.parametrize(
    "deposit", ["null", "true", '"1000"', "[]", "1e999999999", "-1e999999999", "1e15", "10000000000000"]
)
async def test_a_balance_that_is_no_number_of_rupiah_is_none(open_line: Open, deposit: str):
    line = await open_line(lambda _: web.Response(text=f'{{"data":{{"deposit":{deposit}}}}}'))

    with pytest.raises(BillerDown):
        await line.gateway.balance()


async def test_the_development_mode_marks_what_is_sold_and_nothing_else(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE), testing=True)

    await line.gateway.submit(PURCHASE)
    await line.gateway.submit(BILL)
    with pytest.raises(BillerDown):
        await line.gateway.balance()

    assert [sent.get("testing") for sent in line.sent] == [True, True, None]


async def test_a_number_with_a_dot_says_so(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE))

    await line.gateway.submit(replace(PURCHASE, reference="some.one@example.com"))

    assert line.sent[0]["allow_dot"] is True


# ---- what is not sent


@BOTH_KINDS
@pytest.mark.parametrize("age", [timedelta(days=89), timedelta(days=90), timedelta(days=91), timedelta(days=4000)])
async def test_what_is_too_old_is_never_asked_about(open_line: Open, attempt: Attempt, age: timedelta):
    line = await open_line(lambda _: said(attempt))
    line.clock.at = attempt.made_at + age

    answer = await line.gateway.ask_outcome(attempt)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "too_old")
    assert line.provider.raw == []


async def test_a_moment_before_it_is_too_old_it_is_asked_about(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE))
    line.clock.at = PURCHASE.made_at + timedelta(days=89) - timedelta(seconds=1)

    assert (await line.gateway.ask_outcome(PURCHASE)).proves is Proof.PAID


async def test_a_clock_that_went_back_far_hides_the_age_so_nothing_is_asked(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE))
    line.clock.pass_by(days=-2)

    answer = await line.gateway.ask_outcome(PURCHASE)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "clock_went_back")
    assert line.sent == []


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
@hypothesis_settings(deadline=None)
def test_no_clock_makes_it_ask_past_the_limit(drift: timedelta):
    clock = HandClock(PURCHASE.made_at + drift)
    gateway = Digiflazz(settings("http://127.0.0.1:9", connect_s=0.2), clock)

    async def ask() -> str:
        answer = await gateway.ask_outcome(PURCHASE)
        await gateway.close()
        return answer.code

    asked = asyncio.run(ask()) not in ("too_old", "clock_went_back")
    assert asked == (timedelta(days=-1) <= drift < timedelta(days=89))


async def test_a_bill_is_not_paid_on_another_day_in_jakarta(open_line: Open):
    line = await open_line(lambda _: said(BILL))
    late = replace(BILL, made_at=datetime(2026, 11, 20, 16, 59, tzinfo=UTC))  # 23:59 in Jakarta
    line.clock.at = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

    answer = await line.gateway.submit(late)

    assert (answer.proves, answer.code, answer.elsewhere) == (Proof.NOT_CREATED, "another_day", False)
    assert line.sent == []


async def test_a_purchase_knows_no_days(open_line: Open):
    line = await open_line(lambda _: said(PURCHASE))
    line.clock.pass_by(hours=20)

    assert (await line.gateway.submit(PURCHASE)).proves is Proof.PAID
