"""An answer arrives: in whichever state, by whichever way, as often as it likes, the same book comes of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from textwrap import dedent

import pytest

from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Proof, receipt_number
from tests.services.till import Till
from tests.support.fakes import TOKEN, failed, given_back, not_created, paid, silence
from tests.support.ledger import balances, ledger

SAID: Mapping[str, Callable[[Attempt], Answer]] = {
    "paid": paid,
    "failed": failed,
    "given_back": given_back,
    "not_created": not_created,
    "nothing": silence,
}


async def _submitted(till: Till) -> None:
    await till.hold()
    await till.send_nowhere()


async def _in_doubt(till: Till) -> None:
    till.provider.on_submit = till.provider.on_ask = silence
    await till.pay()


async def _review(till: Till) -> None:
    await _in_doubt(till)
    await till.later(hours=24)


async def _captured(till: Till) -> None:
    await till.pay()


async def _voided(till: Till) -> None:
    till.provider.on_submit = failed
    await till.pay()


async def _late(till: Till) -> None:
    await _voided(till)
    await till.hear(paid(await till.attempt()))


async def _refunded(till: Till) -> None:
    await _captured(till)
    await till.hear(given_back(await till.attempt()))


REACH: Mapping[str, Callable[[Till], Awaitable[None]]] = {
    "submitted": _submitted,
    "in_doubt": _in_doubt,
    "review": _review,
    "captured": _captured,
    "voided": _voided,
    "late": _late,
    "refunded": _refunded,
}

# From a state, what each answer to a look leads to; `!` where an operator is called as well.
TABLE = """
state      paid       failed     given_back  not_created  nothing
submitted  captured   voided     voided      in_doubt     in_doubt
in_doubt   captured   voided     voided      in_doubt     in_doubt
review     captured   voided     voided      review       review
captured   captured   captured!  refunded    captured     captured
voided     late!      voided     voided      voided       voided
late       late       late!      voided      late         late
refunded   refunded   refunded   refunded    refunded     refunded
"""
_, HEADS, *ROWS = (line.split() for line in TABLE.splitlines())
CELLS = [(state, proof, leads) for state, *row in ROWS for proof, leads in zip(HEADS[1:], row, strict=True)]

HELD, GONE, BACK = 177_500, 177_500, 200_000
AVAILABLE = {"captured": GONE, "submitted": HELD, "in_doubt": HELD, "review": HELD}


@pytest.mark.parametrize(("state", "proof", "leads"), CELLS)
async def test_an_answer_leads_where_the_table_says(till: Till, state: str, proof: str, leads: str):
    await REACH[state](till)
    breaks = await till.breaks()

    settled = await till.hear(replace(SAID[proof](await till.attempt()), body="first heard now"))

    expected = leads.removesuffix("!")
    # The money was given back, and now it is said to be paid: the one word that only people can judge.
    called = leads.endswith("!") or (state, proof) == ("refunded", "paid")
    assert settled.state == expected
    assert await till.available() == AVAILABLE.get(expected, BACK)
    assert len(await till.breaks()) == len(breaks) + called


# A day later *not created* is believed when it is said a second time.
SAID_TWICE = ("review", "not_created", "review")


@pytest.mark.parametrize(("state", "proof", "leads"), [cell for cell in CELLS if cell != SAID_TWICE])
async def test_the_same_answer_again_changes_nothing(till: Till, state: str, proof: str, leads: str):
    await REACH[state](till)
    answer = SAID[proof](await till.attempt())
    once = await till.hear(answer)
    entries, breaks = await till.entries(), await till.breaks()

    for source in ("poll", "webhook", "reply"):
        again = await till.hear(answer, source=source)

        assert (again.state, again.receipt) == (once.state, once.receipt)
    assert (await till.entries(), await till.breaks()) == (entries, breaks)


async def test_a_capture_gives_the_token_a_receipt_and_a_message(till: Till):
    bought = await till.pay()

    assert (bought.state, bought.token, bought.serial) == ("captured", TOKEN, "SN-1")
    assert bought.receipt == receipt_number((await till.entries())[-1].index)
    (words,) = [words for words in await till.delivered() if TOKEN[:4] in words]
    assert bought.receipt[:3] in words


async def test_the_journal_of_a_purchase(till: Till):
    await till.pay()

    assert ledger(*await till.entries()) == dedent("""
        authorize
            wallet:w7890 22500
            held -22500
        capture
            held 22500
            deposit:digiflazz -22200
            fee:pln-token -2500
            margin:pln-token 2200
        """)


@pytest.mark.parametrize("end", ["failed", "given_back"])
async def test_what_was_not_bought_leaves_nothing_in_the_books(till: Till, end: str):
    till.provider.on_submit = SAID[end]
    await till.pay()

    assert balances(await till.entries()) == "\n"
    assert await till.told() == {"voided"}


async def test_a_late_success_is_owed_and_never_taken(till: Till):
    await _late(till)

    assert await till.available() == 200_000
    assert await till.told() == {"voided", "late"}
    assert balances(await till.entries()) == dedent("""
        deposit:digiflazz -22200
        fee:pln-token -2500
        margin:pln-token 2200
        receivable:w7890 22500
        """)


async def test_a_late_success_taken_back_leaves_nothing(till: Till):
    await _late(till)
    await till.hear(given_back(await till.attempt()))

    assert (await till.payment()).state == "voided"
    assert balances(await till.entries()) == "\n"


async def test_an_old_word_does_not_wake_a_late_success_that_was_taken_back(till: Till):
    await _late(till)
    await till.hear(given_back(await till.attempt()))

    assert (await till.hear(paid(await till.attempt()))).state == "voided"


async def test_money_given_back_reaches_the_customer_with_a_message(till: Till):
    await _captured(till)
    await till.hear(given_back(await till.attempt()))

    assert (await till.payment()).state == "refunded"
    assert await till.available() == 200_000
    assert await till.told() == {"captured", "refunded"}
    assert balances(await till.entries()) == "\n"


# ---- not created


async def test_not_created_in_answer_to_the_first_send_gives_the_money_back(till: Till):
    till.provider.on_submit = not_created

    assert (await till.pay()).state == "voided"
    assert await till.available() == 200_000


async def test_not_created_when_asked_is_believed_past_the_finality_window_and_twice(till: Till):
    await _in_doubt(till)
    till.provider.on_ask = not_created

    states = []
    for minutes in (1, 14, 10):
        await till.later(minutes=minutes)
        states.append((await till.payment()).state)

    assert states == ["in_doubt", "in_doubt", "voided"]
    assert await till.available() == 200_000


async def test_not_created_that_comes_after_we_asked_decides_nothing(till: Till):
    await _in_doubt(till)

    assert (await till.hear(not_created(await till.attempt()), source="reply")).state == "in_doubt"


# ---- what operators must see


async def test_a_contradiction_is_kept_and_calls_an_operator_once(till: Till):
    await _captured(till)

    for _ in range(3):
        await till.hear(failed(await till.attempt()))

    assert await till.breaks() == ["contradiction"]
    assert (await till.attempt()).outcome == "paid"
    assert len((await till.at.store.story_of("p1")).evidence) == 2


async def test_a_price_above_the_most_stays_in_doubt_and_calls_an_operator(till: Till):
    await _in_doubt(till)
    dear = replace(paid(await till.attempt()), cost=Money.of(22_501, "IDR"))

    assert (await till.hear(dear)).state == "in_doubt"
    assert (await till.hear(dear)).state == "in_doubt"
    assert await till.breaks() == ["cost_too_high"]


# ---- any order


ORDERS = list(itertools.permutations(["paid", "failed", "nothing", "not_created"]))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
async def test_in_any_order_the_provider_keeps_money_exactly_when_the_book_says_so(till: Till, order: tuple[str, ...]):
    await _submitted(till)

    for word in order:
        await till.hear(SAID[word](await till.attempt()))

    ended = await till.payment()
    assert ended.state == ("captured" if order.index("paid") < order.index("failed") else "late")
    assert (await till.attempt()).outcome == "paid"


async def test_all_answers_at_once_come_to_one_end(till: Till):
    await _in_doubt(till)
    attempt = await till.attempt()

    settled = await asyncio.gather(*(till.hear(paid(attempt), source=way) for way in ("poll", "webhook", "reply") * 20))

    assert {(one.state, one.receipt) for one in settled} == {("captured", (await till.payment()).receipt)}
    assert len(await till.entries()) == 2


async def test_proof_is_proof_whatever_way_it_comes(till: Till):
    await _in_doubt(till)

    assert (await till.hear(failed(await till.attempt()), source="operator")).state == "voided"
    assert (await till.attempt()).outcome == Proof.FAILED
