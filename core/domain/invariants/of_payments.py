"""One payment against its attempts and the trail it left in the journal and the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.domain.invariants.rules import Violation
from core.domain.invariants.trail import ACCOUNTED, MARK, Trail
from core.domain.meaning import CAME_BACK, GONE
from core.domain.payment import (
    HOLDING,
    KEPT,
    NEGATIVE,
    OPEN,
    RESTORED,
    UNDECIDED,
    UNSETTLED,
    Attempt,
    Payment,
    Proof,
    attempt_key,
    receipt_number,
)

Opened = set[tuple[str, str, str]]

PAID = frozenset({Proof.PAID.value})
NO_ATTEMPT = frozenset({"none"})
# What the latest attempt may have come to, by the payment's state. Where an earlier one bought, the latest failed.
LATEST: Mapping[str, frozenset[str]] = {
    "quoted": NO_ATTEMPT,
    "declined": NO_ATTEMPT,
    **dict.fromkeys(("authorized", "expired", "cancelled"), NEGATIVE | NO_ATTEMPT),
    "submitted": frozenset({""}),
    "in_doubt": UNDECIDED,
    "review": UNDECIDED,
    "voided": NEGATIVE,
    **dict.fromkeys((*KEPT, "refund_due", "refunded"), PAID | NEGATIVE),
}
# These may have a time to be looked at again because a callback doubts them.
MAY_BE_ASKED_AGAIN = frozenset({*OPEN, *GONE, *CAME_BACK})


def broken_by_payment(payment: Payment, attempts: list[Attempt], trail: Trail, opened: Opened) -> Iterator[Violation]:
    """`opened` holds wallet, product and number of the open payments seen before."""
    for rule, detail in (
        ("payments_follow_arrows", _off_its_trail(payment, trail)),
        ("payments_add_up", _wrong_sum(payment, trail)),
        ("cost_within_bounds", _too_dear(payment)),
        ("receipts_are_numbered", _wrong_receipt(payment, trail)),
        ("attempts_are_in_row", _out_of_row(payment, attempts)),
        ("attempts_fit", _unfit_attempts(payment, attempts, trail)),
        ("outcomes_are_told", _wrongly_told(payment, trail)),
        ("one_bill_at_a_time", _second_open(payment, opened)),
        ("nothing_is_stuck", _stuck(payment)),
    ):
        if detail:
            yield Violation(rule, payment.payment_id, detail)


def _off_its_trail(payment: Payment, trail: Trail) -> str:
    if payment.state in trail.states:
        return ""
    return f"is {payment.state}; by its entries it is {' or '.join(sorted(trail.states))}"


def _wrong_sum(payment: Payment, trail: Trail) -> str:
    """Debits are positive: money that left the wallet, a negative hold, what a provider took as a negative deposit."""
    total, cost, state = payment.amount_minor + payment.fee_minor, payment.cost_minor or 0, payment.state
    wallet, held, deposit, claim, receivable = trail.sums
    right = (
        wallet == (total if state in HOLDING or state in ("captured", "disputed") else 0)
        and held == (-total if state in HOLDING else 0)
        and receivable == (total if state == "late" else 0)
        and deposit + claim == (-cost if state in KEPT else 0)
        and trail.wallet in ("", payment.wallet_id)
    )
    if right:
        return ""
    sums = ", ".join(f"{name} {minor}" for name, minor in zip(ACCOUNTED, trail.sums, strict=True))
    return f"is {state} of {total} that cost {cost}, by its entries {sums}"


def _too_dear(payment: Payment) -> str:
    if payment.cost_minor is None or payment.cost_minor <= payment.most_minor:
        return ""
    return f"cost {payment.cost_minor}, and at most {payment.most_minor} was allowed"


def _wrong_receipt(payment: Payment, trail: Trail) -> str:
    due = receipt_number(trail.captured_at) if trail.captured_at else ""
    return "" if payment.receipt == due else f"has receipt {payment.receipt!r}, its entry says {due!r}"


def _out_of_row(payment: Payment, attempts: list[Attempt]) -> str:
    if len(attempts) != payment.attempt:
        return f"says {payment.attempt} attempts, there are {len(attempts)}"
    for number, attempt in enumerate(attempts, 1):
        if attempt.number != number or attempt.key != attempt_key(payment.payment_id, number):
            return f"attempt {number} is {attempt.number} under the key {attempt.key}"
        ours = (payment.reference, payment.most_minor, payment.currency, payment.kind)
        if (attempt.reference, attempt.most_minor, attempt.currency, attempt.kind) != ours:
            return f"attempt {number} is for another number or amount"
    return ""


def _unfit_attempts(payment: Payment, attempts: list[Attempt], trail: Trail) -> str:
    outcomes = [attempt.outcome for attempt in attempts] or ["none"]
    *earlier, latest = outcomes
    if (
        latest in LATEST.get(payment.state, NO_ATTEMPT)
        and PAID.union(NEGATIVE).issuperset(earlier)
        and _may_have_bought(outcomes.count(Proof.PAID), payment, trail)
    ):
        return ""
    return f"is {payment.state}, its attempts came to {', '.join(outcome or 'nothing' for outcome in outcomes)}"


def _may_have_bought(times: int, payment: Payment, trail: Trail) -> bool:
    """One that bought where the provider kept money; every other that did is a claim."""
    if payment.state in KEPT:
        return times > 0 and (times > 1) == (trail.claimed > 0)
    if payment.state in UNSETTLED:
        return times == payment.paid_before
    return times == 0 or trail.claimed > 0


def _wrongly_told(payment: Payment, trail: Trail) -> str:
    disputed = MARK["disputed"]
    due = trail.due | disputed if payment.state == "disputed" else trail.due
    missing, untrue = _named(due & ~trail.told), _named(trail.told & ~due & ~disputed)
    return ", ".join([*(f"{state} was not told" for state in missing), *(f"{state} was told" for state in untrue)])


def _named(marks: int) -> list[str]:
    return [state for state, mark in MARK.items() if marks & mark]


def _second_open(payment: Payment, opened: Opened) -> str:
    if payment.state not in OPEN:
        return ""
    bill = (payment.wallet_id, payment.product_id, payment.reference)
    if bill in opened:
        return f"is the second open one of wallet {payment.wallet_id} for the same number"
    opened.add(bill)
    return ""


def _stuck(payment: Payment) -> str:
    if payment.state in OPEN:
        left_to_people = payment.state == "review" and payment.reason == RESTORED
        return "" if payment.look_at or left_to_people else f"is {payment.state} and will never be looked at"
    return f"is {payment.state} and looked at" if payment.look_at and payment.state not in MAY_BE_ASKED_AGAIN else ""
