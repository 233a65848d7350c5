"""What a provider's statement shows beyond our book is decided by two operators, and posted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.approval import NoSuchVerdict, NotPossible
from core.domain.evidence import Break
from core.services.reconcile.provider import reconcile_provider
from tests.services.panel import ANI, Panel, panel
from tests.services.reconcile.provider_files import TODAY, TOMORROW, line, read
from tests.services.till import Till
from tests.support.fakes import silence


@pytest.fixture
async def operators(till: Till) -> Panel:
    return await panel(till.at)


async def opened(till: Till, *lines: str, days: int = 1) -> str:
    """The subject of the one break that a statement of these lines opens, on the last of so many days."""
    for interval in (TODAY, TOMORROW)[:days]:
        till.at.clock.at = interval[1] + timedelta(hours=1)
        file = read(lines if interval is TODAY else (), interval)
        await reconcile_provider(till.at.counter, till.at.store.statement_books, file, by="ani")
    [one] = await till.at.store.open_breaks(limit=9)
    return f"break:{one.break_id}"


async def legs(till: Till) -> dict[str, int]:
    """The newest entry, in whole rupiah."""
    *_, newest = [entry async for entry in till.at.store.journal()]
    return {leg.account: leg.minor // 100 for leg in newest.postings}


async def test_what_the_provider_took_too_much_is_claimed_until_it_was_paid(till: Till, operators: Panel):
    await till.pay()
    subject = await opened(till, line(await till.attempt(), amount=-22_400))

    decided = await operators.both_say(subject, "claim")

    assert await legs(till) == {"claim:digiflazz": 200, "deposit:digiflazz": -200}
    assert decided.sentence.startswith("Posted as entry ")
    [claim] = await till.at.store.open_breaks(limit=9)
    assert claim.kind == "claim"
    await operators.both_say(f"break:{claim.break_id}", "paid")
    assert await legs(till) == {"claim:digiflazz": -200, "deposit:digiflazz": 200}


async def test_or_it_is_lost(till: Till, operators: Panel):
    subject = await opened(till, line(key="x", code="y", reference="1", amount=-5_000))

    await operators.both_say(subject, "short")

    assert await legs(till) == {"loss:short": 5_000, "deposit:digiflazz": -5_000}


async def test_what_it_took_too_little_is_held_and_is_not_ours(till: Till, operators: Panel):
    await till.pay()
    subject = await opened(till, line(await till.attempt(), amount=-22_000))

    for verdict, why in (("claim", "did not take more"), ("accept", "-20000 minor units differ")):
        with pytest.raises(NotPossible) as refused:
            await operators.say(ANI, subject, verdict)
        assert why in str(refused.value.values["why"])
    await operators.both_say(subject, "hold")

    assert await legs(till) == {"deposit:digiflazz": 200, "suspense:digiflazz": -200}


async def test_a_line_by_which_no_money_differs_is_accepted_and_nothing_is_posted(till: Till, operators: Panel):
    await till.pay()
    subject = await opened(till, line(await till.attempt(), serial="SN-2"))
    before = await legs(till)

    with pytest.raises(NoSuchVerdict):
        await operators.say(ANI, subject, "noted")
    await operators.both_say(subject, "accept")

    assert (await legs(till), await till.at.store.open_breaks(limit=9)) == (before, [])


async def test_a_transfer_that_nobody_wrote_down_is_booked_from_the_bank_they_name(till: Till, operators: Panel):
    subject = await opened(till, line(says="Deposit", amount=1_000_000))

    with pytest.raises(NotPossible) as refused:
        await operators.say(ANI, subject, "replenish", account="loss:x")
    assert "which bank it left" in str(refused.value.values["why"])
    await operators.both_say(subject, "replenish", account="bank:BCA")

    assert await legs(till) == {"bank:BCA": -1_000_000, "deposit:digiflazz": 1_000_000}


async def test_a_payment_that_two_statements_lack_is_void_by_the_word_of_two(till: Till, operators: Panel):
    till.provider.on_submit = silence
    await till.pay()
    subject = await opened(till, days=2)

    assert (await till.payment()).state == "in_doubt"
    await operators.both_say(subject, "voided")

    assert ((await till.payment()).state, await till.available()) == ("voided", 200_000)


async def test_a_payment_that_a_third_statement_tells_of_is_no_question_any_more(till: Till):
    await till.pay()
    subject = await opened(till, days=2)
    late = read([line(await till.attempt())], (TODAY[0], TOMORROW[1]))

    report = await reconcile_provider(till.at.counter, till.at.store.statement_books, late, by="ani")

    assert report.queue == []
    found = await till.at.store.read(Break, subject.partition(":")[2])
    assert found is not None
    assert found.closed_at == till.at.clock.at
