"""What each proof means in each state: the whole table, and what a second attempt makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.domain.meaning import Circumstances, Meaning, meaning
from core.domain.money import Money
from core.domain.payment import ABSENT, PAYMENT, Attempt, Payment, Proof
from tests.domain.payments import COST, answer, attempt, payment

LOOK = Circumstances(first=False, final=False, old=False, elsewhere=False, heard=False)
REPLY = replace(LOOK, first=True)

# What the only attempt has come to, in the states in which there is one.
CAME_TO = {
    "authorized": "not_created",
    "expired": "not_created",
    "cancelled": "not_created",
    "submitted": "",
    "in_doubt": "",
    "review": "",
    "captured": "paid",
    "disputed": "paid",
    "late": "paid",
    "written_off": "paid",
    "voided": "failed",
    "refund_due": "given_back",
    "refunded": "given_back",
}

# For each state: the arrow, `-` for none, or what an operator must look at; in answer to a look.
TABLE = """
state        paid           failed         given_back     not_created    nothing
authorized   attempt_late   -              -              -              -
submitted    capture        void           void           lose_sight     lose_sight
in_doubt     capture        void           void           -              -
review       capture        void           void           -              -
captured     -              contradiction  give_back      -              -
disputed     -              contradiction  give_back      -              -
voided       arrive_late    -              -              -              -
cancelled    arrive_late    -              -              -              -
expired      arrive_late    -              -              -              -
late         -              contradiction  undo           -              -
written_off  -              contradiction  contradiction  -              -
refund_due   contradiction  -              -              -              -
refunded     contradiction  -              -              -              -
"""
_, HEADS, *ROWS = (line.split() for line in TABLE.splitlines())
CELLS = [(state, proof, said) for state, *row in ROWS for proof, said in zip(HEADS[1:], row, strict=True)]


def means(state: str, proof: Proof, now: Circumstances = LOOK, **more: Any) -> Meaning:
    one = payment(state, cost_minor=COST.minor if CAME_TO[state] == "paid" else None)
    return meaning(one, attempt(outcome=CAME_TO[state]), answer(proof, **more), now)


def test_the_table_is_about_every_state_with_an_attempt_and_every_proof():
    assert {state for state, _, _ in CELLS} == set(PAYMENT.states) - {"quoted", "declined"}
    assert {proof for _, proof, _ in CELLS} == set(Proof)


@pytest.mark.parametrize(("state", "proof", "said"), CELLS)
def test_a_look_means_what_the_table_says(state: str, proof: str, said: str):
    found = means(state, Proof(proof))

    assert (found.event or found.trouble or "-") == said
    assert found.event is None or PAYMENT.allows(state, found.event)


@pytest.mark.parametrize(("state", "proof", "said"), CELLS)
def test_the_same_evidence_again_is_no_news(state: str, proof: str, said: str):
    found = means(state, Proof(proof), replace(LOOK, heard=True))

    assert found.trouble == ""
    assert proof in ("nothing", "not_created") or found.event is None


@pytest.mark.parametrize(("state", "proof", "said"), CELLS)
def test_an_attempt_comes_only_to_what_had_a_consequence(state: str, proof: str, said: str):
    found = means(state, Proof(proof))

    decided = found.event is not None and proof in ("paid", "failed", "given_back")
    assert found.outcome == (proof if decided else CAME_TO[state])


# ---- not created


def test_not_created_in_answer_to_the_first_send_gives_the_money_back():
    assert means("submitted", Proof.NOT_CREATED, REPLY) == Meaning("void", "not_created")


def test_not_created_goes_elsewhere_when_another_provider_sells_it():
    assert means("submitted", Proof.NOT_CREATED, replace(REPLY, elsewhere=True)) == Meaning("reroute", "not_created")


@pytest.mark.parametrize("state", ["in_doubt", "review"])
def test_not_created_that_comes_late_proves_nothing_for_asking_may_have_created_it(state: str):
    assert means(state, Proof.NOT_CREATED, REPLY) == Meaning(None, "")


def test_not_created_when_asked_is_not_believed_before_the_finality_window():
    assert means("in_doubt", Proof.NOT_CREATED) == Meaning(None, "")


def test_not_created_when_asked_is_believed_past_it_the_second_time():
    final = replace(LOOK, final=True)
    one = payment("in_doubt")

    first = meaning(one, attempt(), answer(Proof.NOT_CREATED), final)
    second = meaning(one, attempt(outcome=first.outcome), answer(Proof.NOT_CREATED), replace(final, heard=True))

    assert first == Meaning(None, ABSENT)
    assert second == Meaning("void", "failed")


def test_an_attempt_that_is_known_again_was_not_absent():
    final = replace(LOOK, final=True)

    assert meaning(payment("in_doubt"), attempt(outcome=ABSENT), answer(Proof.NOTHING), final) == Meaning(None, "")


# ---- doubt


@pytest.mark.parametrize("proof", [Proof.NOTHING, Proof.NOT_CREATED])
def test_a_payment_long_in_doubt_goes_to_people_and_never_back_by_itself(proof: Proof):
    assert means("in_doubt", proof, replace(LOOK, old=True)).event == "escalate"


def test_a_payment_in_review_stays_there_until_something_is_known():
    assert means("review", Proof.NOTHING, replace(LOOK, old=True)) == Meaning(None, "")


# ---- too dear, and other goods


@pytest.mark.parametrize("state", ["submitted", "in_doubt", "voided"])
def test_a_price_above_the_most_is_not_believed(state: str):
    found = means(state, Proof.PAID, cost=Money.of(22_501, "IDR"))

    assert found.event in (None, "lose_sight")
    assert found.event or found.trouble == "cost_too_high"


def test_a_price_that_the_adapter_did_not_believe_is_for_operators():
    assert means("in_doubt", Proof.NOTHING, code="cost_too_high").trouble == "cost_too_high"


@pytest.mark.parametrize("more", [{"cost": Money.of(20_301, "IDR")}, {"serial": "other"}, {"token": "other"}])
def test_paid_again_with_other_goods_is_a_contradiction(more: dict[str, Any]):
    bought = payment("captured", cost_minor=COST.minor, serial="SN", token="1234")

    assert meaning(bought, attempt(outcome="paid"), answer(Proof.PAID, **more), LOOK).trouble == "contradiction"


@pytest.mark.parametrize("more", [{}, {"serial": "SN"}, {"serial": ""}])
def test_paid_again_with_the_same_goods_is_none(more: dict[str, Any]):
    bought = payment("captured", cost_minor=COST.minor, serial="SN", token="1234")

    assert meaning(bought, attempt(outcome="paid"), answer(Proof.PAID, **more), LOOK) == Meaning(None, "paid")


# ---- two attempts: the first was not created, the second went to another provider


FIRST = attempt(outcome="not_created")
SECOND = attempt(2, provider="other")


def rerouted(state: str, **more: Any) -> Payment:
    return payment(state, attempt=2, provider="other", **more)


def test_the_first_paid_before_the_second_was_sent_captures():
    assert meaning(payment("authorized"), FIRST, answer(Proof.PAID), LOOK) == Meaning("attempt_late", "paid")


@pytest.mark.parametrize("state", ["submitted", "in_doubt", "review", "captured"])
def test_the_first_paid_while_the_second_is_on_its_way_or_paid_is_late(state: str):
    assert meaning(rerouted(state), FIRST, answer(Proof.PAID), LOOK) == Meaning("attempt_late", "paid")


@pytest.mark.parametrize("state", ["voided", "expired", "cancelled"])
def test_the_first_paid_after_the_second_failed_arrives_late(state: str):
    assert meaning(rerouted(state), FIRST, answer(Proof.PAID), LOOK) == Meaning("arrive_late", "paid")


@pytest.mark.parametrize("state", ["submitted", "in_doubt", "review"])
@pytest.mark.parametrize("proof", [Proof.FAILED, Proof.GIVEN_BACK, Proof.NOT_CREATED, Proof.NOTHING])
def test_whatever_else_is_said_of_the_first_decides_nothing(state: str, proof: Proof):
    assert meaning(rerouted(state), FIRST, answer(proof), LOOK) == Meaning(None, "not_created")


@pytest.mark.parametrize("proof", [Proof.FAILED, Proof.GIVEN_BACK])
def test_when_the_second_fails_the_first_that_was_paid_captures(proof: Proof):
    review = rerouted("review", cost_minor=COST.minor)

    assert meaning(review, SECOND, answer(proof), LOOK) == Meaning("capture", proof.value)


def test_when_both_were_paid_the_second_captures():
    review = rerouted("review", cost_minor=COST.minor)

    assert meaning(review, SECOND, answer(Proof.PAID), LOOK) == Meaning("capture", "paid")


def test_a_third_that_was_paid_is_for_operators():
    review = payment("review", attempt=3, cost_minor=COST.minor)

    assert meaning(review, SECOND, answer(Proof.PAID), LOOK).trouble == "contradiction"


def test_a_claim_given_back_is_not_the_customers_money():
    captured = rerouted("captured", cost_minor=COST.minor)
    claim = replace(FIRST, outcome="paid")

    assert meaning(captured, claim, answer(Proof.GIVEN_BACK), LOOK) == Meaning(None, "paid", "contradiction")


def test_only_the_attempt_that_bought_can_undo_a_late_success():
    late = payment("late", attempt=2, cost_minor=COST.minor)
    bought: Attempt = replace(FIRST, outcome="paid")

    assert meaning(late, bought, answer(Proof.GIVEN_BACK), LOOK) == Meaning("undo", "given_back")
    assert meaning(late, SECOND, answer(Proof.GIVEN_BACK), LOOK).event is None
