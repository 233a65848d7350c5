"""What nobody can say the outcome of is decided by two operators, as evidence that the book follows."""

from __future__ import annotations

from textwrap import dedent

import pytest

from core.domain.approval import NoSuchVerdict, NotPossible, OtherProposal
from core.domain.evidence import Break
from core.domain.money import Money
from core.services.hear_callback import Hint, hear_callback
from core.services.review import NothingByThatName, possible, subject_named, waiting
from tests.services.panel import ANI, BUDI, Panel, panel
from tests.services.till import Till
from tests.support.fakes import failed, paid, silence
from tests.support.ledger import balances, ledger
from tests.support.operators import Open

PAYMENT = "payment:p1"


@pytest.fixture
async def operators(till: Till) -> Panel:
    return await panel(till.at)


async def in_review(till: Till) -> None:
    till.provider.on_submit = till.provider.on_ask = silence
    await till.pay()
    await till.later(hours=24)
    assert (await till.payment()).state == "review"


async def late(till: Till) -> None:
    till.provider.on_submit = failed
    await till.pay()
    await till.hear(paid(await till.attempt()))


async def break_of(till: Till, kind: str) -> Break:
    [found] = [one for one in (await till.at.store.story_of("p1")).breaks if one.kind == kind]
    return found


# ---- a payment in review


async def test_it_is_captured_by_the_word_of_two_with_what_it_cost(till: Till, operators: Panel):
    await in_review(till)

    decided = await operators.both_say(PAYMENT, "captured", cost="22000", token="12345678901234567890", serial="SN-7")

    bought = await till.payment()
    assert decided.sentence == "p1 is captured now."
    assert (bought.state, bought.token, bought.serial) == ("captured", "12345678901234567890", "SN-7")
    assert bought.cost == Money.of(22_000, "IDR")
    assert bought.receipt
    assert await till.told() == {"captured"}
    assert any("1234 5678 9012 3456 7890" in words for words in await till.delivered())
    assert (await till.entries())[-1].kind == "capture"


async def test_it_is_voided_by_the_word_of_two_and_the_money_is_back(till: Till, operators: Panel):
    await in_review(till)

    await operators.both_say(PAYMENT, "voided")

    assert (await till.payment()).state == "voided"
    assert await till.available() == 200_000
    assert await till.told() == {"voided"}
    assert balances(await till.entries()) == "\n"


async def test_both_names_and_the_reason_are_evidence_and_stand_in_the_journal(till: Till, operators: Panel):
    await in_review(till)
    await operators.say(ANI, PAYMENT, "voided", reason="the provider wrote that it failed")
    await operators.say(BUDI, PAYMENT, "voided", reason="seen in its panel")

    story = await till.at.store.story_of("p1")
    last = story.evidence[-1]
    assert (last.source, last.proves) == ("operator", "failed")
    assert last.body == "payment:p1#1 by ani and budi: the provider wrote that it failed"
    assert story.entries[-1].memo == "ani and budi, payment:p1#1"


async def test_the_verdicts_must_be_the_same_to_the_last_digit(till: Till, operators: Panel):
    await in_review(till)
    await operators.say(ANI, PAYMENT, "captured", cost="22000")

    with pytest.raises(OtherProposal):
        await operators.say(BUDI, PAYMENT, "captured", cost="22100")

    assert (await till.payment()).state == "review"


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({}, "say what the provider took, with --cost."),
        ({"cost": "22501"}, "it may have cost 22500 at most. Have the provider correct that."),
        ({"cost": "22000", "attempt": "7"}, "it has no attempt 7."),
    ],
)
async def test_what_cannot_be_captured_is_not_proposed(till: Till, operators: Panel, details: dict[str, str], why: str):
    await in_review(till)

    with pytest.raises(NotPossible) as refused:
        await operators.say(ANI, PAYMENT, "captured", **details)

    assert refused.value.values["why"] == why


@pytest.mark.parametrize("verdict", ["captured", "voided", "write_off", "undo", "uphold", "reject", "arrived_late"])
async def test_no_verdict_is_possible_where_it_leads_nowhere(till: Till, operators: Panel, verdict: str):
    await till.pay()

    with pytest.raises(NotPossible) as refused:
        await operators.say(ANI, PAYMENT, verdict, cost="22000")

    assert refused.value.values["why"] == "p1 is captured."


async def test_the_provider_may_speak_before_the_second_operator_does(till: Till, operators: Panel):
    await in_review(till)
    await operators.say(ANI, PAYMENT, "voided")
    till.provider.on_ask = paid
    await till.later(hours=1)

    with pytest.raises(NotPossible):
        await operators.say(BUDI, PAYMENT, "voided")

    assert (await till.payment()).state == "captured"


async def test_what_was_voided_by_two_and_turns_out_paid_is_late(till: Till, operators: Panel):
    await in_review(till)
    await operators.both_say(PAYMENT, "voided")

    await till.hear(paid(await till.attempt()))

    assert (await till.payment()).state == "late"


# ---- a late success


async def test_it_is_written_off_and_the_loss_is_what_the_provider_took(till: Till, operators: Panel):
    await late(till)

    await operators.both_say(PAYMENT, "write_off")

    assert (await till.payment()).state == "written_off"
    assert await till.available() == 200_000
    assert await till.told() == {"voided", "late", "written_off"}
    assert ledger((await till.entries())[-1]) == dedent("""
        write_off
            loss:late 22200
            fee:pln-token 2500
            margin:pln-token -2200
            receivable:w7890 -22500
        """)
    assert (await break_of(till, "arrive_late")).closed_at == till.at.clock.now()


async def test_it_is_undone_when_the_provider_gave_the_money_back(till: Till, operators: Panel):
    await late(till)

    await operators.both_say(PAYMENT, "undo")

    assert (await till.payment()).state == "voided"
    assert balances(await till.entries()) == "\n"
    assert await waiting(till.at.store) == []


async def test_its_break_is_not_noted_away(till: Till, operators: Panel):
    await late(till)

    with pytest.raises(NotPossible) as refused:
        await operators.say(ANI, f"break:{(await break_of(till, 'arrive_late')).break_id}", "noted")

    assert refused.value.values["why"] == "payment p1 is late: decide that first."


# ---- what did not fit


async def test_a_purchase_that_a_callback_called_paid_is_proven_late_by_two(till: Till, operators: Panel):
    till.provider.on_submit = failed
    await till.pay()
    await hear_callback(till.at.counter, Hint("digiflazz", "p1-1", "12345678901", None, "{}", says_paid=True))
    opened = await break_of(till, "paid_after_end")

    await operators.both_say(f"break:{opened.break_id}", "arrived_late", cost="22200", token="1" * 20)

    found = await till.payment()
    assert (found.state, found.token) == ("late", "1" * 20)
    assert (await break_of(till, "paid_after_end")).closed_at is not None
    assert (await break_of(till, "arrive_late")).closed_at is None
    assert await till.available() == 200_000


async def test_one_that_was_no_success_is_noted_by_two_and_nothing_is_posted(till: Till, operators: Panel):
    till.provider.on_submit = failed
    await till.pay()
    await hear_callback(till.at.counter, Hint("digiflazz", "p1-1", "12345678901", None, "{}", says_paid=True))
    opened = await break_of(till, "paid_after_end")
    entries = await till.entries()

    decided = await operators.both_say(f"break:{opened.break_id}", "noted")

    assert decided.sentence == "Nothing was posted. The break is closed."
    assert await waiting(till.at.store) == []
    assert await till.entries() == entries
    with pytest.raises(NotPossible):
        await operators.say("ani", f"break:{opened.break_id}", "arrived_late", cost="22200")


async def test_a_success_that_was_contradicted_is_given_back_by_the_word_of_two(till: Till, operators: Panel):
    await till.pay()
    await till.hear(failed(await till.attempt()))
    opened = await break_of(till, "contradiction")

    await operators.both_say(f"break:{opened.break_id}", "given_back")

    assert (await till.payment()).state == "refunded"
    assert await till.available() == 200_000
    assert balances(await till.entries()) == "\n"
    assert [one.memo for one in (await till.entries())[-2:]] == ["ani and budi, payment:p1#1"] * 2


@pytest.mark.parametrize(
    ("kind", "verdicts"),
    [
        ("contradiction", ("noted", "given_back", "arrived_late")),
        ("paid_after_end", ("noted", "arrived_late")),
        ("claim", ("paid", "lost")),
        ("parked", ("release",)),
        ("set_aside", ()),
        ("something new", ("noted",)),
    ],
)
async def test_each_kind_of_break_has_its_verdicts(till: Till, operators: Panel, kind: str, verdicts: tuple[str, ...]):
    await till.pay()
    await till.at.store.commit(Open(Break("b1", "p1", kind, "", till.at.clock.now())))

    assert await possible(till.at.store, "break:b1") == verdicts
    for other in {"noted", "given_back", "arrived_late", "paid", "lost", "release"} - set(verdicts):
        with pytest.raises(NoSuchVerdict):
            await operators.say(ANI, "break:b1", other, cost="22200")


# ---- the queue


async def test_the_queue_has_the_oldest_first_and_says_what_is_proposed(till: Till, operators: Panel):
    await in_review(till)
    till.at.clock.pass_by(minutes=1)
    await till.at.store.commit(
        Open(Break("b1", "p1", "callback_differs", "it names another number", till.at.clock.now()))
    )
    await operators.say(ANI, "wallet:w7890", "freeze")
    till.at.clock.pass_by(minutes=1)
    await operators.say(ANI, "wallet:w7890", "thaw")
    await operators.say(ANI, PAYMENT, "voided")

    found = await waiting(till.at.store)

    assert [(one.subject, one.what, bool(one.proposal)) for one in found] == [
        (PAYMENT, "review", True),
        ("break:b1", "callback_differs of payment p1", False),
        ("wallet:w7890", "proposal", True),
    ]


async def test_an_operator_names_a_thing_by_its_id_alone(till: Till):
    await till.pay()
    await till.at.store.commit(Open(Break("b1", "p1", "contradiction", "", till.at.clock.now())))

    named = [await subject_named(till.at.store, name) for name in ("p1", "b1", "wallet:w7890", "payment:p1")]

    assert named == [PAYMENT, "break:b1", "wallet:w7890", PAYMENT]
    with pytest.raises(NothingByThatName):
        await subject_named(till.at.store, "set_aside:BCA:1")
