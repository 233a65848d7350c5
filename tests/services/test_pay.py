"""Authorize: the money is held once for what was confirmed, or never."""

from __future__ import annotations

import asyncio
from textwrap import dedent

import pytest

from core.domain.payment import AlreadyBeingPaid, PaidJustNow
from core.domain.pricing import QuoteExpired
from core.domain.wallet import CapAfterReset, NotEnoughMoney, WalletCannotPay
from core.refusal import Refusal
from core.services.pay import Authorize, Authorized, Declined
from core.services.pins import reset_pin
from core.services.submit import submit
from tests.services.till import BILL, Till
from tests.support.fakes import failed, silence
from tests.support.ledger import ledger


async def refused(till: Till, payment_id: str = "p1", *, again: bool = False, **what: str) -> Refusal:
    outcome = await till.confirm(await till.quote(payment_id, **what), again=again)
    assert isinstance(outcome, Declined)
    assert outcome.payment.state in ("declined", "expired")
    return outcome.refusal


async def test_a_confirmed_quote_is_held(till: Till):
    held = await till.hold()

    assert held.state == "authorized"
    assert await till.available() == 177_500
    assert ledger(*await till.entries()) == dedent("""
        authorize
            wallet:w7890 22500
            held -22500
        """)


async def test_asking_twice_with_one_id_holds_once(till: Till):
    offer = await till.quote()

    outcomes = [await till.confirm(offer) for _ in range(3)]

    assert all(isinstance(outcome, Authorized) for outcome in outcomes)
    assert await till.available() == 177_500
    assert len(await till.entries()) == 1


async def test_asking_many_times_at_once_holds_once(till: Till):
    offer = await till.quote()

    outcomes = await asyncio.gather(*(till.confirm(offer) for _ in range(64)))

    assert {type(outcome) for outcome in outcomes} == {Authorized}
    assert await till.available() == 177_500


@pytest.mark.parametrize("state", ["captured", "voided"])
async def test_asking_again_after_the_end_answers_with_that_end(till: Till, state: str):
    offer = await till.quote()
    await till.confirm(offer)
    till.provider.on_submit = till.provider.on_submit if state == "captured" else failed
    await submit(till.at.counter, "p1")

    outcome = await till.confirm(offer)

    assert isinstance(outcome, Authorized)
    assert outcome.payment.state == state


async def test_declined_once_is_declined_for_ever(till: Till):
    offer = await till.quote(amount="500")
    assert isinstance(await till.confirm(offer), Declined)
    await till.top_up(1_000_000)

    assert isinstance(await till.confirm(offer), Declined)
    assert (await till.payment()).state == "declined"
    assert await till.entries() == []


async def test_a_quote_is_good_until_its_last_moment(till: Till):
    offer = await till.quote()
    till.at.clock.at = offer.good_until

    outcome = await till.confirm(offer)

    assert isinstance(outcome, Declined)
    assert isinstance(outcome.refusal, QuoteExpired)
    assert (await till.payment()).state == "expired"
    assert await till.available() == 200_000


async def test_more_than_there_is_is_refused(till: Till):
    found = await refused(till, amount="200")

    assert isinstance(found, NotEnoughMoney)
    assert await till.available() == 200_000


@pytest.mark.parametrize("event", ["lock", "freeze"])
async def test_a_locked_or_frozen_wallet_pays_nothing(till: Till, event: str):
    await till.change(event)

    assert isinstance(await refused(till), WalletCannotPay)


async def test_after_a_reset_large_payments_are_refused_for_a_day(till: Till):
    await till.top_up(1_000_000)
    await reset_pin(till.at.counter, till.owner.wallet_id)

    assert isinstance(await refused(till, amount="500"), CapAfterReset)

    till.at.clock.pass_by(hours=24)
    assert (await till.hold("p2", amount="500")).state == "authorized"


async def test_of_many_payments_at_once_only_as_many_are_held_as_there_is_money_for(till: Till):
    offers = [await till.quote(f"p{place}", reference=f"{12345678901 + place}") for place in range(50)]

    outcomes = await asyncio.gather(*(till.confirm(offer) for offer in offers))

    assert sum(isinstance(outcome, Authorized) for outcome in outcomes) == 200_000 // 22_500
    assert await till.available() == 200_000 % 22_500


# ---- the same bill twice


async def test_while_one_is_on_its_way_a_second_for_the_same_number_is_refused(till: Till):
    till.provider.on_submit = silence
    await till.pay()

    assert isinstance(await refused(till, "p2"), AlreadyBeingPaid)
    assert isinstance(await refused(till, "p3", amount="50", again=True), AlreadyBeingPaid)
    assert await till.available() == 177_500


async def test_of_two_for_the_same_number_at_once_one_is_held(till: Till):
    offers = [await till.quote("p1"), await till.quote("p2", amount="50")]

    outcomes = await asyncio.gather(*(till.confirm(offer, again=True) for offer in offers))

    assert [type(outcome) for outcome in outcomes] == [Authorized, Declined]


async def test_the_same_within_a_day_must_be_asked_for_again(till: Till):
    await till.pay()

    assert isinstance(await refused(till, "p2"), PaidJustNow)
    assert (await till.pay("p3", again=True)).state == "captured"


async def test_the_same_is_noticed_behind_another_amount(till: Till):
    await till.pay()
    await till.pay("p2", amount="50")

    assert isinstance(await refused(till, "p3"), PaidJustNow)


async def test_the_same_is_noticed_behind_one_that_failed(till: Till):
    await till.pay()
    till.provider.on_submit = failed
    await till.pay("p2", again=True)

    assert isinstance(await refused(till, "p3"), PaidJustNow)


async def test_what_was_authorized_since_the_list_was_read_is_noticed_as_well(till: Till):
    offers = [await till.quote("p1"), await till.quote("p2")]
    await till.confirm(offers[0])
    await submit(till.at.counter, "p1")

    now = till.at.clock.now()
    unread = Authorize(offers[1], till.owner.wallet_id, "prepaid", "ussd", now, till.at.counter.day(now))
    outcome = await till.at.store.commit(unread)

    assert isinstance(outcome, Declined)
    assert isinstance(outcome.refusal, PaidJustNow)


async def test_another_amount_or_another_number_is_not_the_same(till: Till):
    await till.pay()

    assert (await till.pay("p2", amount="50")).state == "captured"
    assert (await till.pay("p3", reference="12345678902")).state == "captured"


async def test_the_same_a_day_later_is_paid(till: Till):
    await till.pay()
    till.at.clock.pass_by(hours=24)

    assert (await till.pay("p2")).state == "captured"


async def test_after_a_failure_the_same_is_paid(till: Till):
    till.provider.on_submit = failed
    await till.pay()

    assert isinstance(await till.confirm(await till.quote("p2")), Authorized)


async def test_a_confirmed_number_is_remembered_with_its_holder(till: Till):
    await till.pay(product=BILL, reference="530000000001")

    (payee,) = await till.at.store.payees_of(till.owner.wallet_id, limit=5)

    assert (payee.reference, payee.holder) == ("530000000001", "BUDI SANTOSO")
    assert (payee.last_payment_id, payee.saved) == ("p1", False)
