"""What a provider's answer means for a payment: from what is proven and where the payment stands to an arrow.

A payment may have several attempts. The one that bought the goods is the one whose provider the payment names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.payment import ABSENT, UNDECIDED, UNSETTLED, Answer, Attempt, Payment, Proof

GONE = ("voided", "cancelled", "expired")

# The latest attempt was paid, or any attempt that nobody counted on any more.
PAID: Mapping[str, str] = dict.fromkeys(UNSETTLED, "capture")
PAID_LATE: Mapping[str, str] = {
    **dict.fromkeys(("authorized", *UNSETTLED, "captured"), "attempt_late"),
    **dict.fromkeys(GONE, "arrive_late"),
}
# The money of the attempt that had bought came back.
CAME_BACK: Mapping[str, str] = {"captured": "give_back", "disputed": "give_back", "late": "undo"}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`first`: an answer to the first send. `final`: past the provider's finality window. `old`: long enough in doubt
    for operators to look. `elsewhere`: another provider sells the same. `heard`: this very evidence is in the book."""

    first: bool
    final: bool
    old: bool
    elsewhere: bool
    heard: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """The arrow to follow, if any; what the attempt has come to; and what an operator must look at, if anything."""

    event: str | None
    outcome: str
    trouble: str = ""


def meaning(payment: Payment, attempt: Attempt, answer: Answer, now: Circumstances) -> Meaning:
    """The same evidence a second time means nothing new; what fits no arrow changes nothing."""
    proof = _proven(attempt, answer, now)
    event = None if now.heard and _decides(answer) else _arrow(payment, attempt, proof, now)
    if event is not None and proof is not Proof.NOTHING:
        return Meaning(event, proof.value)
    return Meaning(
        event, _looked_for(attempt, answer, now), "" if now.heard or event else _trouble(payment, attempt, answer)
    )


def _proven(attempt: Attempt, answer: Answer, now: Circumstances) -> Proof:
    """*Not created* is proof in answer to the first send; in answer to a look it is one only past the finality window
    and said twice in a row."""
    if _too_dear(attempt, answer):
        return Proof.NOTHING
    if answer.proves is not Proof.NOT_CREATED or now.first:
        return answer.proves
    return Proof.FAILED if now.final and attempt.outcome == ABSENT else Proof.NOTHING


def _looked_for(attempt: Attempt, answer: Answer, now: Circumstances) -> str:
    """What an open attempt has come to by a look that decided nothing: `ABSENT`, or known again."""
    if attempt.outcome not in UNDECIDED or now.first:
        return attempt.outcome
    return ABSENT if answer.proves is Proof.NOT_CREATED and now.final else ""


def _arrow(payment: Payment, attempt: Attempt, proof: Proof, now: Circumstances) -> str | None:
    match proof:
        case Proof.PAID:
            return _paid(payment, attempt)
        case Proof.NOTHING:
            return _unknown(payment, attempt, old=now.old)
        case _:
            return _not_paid(payment, attempt, proof, elsewhere=now.elsewhere)


def _paid(payment: Payment, attempt: Attempt) -> str | None:
    if attempt.outcome == Proof.PAID:
        return None
    if attempt.number == payment.attempt and payment.state in PAID:
        return PAID[payment.state]
    # A payment remembers one late attempt; a second one is for operators.
    return None if payment.paid_before else PAID_LATE.get(payment.state)


def _not_paid(payment: Payment, attempt: Attempt, proof: Proof, *, elsewhere: bool) -> str | None:
    if attempt.outcome == Proof.PAID:
        bought = attempt.provider == payment.provider
        return CAME_BACK.get(payment.state) if bought and proof is Proof.GIVEN_BACK else None
    if attempt.number < payment.attempt or payment.state not in UNSETTLED:
        return None
    if payment.paid_before:
        return "capture"
    if proof is not Proof.NOT_CREATED:
        return "void"
    # Later than in answer to the first send it has been asked about, and asking may have created it.
    if payment.state != "submitted":
        return None
    return "reroute" if elsewhere else "void"


def _unknown(payment: Payment, attempt: Attempt, *, old: bool) -> str | None:
    if attempt.number < payment.attempt:
        return None
    if payment.state == "submitted":
        return "lose_sight"
    return "escalate" if payment.state == "in_doubt" and old else None


def _trouble(payment: Payment, attempt: Attempt, answer: Answer) -> str:
    """Why an operator must look at an answer that nothing followed from; empty when it fits the book."""
    if answer.code == "cost_too_high" or _too_dear(attempt, answer):
        return "cost_too_high"
    if attempt.outcome == Proof.PAID:
        refuted = answer.proves in (Proof.FAILED, Proof.GIVEN_BACK)
        return "contradiction" if refuted or _other_goods(payment, attempt, answer) else ""
    return "contradiction" if answer.proves is Proof.PAID else ""


def _other_goods(payment: Payment, attempt: Attempt, answer: Answer) -> bool:
    """Paid, as we know, but for another price or with another number on it than before."""
    if answer.proves is not Proof.PAID or attempt.provider != payment.provider or answer.cost is None:
        return False
    goods = ((payment.serial, answer.serial), (payment.token, answer.token))
    return answer.cost.minor != payment.cost_minor or any(old and new and old != new for old, new in goods)


def _too_dear(attempt: Attempt, answer: Answer) -> bool:
    return answer.proves is Proof.PAID and answer.cost is not None and answer.cost > attempt.most


def _decides(answer: Answer) -> bool:
    return answer.proves in (Proof.PAID, Proof.FAILED, Proof.GIVEN_BACK)
