"""A wallet gives no more than it has, in no state but active, and takes in any but closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.lifecycle import Forbidden
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.wallet import (
    WALLET,
    CapAfterReset,
    NotEmpty,
    NotEnoughMoney,
    Wallet,
    WalletCannotPay,
    WalletCannotReceive,
)
from tests.domain.payments import NOON

SITI = Wallet("w1", Msisdn("+6281234567890"), "id", "IDR", "active", 300_000_00, "pin", "proof", NOON)
HALF = Money.of(150_000, "IDR")


def rupiah(major: int) -> Money:
    return Money.of(major, "IDR")


def test_money_taken_out_is_no_longer_available():
    assert SITI.debit(HALF, now=NOON).available == HALF


def test_a_wallet_gives_its_last_rupiah_and_not_one_more():
    assert SITI.debit(SITI.available, now=NOON).available == rupiah(0)
    with pytest.raises(NotEnoughMoney) as refused:
        SITI.debit(SITI.available + rupiah(1), now=NOON)
    assert refused.value.values == {"available": SITI.available, "needed": rupiah(300_001)}


@pytest.mark.parametrize("state", sorted({*WALLET.states} - {"active"}))
def test_only_an_active_wallet_pays(state: str):
    with pytest.raises(WalletCannotPay):
        replace(SITI, state=state).debit(HALF, now=NOON)


@pytest.mark.parametrize("state", sorted({*WALLET.states} - {"closed"}))
def test_any_wallet_but_a_closed_one_receives(state: str):
    assert replace(SITI, state=state).credit(HALF).available == rupiah(450_000)


def test_a_closed_wallet_receives_nothing():
    with pytest.raises(WalletCannotReceive):
        replace(SITI, state="closed").credit(HALF)


def test_a_wallet_is_closed_only_when_it_is_empty():
    with pytest.raises(NotEmpty):
        SITI.fire("close")
    assert replace(SITI, available_minor=0).fire("close").state == "closed"
    with pytest.raises(Forbidden):
        replace(SITI, available_minor=0, state="frozen").fire("close")


# ---- the day after a PIN was reset


AFTER_RESET = replace(SITI, pin_reset_at=NOON)


def test_after_a_reset_a_payment_may_be_as_large_as_the_cap():
    assert AFTER_RESET.debit(rupiah(200_000), now=NOON).available == rupiah(100_000)


def test_after_a_reset_a_larger_payment_is_refused_for_a_day():
    with pytest.raises(CapAfterReset) as refused:
        AFTER_RESET.debit(rupiah(200_001), now=NOON + timedelta(hours=23, minutes=59))
    assert refused.value.values == {"until": NOON + timedelta(hours=24), "cap": rupiah(200_000)}


def test_a_day_after_the_reset_the_cap_is_gone():
    assert AFTER_RESET.debit(SITI.available, now=NOON + timedelta(hours=24)).available == rupiah(0)


def test_a_currency_nobody_set_a_cap_for_has_none():
    cedis = replace(AFTER_RESET, currency="GHS", available_minor=10**9)

    assert cedis.debit(Money(10**9, "GHS"), now=NOON).available_minor == 0
