"""Two providers sell the same: the second is asked only when the first surely made nothing, and even that may err."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Payment
from core.services.submit import submit
from tests.services.panel import panel
from tests.services.till import METER, Till
from tests.support.counters import bench
from tests.support.fakes import ScriptedProvider, failed, not_created, paid, silence
from tests.support.invariants import invariants_kept
from tests.support.ledger import balances, ledger
from tests.support.second_provider import sold_by


class Other(ScriptedProvider):
    name = "other"


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[Till]:
    """A till where tokens are sold by `digiflazz`, and by `other` after it."""
    async with bench(tmp_path) as at, invariants_kept(at.store):
        counter = sold_by(at.counter, at.provider, Other(at.clock))
        yield Till(replace(at, counter=counter), await at.customer())


def second(till: Till) -> ScriptedProvider:
    provider = till.at.counter.gateways["other"]
    assert isinstance(provider, ScriptedProvider)
    return provider


def not_created_here(attempt: Attempt) -> Answer:
    """Refused for the provider's own trouble, before anything was created."""
    return replace(not_created(attempt), elsewhere=True)


async def rerouted(till: Till) -> Payment:
    till.provider.on_submit = not_created_here
    return await till.pay()


async def test_a_purchase_that_was_not_created_goes_to_the_next_provider(other: Till):
    waiting = await rerouted(other)
    await other.later(seconds=1)

    bought = await other.payment()
    assert (waiting.state, waiting.provider, waiting.code) == ("authorized", "other", "other-20")
    assert (bought.state, bought.provider, bought.attempt) == ("captured", "other", 2)
    assert [one.key for one in (*other.provider.sent, *second(other).sent)] == ["p1-1", "p1-2"]
    assert (await other.attempt(1)).outcome == "not_created"


async def test_the_most_it_may_cost_goes_along(other: Till):
    await rerouted(other)
    await other.later(seconds=1)

    (attempt,) = second(other).sent
    assert (attempt.most, attempt.reference) == (Money.of(22_500, "IDR"), METER)


@pytest.mark.parametrize("reaction", [failed, silence, not_created])
async def test_nothing_else_goes_to_the_next_provider(other: Till, reaction: object):
    other.provider.on_submit = reaction  # type: ignore[assignment]  # one of the reactions above

    await other.pay()

    assert second(other).sent == []


async def test_a_provider_whose_breaker_is_open_is_not_asked(other: Till):
    second(other).available = False

    assert (await rerouted(other)).state == "voided"


async def test_after_the_last_provider_the_money_goes_back(other: Till):
    await rerouted(other)
    second(other).on_submit = not_created_here
    await other.later(seconds=1)

    assert (await other.payment()).state == "voided"
    assert await other.available() == 200_000


async def test_a_hold_that_waits_for_the_second_provider_too_long_is_let_go(other: Till):
    await rerouted(other)
    await other.later(minutes=5)

    assert (await other.payment()).state == "expired"
    assert second(other).sent == []


# ---- the first attempt turns out paid after all


async def test_before_the_second_was_sent_the_first_captures(other: Till):
    await rerouted(other)

    bought = await other.hear(paid(await other.attempt(1)))

    assert (bought.state, bought.provider, bought.attempt) == ("captured", "digiflazz", 1)
    assert await other.told() == {"captured"}
    assert await other.breaks() == ["attempt_late"]
    assert (await submit(other.at.counter, "p1")).state == "captured"
    assert second(other).sent == []


async def in_flight(till: Till) -> None:
    """The second attempt is on its way when the first turns out paid."""
    await rerouted(till)
    await till.send_nowhere()
    review = await till.hear(replace(paid(await till.attempt(1)), cost=Money.of(20_000, "IDR")))
    assert review.state == "review"
    assert await till.breaks() == ["attempt_late"]


async def test_while_the_second_is_on_its_way_people_look_and_the_hold_stays(other: Till):
    await in_flight(other)

    assert await other.available() == 177_500
    assert await other.told() == set()
    assert len(await other.entries()) == 1


@pytest.mark.parametrize("reaction", [failed, not_created_here])
async def test_when_the_second_comes_to_nothing_the_first_captures(other: Till, reaction: object):
    await in_flight(other)
    assert callable(reaction)

    bought = await other.hear(reaction(await other.attempt(2)), source="reply", number=2)

    assert (bought.state, bought.provider, bought.token != "") == ("captured", "digiflazz", True)
    assert ledger((await other.entries())[-1]) == dedent("""
        capture
            held 22500
            deposit:digiflazz -20000
            fee:pln-token -2500
        """)


async def test_when_both_were_paid_the_customer_pays_once_and_we_claim_the_first(other: Till):
    await in_flight(other)

    bought = await other.hear(paid(await other.attempt(2)), number=2)

    assert (bought.state, bought.provider) == ("captured", "other")
    assert balances(await other.entries()) == dedent("""
        claim:digiflazz 20000
        deposit:digiflazz -20000
        deposit:other -22200
        fee:pln-token -2500
        margin:pln-token 2200
        wallet:w7890 22500
        """)


async def test_after_the_second_was_paid_the_first_is_a_claim_however_often_it_is_said(other: Till):
    await rerouted(other)
    await other.later(seconds=1)
    for serial in ("SN-1", "SN-2", "SN-1"):
        await other.hear(replace(paid(await other.attempt(1)), serial=serial))

    assert (await other.payment()).provider == "other"
    assert [entry.kind for entry in await other.entries()] == ["authorize", "capture", "attempt_late"]
    assert await other.told() == {"captured"}


async def test_after_the_second_failed_the_first_arrives_late(other: Till):
    await rerouted(other)
    second(other).on_submit = failed
    await other.later(seconds=1)
    assert await other.available() == 200_000

    late = await other.hear(paid(await other.attempt(1)))

    assert (late.state, late.provider) == ("late", "digiflazz")
    assert await other.available() == 200_000


async def test_after_the_hold_expired_the_first_arrives_late(other: Till):
    await rerouted(other)
    await other.later(minutes=5)

    assert (await other.hear(paid(await other.attempt(1)))).state == "late"
    assert await other.told() == {"expired", "late"}


async def test_a_contradiction_about_a_claim_posts_nothing_twice(other: Till):
    await rerouted(other)
    await other.later(seconds=1)
    await other.hear(paid(await other.attempt(1)))
    await other.hear(failed(await other.attempt(1)))
    await other.hear(replace(paid(await other.attempt(1)), body="said once more"))

    assert [entry.kind for entry in await other.entries()].count("attempt_late") == 1
    assert await other.breaks() == ["claim", "contradiction"]


# ---- decided by two operators


async def in_review(till: Till) -> None:
    """The first provider sold after all, while the second one says nothing."""
    await rerouted(till)
    second(till).on_submit = second(till).on_ask = silence
    await till.later(seconds=1)
    await till.hear(paid(await till.attempt(1)))
    assert (await till.payment()).state == "review"


async def test_where_only_the_first_provider_sold_two_operators_void_the_second_attempt(other: Till):
    operators = await panel(other.at)
    await in_review(other)

    await operators.both_say("payment:p1", "voided")

    bought = await other.payment()
    assert (bought.state, bought.provider) == ("captured", "digiflazz")
    assert [(await other.attempt(number)).outcome for number in (1, 2)] == ["paid", "failed"]


async def test_where_both_sold_the_first_one_owes_us_until_it_has_paid(other: Till):
    operators = await panel(other.at)
    await in_review(other)

    await operators.both_say("payment:p1", "captured", cost="22000")
    assert balances(await other.entries()) == dedent("""
        claim:digiflazz 22200
        deposit:digiflazz -22200
        deposit:other -22000
        fee:pln-token -2500
        margin:pln-token 2000
        wallet:w7890 22500
        """)
    [claim] = [one for one in (await other.at.store.story_of("p1")).breaks if one.kind == "claim"]
    await operators.both_say(f"break:{claim.break_id}", "paid")

    assert ledger((await other.entries())[-1]) == dedent("""
        claim_paid
            deposit:digiflazz 22200
            claim:digiflazz -22200
        """)
