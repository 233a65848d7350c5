"""Delivered after the money had gone back: she pays for it with her PIN, or it stays a debt."""

from __future__ import annotations

from textwrap import dedent

import pytest

from core.domain.payment import receipt_number
from core.domain.pin import Place, WrongPin
from core.domain.wallet import NotEnoughMoney, WalletCannotPay
from core.services.settle_late import NothingOwed, settle_late
from tests.services.till import Till
from tests.support.counters import PIN
from tests.support.fakes import failed, paid
from tests.support.ledger import balances

HERE = Place("ussd", proven=True)


@pytest.fixture
async def late(till: Till) -> Till:
    till.provider.on_submit = failed
    await till.pay()
    await till.hear(paid(await till.attempt()))
    assert (await till.payment()).state == "late"
    return till


async def test_with_her_pin_it_is_a_payment_like_any_other(late: Till):
    settled = await settle_late(late.at.counter, "p1", PIN, place=HERE)

    assert settled.state == "captured"
    assert settled.receipt == receipt_number((await late.entries())[-1].index)
    assert await late.available() == 177_500
    assert await late.told() == {"voided", "late", "captured"}
    assert await late.at.store.open_breaks(limit=5) == []
    assert balances(await late.entries()) == dedent("""
        deposit:digiflazz -22200
        fee:pln-token -2500
        margin:pln-token 2200
        wallet:w7890 22500
        """)


async def test_twice_it_is_taken_once(late: Till):
    await settle_late(late.at.counter, "p1", PIN, place=HERE)

    with pytest.raises(NothingOwed):
        await settle_late(late.at.counter, "p1", PIN, place=HERE)

    assert await late.available() == 177_500


async def test_a_wrong_pin_takes_nothing_and_is_counted(late: Till):
    for left in (2, 1):
        with pytest.raises(WrongPin) as wrong:
            await settle_late(late.at.counter, "p1", "4826", place=HERE)
        assert wrong.value.values["left"] == left

    assert (await late.payment()).state == "late"
    assert await late.available() == 200_000


async def test_what_she_does_not_have_stays_a_debt(late: Till):
    await late.spend_all()

    with pytest.raises(NotEnoughMoney):
        await settle_late(late.at.counter, "p1", PIN, place=HERE)

    assert (await late.payment()).state == "late"


async def test_a_frozen_wallet_pays_no_debt(late: Till):
    await late.change("freeze")

    with pytest.raises(WalletCannotPay):
        await settle_late(late.at.counter, "p1", PIN, place=HERE)
