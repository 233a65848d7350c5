"""What `BillerGateway` promises when something goes wrong: money is never risked, and nothing is raised."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.bill import BillerDown
from core.domain.payment import Answer, Proof
from tests.contracts.trials import ANSWER_LOST, ANSWER_WRONG, KEY, NEVER_ARRIVED, Goods, Trial

UNDECIDED = {Proof.NOTHING, Proof.NOT_CREATED}

# ---- money is never risked


async def test_nothing_is_bought_above_the_most_it_may_cost(trial: Trial):
    before = await trial.gateway.balance()

    answer = await trial.gateway.submit(trial.attempt(trial.purchase, "pays", most=1_000))

    assert answer.proves is not Proof.PAID
    assert await trial.gateway.balance() == before


async def test_a_bill_that_cost_more_than_it_may_proves_nothing(trial: Trial):
    attempt = await trial.prepare(trial.bill, "pays", most=1_000)

    answer = await trial.gateway.submit(attempt)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "cost_too_high")


async def test_a_bill_is_not_paid_with_the_inquiry_of_another_day(trial: Trial):
    before = await trial.gateway.balance()
    attempt = await trial.prepare(trial.bill, "pays")
    trial.clock.pass_by(days=1)

    answers = [
        await trial.gateway.submit(attempt),
        await trial.gateway.submit(replace(attempt, made_at=trial.clock.at)),
    ]

    assert {answer.proves for answer in answers} <= {Proof.FAILED, Proof.NOT_CREATED}
    assert await trial.gateway.balance() == before


@pytest.mark.parametrize("fault", ANSWER_LOST)
async def test_a_sale_whose_answer_was_lost_is_found_again(trial: Trial, goods: Goods, fault: str):
    attempt = await trial.prepare(goods, "pays")
    await trial.spoil(fault)

    lost = await trial.gateway.submit(attempt)
    found = await trial.gateway.ask_outcome(attempt)

    assert (lost.proves, lost.elsewhere) == (Proof.NOTHING, False)
    assert found.proves is Proof.PAID
    assert found.cost == await trial.kept(goods)
    assert await trial.double.made(KEY) == 1


@pytest.mark.parametrize("fault", ANSWER_WRONG)
async def test_an_answer_that_does_not_fit_proves_nothing(trial: Trial, goods: Goods, fault: str):
    attempt = await trial.prepare(goods, "pays")
    await trial.spoil(fault)

    wrong = await trial.gateway.submit(attempt)
    found = await trial.gateway.ask_outcome(attempt)

    assert (wrong.proves, wrong.elsewhere) == (Proof.NOTHING, False)
    assert found.proves is Proof.PAID


@pytest.mark.parametrize("fault", NEVER_ARRIVED)
async def test_a_purchase_that_may_have_been_lost_on_the_way_is_bought_once_at_most(trial: Trial, fault: str):
    attempt = await trial.prepare(trial.purchase, "pays")
    await trial.spoil(fault)

    lost = await trial.gateway.submit(attempt)
    await trial.gateway.ask_outcome(attempt)
    await trial.gateway.ask_outcome(attempt)

    assert lost.proves is Proof.NOTHING
    assert len(await trial.double.kept(KEY)) <= 1


@pytest.mark.parametrize("fault", NEVER_ARRIVED)
async def test_a_bill_whose_payment_was_lost_on_the_way_is_never_called_paid_or_failed(trial: Trial, fault: str):
    attempt = await trial.prepare(trial.bill, "pays")
    await trial.spoil(fault)

    lost, asked = await trial.gateway.submit(attempt), await trial.gateway.ask_outcome(attempt)

    assert lost.proves is Proof.NOTHING
    assert asked.proves in UNDECIDED
    assert await trial.double.kept(KEY) == []


async def test_a_state_that_lags_behind_is_not_taken_for_a_failure(trial: Trial, goods: Goods):
    await trial.spoil("status_lags")
    attempt = await trial.prepare(goods, "pays")

    early = [await trial.gateway.submit(attempt), await trial.gateway.ask_outcome(attempt)]
    trial.clock.pass_by(minutes=5)

    assert {answer.proves for answer in early} <= UNDECIDED
    assert (await trial.gateway.ask_outcome(attempt)).proves is Proof.PAID


async def test_what_is_too_old_is_answered_without_being_sent(trial: Trial, goods: Goods):
    attempt = await trial.prepare(goods, "pays")
    await trial.gateway.submit(attempt)
    received = await trial.double.received(KEY)
    trial.clock.at = attempt.made_at + timedelta(seconds=trial.oldest_s)

    answers = [await trial.gateway.ask_outcome(attempt)]
    trial.clock.pass_by(days=400)
    answers.append(await trial.gateway.ask_outcome(attempt))

    assert {answer.proves for answer in answers} == {Proof.NOTHING}
    assert await trial.double.received(KEY) == received
    assert await trial.double.made(KEY) == 1


async def test_another_provider_is_asked_only_where_nothing_was_created(trial: Trial):
    await trial.spoil("refused_us")
    attempt = await trial.prepare(trial.purchase, "pays")

    refused = await trial.gateway.submit(attempt)

    assert (refused.proves, refused.elsewhere) == (Proof.NOT_CREATED, True)
    assert await trial.double.made(KEY) == 0


async def test_a_code_the_provider_does_not_know_creates_nothing(trial: Trial):
    attempt = replace(await trial.prepare(trial.purchase, "pays"), code="no-such-code")

    answer = await trial.gateway.submit(attempt)

    assert answer.proves in (Proof.NOT_CREATED, Proof.FAILED)
    assert await trial.double.made(KEY) == 0


# ---- evidence, and a provider that is down


async def test_evidence_is_short_json_without_secrets(trial: Trial, goods: Goods):
    attempt = await trial.prepare(goods, "pays")
    answers: list[Answer] = [await trial.gateway.submit(attempt)]
    for fault in ("page", "garbage"):
        await trial.spoil(fault)
        answers.append(await trial.gateway.submit(await trial.prepare(goods, "pays", key=f"{fault}-1")))

    for answer in answers:
        json.loads(answer.body)
        assert len(answer.body.encode()) <= 4096
        assert not any(secret in answer.body for secret in trial.secrets)
        assert answer.code


async def test_a_provider_that_keeps_failing_is_unavailable_before_anybody_s_money_is_held(trial: Trial):
    goods, number = trial.purchase, trial.purchase.numbers["pays"]
    assert trial.impatient.available
    for place in range(5):
        await trial.spoil("server_error_before")
        await trial.impatient.submit(trial.attempt(goods, "pays", most=goods.price, key=f"down-{place}"))

    assert not trial.impatient.available
    with pytest.raises(BillerDown):
        await trial.impatient.inquire(goods.product, goods.code, number, key=KEY)
    unsent = await trial.impatient.submit(trial.attempt(goods, "pays", most=goods.price))

    assert unsent.proves is Proof.NOT_CREATED
    assert await trial.double.received(KEY) == 0
