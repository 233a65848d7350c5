"""A callback is a hint: kept, matched, and confirmed by asking back. It moves no money by itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.domain.evidence import Delivery
from core.domain.money import Money
from core.services.hear_callback import Hint, hear_callback
from tests.services.till import BILL, METER, Till
from tests.support.fakes import failed, given_back, paid, silence

COST = Money.of(22_200, "IDR")


def hint(*, says_paid: bool = True, body: str = '{"rc":"00"}', **more: object) -> Hint:
    said = {"provider": "digiflazz", "key": "p1-1", "reference": METER, "amount": COST, **more}
    return Hint(body=body, says_paid=says_paid, **said)  # type: ignore[arg-type]  # mixed values


async def in_doubt(till: Till) -> None:
    till.provider.on_submit = till.provider.on_ask = silence
    await till.pay()


async def test_a_callback_has_the_payment_asked_about_at_once(till: Till):
    await in_doubt(till)
    till.provider.on_ask = paid

    assert await hear_callback(till.at.counter, hint()) == "heard"
    assert (await till.payment()).state == "in_doubt"
    await till.later(seconds=0)

    assert (await till.payment()).state == "captured"


async def test_what_is_said_is_not_believed_but_what_is_found(till: Till):
    await in_doubt(till)
    till.provider.on_ask = failed

    await hear_callback(till.at.counter, hint())
    await till.later(seconds=0)

    assert (await till.payment()).state == "voided"


async def test_a_callback_is_kept_and_a_repeated_one_does_nothing(till: Till):
    await in_doubt(till)

    did = [await hear_callback(till.at.counter, hint()) for _ in range(3)]

    assert did == ["heard", "repeated", "repeated"]
    async with till.at.store.snapshot() as snapshot:
        assert [one.key async for one in snapshot.every(Delivery)] == ["p1-1"]


async def test_the_same_callback_many_times_at_once_is_kept_once(till: Till):
    await in_doubt(till)

    did = await asyncio.gather(*(hear_callback(till.at.counter, hint()) for _ in range(16)))

    assert sorted(did) == ["heard", *["repeated"] * 15]


async def test_a_callback_about_nothing_of_ours_is_kept_and_does_nothing(till: Till):
    await in_doubt(till)
    before = await till.payment()

    assert await hear_callback(till.at.counter, hint(key="p9-1")) == "unknown"
    assert await till.payment() == before


@pytest.mark.parametrize(
    "more", [{"reference": "12345678902"}, {"amount": Money.of(22_501, "IDR")}, {"provider": "other"}]
)
async def test_one_that_names_another_number_or_amount_calls_an_operator(till: Till, more: dict[str, Any]):
    await in_doubt(till)
    before = await till.payment()

    assert await hear_callback(till.at.counter, hint(**more)) == "differs"
    assert await till.breaks() == ["callback_differs"]
    assert await till.payment() == before


async def test_a_callback_without_an_amount_fits(till: Till):
    await in_doubt(till)

    assert await hear_callback(till.at.counter, hint(amount=None)) == "heard"


async def test_news_of_what_is_paid_already_asks_nobody(till: Till):
    await till.pay()

    assert await hear_callback(till.at.counter, hint()) == "heard"
    await till.later(minutes=10)

    assert till.provider.asked == []


async def test_news_of_another_price_than_we_were_told_calls_an_operator(till: Till):
    await till.pay()

    assert await hear_callback(till.at.counter, hint(amount=Money.of(21_200, "IDR"))) == "differs"
    assert await till.breaks() == ["callback_differs"]


async def test_a_refund_that_is_called_back_reaches_the_customer_once_it_is_confirmed(till: Till):
    await till.pay()
    till.provider.on_ask = given_back

    await hear_callback(till.at.counter, hint(says_paid=False))
    assert await till.available() == 177_500
    await till.later(seconds=0)

    assert (await till.payment()).state == "refunded"
    assert await till.available() == 200_000


async def test_a_refund_that_nobody_can_confirm_is_asked_about_until_the_provider_speaks(till: Till):
    await till.pay()
    till.provider.on_ask = silence
    await hear_callback(till.at.counter, hint(says_paid=False))
    for _ in range(3):
        await till.later(hours=1)

    till.provider.on_ask = paid
    await till.later(hours=1)
    asked = len(till.provider.asked)
    await till.later(hours=10)

    assert (asked, len(till.provider.asked)) == (4, 4)
    assert (await till.payment()).state == "captured"


async def test_a_purchase_said_to_be_paid_after_it_failed_is_not_asked_about_for_that_would_buy(till: Till):
    till.provider.on_submit = failed
    await till.pay()

    assert await hear_callback(till.at.counter, hint()) == "late"
    await till.later(hours=1)

    assert till.provider.asked == []
    assert await till.breaks() == ["paid_after_end"]


async def test_a_bill_said_to_be_paid_after_it_failed_is_asked_about_and_arrives_late(till: Till):
    till.provider.on_submit, till.provider.on_ask = failed, paid
    await till.pay(product=BILL, reference="530000000001")

    heard = await hear_callback(till.at.counter, hint(reference="530000000001", amount=Money.of(100_000, "IDR")))
    await till.later(seconds=0)

    assert heard == "heard"
    assert (await till.payment()).state == "late"
    assert await till.available() == 200_000


async def test_a_late_purchase_said_to_have_failed_is_for_operators(till: Till):
    till.provider.on_submit = failed
    await till.pay()
    await till.hear(paid(await till.attempt()))

    assert await hear_callback(till.at.counter, hint(says_paid=False)) == "late"
    assert "contradiction" in await till.breaks()
    assert (await till.payment()).state == "late"
