"""What `BillerGateway` promises, tried on every provider against a double of it over HTTP."""

from __future__ import annotations

import asyncio

import pytest

from core.domain.bill import NothingToPay, ReferenceUnknown
from core.domain.biller import NotSoldNow
from core.domain.money import Money
from core.domain.payment import Proof
from tests.contracts.trials import KEY, Goods, Trial

# ---- prices, balance, inquiries


async def test_a_price_list_has_a_line_for_every_code_and_a_cost_for_every_purchase(trial: Trial):
    lines = {line.code: line for line in await trial.gateway.prices()}

    assert {line.provider for line in lines.values()} == {trial.gateway.name}
    assert {line.seen_at for line in lines.values()} == {trial.clock.at}
    assert (lines[trial.purchase.code].cost_minor or 0) > 0
    assert lines[trial.bill.code].cost_minor is None
    assert lines[trial.purchase.code].on_sale
    assert lines[trial.bill.code].on_sale


async def test_an_inquiry_names_the_holder_and_moves_nothing(trial: Trial, goods: Goods):
    before = await trial.gateway.balance()

    bill = await trial.gateway.inquire(goods.product, goods.code, goods.numbers["pays"], key=KEY)

    assert (bill.reference, bill.asked_with) == (goods.numbers["pays"], KEY)
    assert bill.holder
    assert await trial.gateway.balance() == before
    assert await trial.double.made(KEY) == 0


async def test_a_bill_says_what_is_owed_and_what_it_will_cost_us(trial: Trial):
    bill = await trial.gateway.inquire(trial.bill.product, trial.bill.code, trial.bill.numbers["pays_many"], key=KEY)

    assert bill.owed is not None
    assert bill.admin is not None
    assert bill.cost is not None
    assert bill.owed > Money.of(0, "IDR")
    assert bill.cost <= bill.owed + bill.admin
    assert bill.periods > 1


async def test_a_purchase_leaves_the_amount_to_the_customer(trial: Trial):
    goods = trial.purchase

    bill = await trial.gateway.inquire(goods.product, goods.code, goods.numbers["pays"], key=KEY)

    assert (bill.owed, bill.cost) == (None, None)


async def test_an_unknown_number_is_refused(trial: Trial, goods: Goods):
    with pytest.raises(ReferenceUnknown):
        await trial.gateway.inquire(goods.product, goods.code, goods.numbers["unknown"], key=KEY)


async def test_a_bill_that_is_paid_leaves_nothing_to_pay(trial: Trial):
    with pytest.raises(NothingToPay):
        await trial.gateway.inquire(trial.bill.product, trial.bill.code, trial.bill.numbers["owes_nothing"], key=KEY)


async def test_a_biller_that_is_closed_sells_nothing_now(trial: Trial):
    with pytest.raises(NotSoldNow):
        await trial.gateway.inquire(trial.bill.product, trial.bill.code, trial.bill.numbers["closed"], key=KEY)


# ---- a sale


async def test_a_sale_costs_what_leaves_our_deposit(trial: Trial, goods: Goods):
    before = await trial.gateway.balance()
    attempt = await trial.prepare(goods, "pays")

    answer = await trial.gateway.submit(attempt)

    assert answer.proves is Proof.PAID
    assert answer.cost == before - await trial.gateway.balance()
    assert answer.cost == await trial.kept(goods)
    assert answer.serial


async def test_a_bill_costs_what_its_inquiry_said(trial: Trial):
    goods = trial.bill
    bill = await trial.gateway.inquire(goods.product, goods.code, goods.numbers["pays"], key=KEY)

    answer = await trial.gateway.submit(await trial.prepare(goods, "pays"))

    assert answer.cost == bill.cost


async def test_a_token_has_twenty_digits_and_no_name_beside_it(trial: Trial):
    goods = trial.purchase
    whose = await trial.gateway.inquire(goods.product, goods.code, goods.numbers["pays"], key=KEY)

    answer = await trial.gateway.submit(trial.attempt(goods, "pays", most=goods.price))

    assert len(answer.token) == 20
    assert answer.token.isdecimal()
    assert "kWh" in answer.detail
    assert whose.holder not in answer.detail + answer.serial


async def test_a_sale_asked_about_is_the_same_sale(trial: Trial, goods: Goods):
    attempt = await trial.prepare(goods, "pays")
    first = await trial.gateway.submit(attempt)

    asked = await trial.gateway.ask_outcome(attempt)

    assert asked == first
    assert len(await trial.double.kept(KEY)) == 1


async def test_any_number_of_questions_at_once_buys_once(trial: Trial, goods: Goods):
    attempt = await trial.prepare(goods, "pays")
    first = await trial.gateway.submit(attempt)

    answers = await asyncio.gather(*(trial.gateway.ask_outcome(attempt) for _ in range(25)))

    assert set(answers) == {first}
    assert len(await trial.double.kept(KEY)) == 1


async def test_a_failure_is_final_and_takes_nothing(trial: Trial, goods: Goods):
    before = await trial.gateway.balance()
    attempt = await trial.prepare(goods, "fails")

    first, asked = await trial.gateway.submit(attempt), await trial.gateway.ask_outcome(attempt)

    assert (first.proves, asked.proves) == (Proof.FAILED, Proof.FAILED)
    assert await trial.gateway.balance() == before
    assert not first.elsewhere


@pytest.mark.parametrize(
    ("number", "outcome"), [("pending_then_paid", Proof.PAID), ("pending_then_failed", Proof.FAILED)]
)
async def test_what_is_pending_proves_nothing_until_it_is_settled(
    trial: Trial, goods: Goods, number: str, outcome: Proof
):
    attempt = await trial.prepare(goods, number)

    pending = [await trial.gateway.submit(attempt), await trial.gateway.ask_outcome(attempt)]
    await trial.double.settle()

    assert {answer.proves for answer in pending} == {Proof.NOTHING}
    assert (await trial.gateway.ask_outcome(attempt)).proves is outcome


async def test_a_failure_that_became_a_sale_is_told_when_asked(trial: Trial, goods: Goods):
    await trial.spoil("paid_after_failing")
    attempt = await trial.prepare(goods, "pays")
    first = await trial.gateway.submit(attempt)
    await trial.double.settle()

    asked = await trial.gateway.ask_outcome(attempt)

    assert (first.proves, asked.proves) == (Proof.FAILED, Proof.PAID)


async def test_money_given_back_is_told_when_asked(trial: Trial, goods: Goods):
    await trial.spoil("given_back")
    attempt = await trial.prepare(goods, "pays")
    first = await trial.gateway.submit(attempt)
    await trial.double.settle()

    asked = await trial.gateway.ask_outcome(attempt)

    assert (first.proves, asked.proves) == (Proof.PAID, Proof.GIVEN_BACK)
