"""A customer says that what she paid for did not come: looked into by one operator, decided by two."""

from __future__ import annotations

from textwrap import dedent

import pytest

from core.domain.approval import NotPossible
from core.domain.evidence import Break
from core.services.complain import OpenCase
from core.services.review import waiting
from tests.services.panel import ANI, BUDI, Panel, panel
from tests.services.till import BILL, Till
from tests.support.fakes import given_back
from tests.support.ledger import balances, ledger

PAYMENT = "payment:p1"


@pytest.fixture
async def operators(till: Till) -> Panel:
    """And a purchase that is disputed."""
    operators = await panel(till.at)
    await till.pay()
    assert (await operators.say(ANI, PAYMENT, "dispute", reason="the meter refuses the token")).done
    return operators


async def claim(till: Till) -> Break:
    [found] = [one for one in (await till.at.store.story_of("p1")).breaks if one.kind == "claim"]
    return found


async def test_one_operator_looks_into_it_and_the_customer_is_told(till: Till, operators: Panel):
    assert (await till.payment()).state == "disputed"
    assert await till.told() == {"captured", "disputed"}
    assert [one.subject for one in await waiting(till.at.store)] == [PAYMENT]
    assert balances(await till.entries()) == dedent("""
        deposit:digiflazz -22200
        fee:pln-token -2500
        margin:pln-token 2200
        wallet:w7890 22500
        """)


async def test_upheld_she_has_all_of_it_back_and_the_provider_owes_us(till: Till, operators: Panel):
    await operators.both_say(PAYMENT, "uphold")

    assert (await till.payment()).state == "refunded"
    assert await till.available() == 200_000
    assert await till.told() == {"captured", "disputed", "refunded"}
    assert balances(await till.entries()) == dedent("""
        claim:digiflazz 22200
        deposit:digiflazz -22200
        """)
    assert (await claim(till)).detail == "digiflazz owes 2220000 minor IDR"


async def test_the_commission_of_a_bill_goes_back_with_it(till: Till):
    operators = await panel(till.at)
    await till.pay(product=BILL)
    await operators.say(ANI, PAYMENT, "dispute")

    await operators.both_say(PAYMENT, "uphold")

    assert await till.available() == 200_000
    assert not [line for line in balances(await till.entries()).splitlines() if line.startswith(("commission", "fee"))]


async def test_rejected_it_stays_paid_and_she_is_told_so(till: Till, operators: Panel):
    before = await till.payment()
    await till.delivered()

    await operators.both_say(PAYMENT, "reject")

    after = await till.payment()
    assert (after.state, after.receipt) == ("captured", before.receipt)
    [words] = await till.delivered()
    assert "it was delivered. Receipt" in words
    assert await waiting(till.at.store) == []


async def test_it_may_be_disputed_once_more(till: Till, operators: Panel):
    await operators.both_say(PAYMENT, "reject")

    assert (await operators.say(BUDI, PAYMENT, "dispute", reason="she came again")).done
    await operators.both_say(PAYMENT, "uphold")

    assert await till.available() == 200_000


async def test_the_provider_pays_later_and_the_claim_is_over(till: Till, operators: Panel):
    await operators.both_say(PAYMENT, "uphold")

    await operators.both_say(f"break:{(await claim(till)).break_id}", "paid")

    assert balances(await till.entries()) == "\n"
    assert (await claim(till)).closed_at is not None
    assert (await till.entries())[-1].memo.startswith("ani and budi, break:claim:uphold:p1:")


async def test_what_the_provider_never_pays_is_lost(till: Till, operators: Panel):
    await operators.both_say(PAYMENT, "uphold")
    opened = await claim(till)

    await operators.both_say(f"break:{opened.break_id}", "lost")

    assert ledger((await till.entries())[-1]) == dedent("""
        claim_lost
            loss:claim 22200
            claim:digiflazz -22200
        """)
    with pytest.raises(NotPossible):
        await operators.say(ANI, f"break:{opened.break_id}", "paid")


async def test_money_that_comes_back_while_it_is_looked_into_ends_it(till: Till, operators: Panel):
    await operators.say(ANI, PAYMENT, "uphold")
    await till.hear(given_back(await till.attempt()))

    assert (await till.payment()).state == "refunded"
    assert await till.available() == 200_000
    with pytest.raises(NotPossible):
        await operators.say(BUDI, PAYMENT, "uphold")
    assert balances(await till.entries()) == "\n"


async def test_money_that_comes_back_after_it_was_upheld_is_a_break_and_not_a_second_refund(
    till: Till, operators: Panel
):
    await operators.both_say(PAYMENT, "uphold")

    await till.hear(given_back(await till.attempt()))

    assert await till.available() == 200_000
    assert await till.breaks() == ["claim", "contradiction"]


# ---- cases and wallets


async def test_a_case_is_closed_by_one_and_its_customer_is_told(till: Till, operators: Panel):
    now = till.at.clock.now()
    await till.at.store.commit(OpenCase("123456", till.owner.wallet_id, "p1", "no_token", now))
    await till.delivered()

    closed = await operators.say(ANI, "case:123456", "close", reason="she found the token")

    assert closed.done
    assert await till.at.store.open_cases(limit=5) == []
    assert await till.delivered() == [
        "We have looked into your case 123456. Is something still wrong? Choose it in the menu again."
    ]
    assert (await operators.say(ANI, "case:123456", "close")).sentence == "That was done before; nothing was changed."


async def test_a_frozen_wallet_receives_and_does_not_pay_until_two_let_it_go(till: Till, operators: Panel):
    await operators.say(ANI, "wallet:w7890", "freeze")
    await operators.both_say(PAYMENT, "uphold")
    assert await till.available() == 200_000
    refused = await till.confirm(await till.quote("p2", reference="12345678903"))
    assert refused.payment.state == "declined"

    await operators.both_say("wallet:w7890", "thaw")

    assert (await till.pay("p3", reference="12345678903")).state == "captured"
    assert len([words for words in await till.delivered() if "stopped" in words or "again" in words]) == 2


async def test_a_wallet_is_closed_only_when_nothing_can_come_back_into_it(till: Till, operators: Panel):
    for why in ("there is money in it.", "payment p1 is disputed."):
        with pytest.raises(NotPossible) as refused:
            await operators.say(ANI, "wallet:w7890", "close")
        assert refused.value.values["why"] == why
        if why == "there is money in it.":
            await till.spend_all()

    await operators.both_say(PAYMENT, "reject")
    await operators.both_say("wallet:w7890", "close")

    assert (await till.confirm(await till.quote("p9"))).payment.state == "declined"
