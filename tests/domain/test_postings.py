"""What each event writes into the journal, as an accountant reads it."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest

from core.domain.journal import CHART, Entry, Unbalanced, entry, fund_deposit, kind_of, top_up
from core.domain.money import Money
from core.domain.payment import PAYMENT
from core.domain.postings import CLAIM_ENDS, RULES, claim_end, end_key, entry_for, kind_posted
from tests.domain.payments import COST, NOON, TODAY, payment
from tests.support.ledger import balances, ledger

BOUGHT = {"cost_minor": COST.minor, "fee_minor": 2_500_00}


def posted(event: str, state: str, **more: object) -> Entry | None:
    """The entry of an event on a payment that stands in a state."""
    before = payment(state, **{**BOUGHT, **more})
    after = replace(before, state=PAYMENT.after(state, event), version=before.version + 1)
    return entry_for(event, before, after, at=NOON, day=TODAY)


def test_authorize_holds_the_total():
    assert ledger(posted("authorize", "quoted")) == dedent("""
        authorize
            wallet:w1 22500
            held -22500
        """)


@pytest.mark.parametrize(
    ("event", "state"), [("expire", "authorized"), ("cancel", "authorized"), ("void", "in_doubt"), ("void", "review")]
)
def test_an_end_without_goods_gives_the_hold_back(event: str, state: str):
    assert ledger(posted(event, state)) == dedent(f"""
        {event}
            wallet:w1 -22500
            held 22500
        """)


def test_capture_pays_the_provider_and_leaves_us_fee_and_margin():
    assert ledger(posted("capture", "submitted")) == dedent("""
        capture
            held 22500
            deposit:digiflazz -20300
            fee:pln-token -2500
            margin:pln-token 300
        """)


def test_a_bill_leaves_us_a_commission():
    bill = {"kind": "postpaid", "product_id": "pln-bill", "amount_minor": 100_000_00, "cost_minor": 98_500_00}

    assert ledger(posted("capture", "in_doubt", **bill)) == dedent("""
        capture
            held 102500
            deposit:digiflazz -98500
            commission:pln-bill -4000
        """)


def test_goods_that_come_late_are_owed_and_not_taken():
    assert ledger(posted("arrive_late", "voided"), posted("settle_late", "late")) == dedent("""
        arrive_late
            receivable:w1 22500
            deposit:digiflazz -20300
            fee:pln-token -2500
            margin:pln-token 300
        settle_late
            wallet:w1 22500
            receivable:w1 -22500
        """)


def test_a_late_one_written_off_costs_us_what_the_provider_took():
    late, lost = posted("arrive_late", "voided"), posted("write_off", "late")

    assert late is not None
    assert lost is not None
    assert balances([late, lost]) == dedent("""
        deposit:digiflazz -20300
        loss:late 20300
        """)


def test_a_late_one_undone_leaves_nothing_behind():
    late, undone = posted("arrive_late", "expired"), posted("undo", "late")

    assert late is not None
    assert undone is not None
    assert balances([late, undone]) == "\n"


def test_a_second_sale_is_a_claim_on_the_provider():
    assert ledger(posted("attempt_late", "captured")) == dedent("""
        attempt_late
            claim:digiflazz 20300
            deposit:digiflazz -20300
        """)


def test_an_earlier_attempt_that_was_paid_after_all_captures():
    assert ledger(posted("attempt_late", "authorized")) == ledger(posted("capture", "submitted"))


def test_money_given_back_returns_to_the_customer_through_the_hold():
    steps = [
        posted("authorize", "quoted"),
        posted("capture", "submitted"),
        posted("give_back", "captured"),
        posted("refund", "refund_due"),
    ]

    assert balances(step for step in steps if step) == "\n"
    assert ledger(steps[-1]) == dedent("""
        refund
            wallet:w1 -22500
            held 22500
        """)


def test_an_upheld_dispute_gives_all_back_and_claims_what_the_provider_took():
    assert ledger(posted("uphold", "disputed")) == dedent("""
        uphold
            claim:digiflazz 20300
            fee:pln-token 2500
            margin:pln-token -300
            wallet:w1 -22500
        """)


def test_the_commission_of_an_upheld_bill_is_taken_back():
    bill = {"kind": "postpaid", "product_id": "pln-bill", "amount_minor": 100_000_00, "cost_minor": 98_500_00}

    assert ledger(posted("uphold", "disputed", **bill)) == dedent("""
        uphold
            claim:digiflazz 98500
            commission:pln-bill 4000
            wallet:w1 -102500
        """)


@pytest.mark.parametrize(("event", "state"), [("uphold", "disputed"), ("attempt_late", "captured")])
def test_what_is_claimed_comes_into_the_deposit_or_is_lost(event: str, state: str):
    claimed = posted(event, state)
    assert claimed is not None

    ends = [claim_end(claimed, kind, at=NOON, day=TODAY, memo="ani and budi") for kind in CLAIM_ENDS]

    assert ledger(*ends) == dedent("""
        claim_paid
            deposit:digiflazz 20300
            claim:digiflazz -20300
        claim_lost
            loss:claim 20300
            claim:digiflazz -20300
        """)
    assert {one.key for one in ends} == {end_key(claimed.key, claimed.kind, kind) for kind in CLAIM_ENDS}


SILENT = [
    (event, state)
    for event, state, _ in PAYMENT.arrows
    if event in ("decline", "submit", "lose_sight", "reroute", "escalate", "dispute", "reject")
    or (event, state) == ("expire", "quoted")
    or (event == "attempt_late" and state in ("submitted", "in_doubt", "review"))
]


@pytest.mark.parametrize(("event", "state"), SILENT)
def test_some_events_post_nothing(event: str, state: str):
    assert posted(event, state) is None
    assert kind_posted(event, state) is None


POSTING = [(event, state) for event, state, _ in PAYMENT.arrows if (event, state) not in SILENT]


@pytest.mark.parametrize(("event", "state"), POSTING)
def test_every_other_event_posts_an_entry_that_balances(event: str, state: str):
    found = posted(event, state)

    assert found is not None
    assert sum(posting.minor for posting in found.postings) == 0
    assert found.payment_id == "p1"
    assert found.kind == kind_posted(event, state)
    assert {kind_of(posting.account).code for posting in found.postings} <= {row.code for row in CHART.values()}


def test_a_hold_is_made_and_ended_under_one_key_each():
    for event, state in POSTING:
        before = payment(state, version=7, **BOUGHT)
        found = entry_for(event, before, before, at=NOON, day=TODAY)
        assert found is not None
        once = found.kind in ("authorize", "expire", "cancel", "void", "capture")
        assert found.key == f"{found.kind}:p1" if once else f"{found.kind}:p1:7"


def test_nothing_is_captured_before_its_cost_is_known():
    with pytest.raises(AssertionError):
        posted("capture", "submitted", cost_minor=None)


def test_every_rule_belongs_to_an_event():
    assert set(RULES) <= set(PAYMENT.events)


# ---- entries in general


def test_legs_that_do_not_sum_to_zero_are_refused():
    with pytest.raises(Unbalanced):
        entry("top_up", ("bank:BCA", 100), ("wallet:w1", -99), key="k", currency="IDR", at=NOON, day=TODAY)


def test_an_entry_of_nothing_is_refused():
    with pytest.raises(Unbalanced):
        entry("top_up", ("bank:BCA", 0), key="k", currency="IDR", at=NOON, day=TODAY)


def test_an_account_outside_the_chart_is_refused():
    with pytest.raises(KeyError):
        entry("gift", ("bank:BCA", 100), ("moon:w1", -100), key="k", currency="IDR", at=NOON, day=TODAY)


def test_a_top_up_is_known_by_bank_and_evidence():
    found = top_up("w1", Money.of(50_000, "IDR"), bank="BCA", evidence="TRX-1", at=NOON, day=TODAY, by="ani")

    assert found.key == "top_up:BCA:TRX-1"
    assert ledger(found) == dedent("""
        top_up
            bank:BCA 50000
            wallet:w1 -50000
        """)


def test_a_filled_deposit_leaves_the_bank():
    found = fund_deposit("digiflazz", Money.of(5_000, "IDR"), bank="BCA", evidence="1", at=NOON, day=TODAY, by="ani")

    assert ledger(found) == dedent("""
        fund_deposit
            deposit:digiflazz 5000
            bank:BCA -5000
        """)
