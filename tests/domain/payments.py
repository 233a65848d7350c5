"""Payments and attempts to try the rules on: 20,000 rupiah of electricity, 2,500 fee, bought for 20,300."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Payment, Proof

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
COST = Money.of(20_300, "IDR")

QUOTED = Payment(
    payment_id="p1",
    wallet_id="w1",
    product_id="pln-token",
    denomination_id="20",
    reference="12345678901",
    holder="SITI AMINAH",
    amount_minor=20_000_00,
    fee_minor=2_500_00,
    most_minor=22_500_00,
    currency="IDR",
    provider="digiflazz",
    code="pln20",
    kind="prepaid",
    channel="ussd",
    state="quoted",
    authorized_at=NOON,
    changed_at=NOON,
)


def payment(state: str, **more: Any) -> Payment:
    """One that stands in a state, with one attempt made unless said otherwise."""
    return replace(QUOTED, state=state, **{"attempt": 1, **more})


def attempt(number: int = 1, *, outcome: str = "", provider: str = "digiflazz") -> Attempt:
    before = replace(QUOTED, attempt=number - 1, provider=provider)
    return replace(before.next_attempt(now=NOON), outcome=outcome)


def answer(proves: Proof, **more: Any) -> Answer:
    cost = COST if proves is Proof.PAID else None
    return Answer(**{"proves": proves, "code": "00", "body": "{}", "cost": cost, **more})
