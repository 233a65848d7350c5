"""Two operators decide: one proposes, the other one who says the same carries it out; nobody decides alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.domain.approval import (
    DONE,
    REJECTED,
    WITHDRAWN,
    DecidedAlready,
    NoReason,
    NoSuchVerdict,
    NothingProposed,
    NotPossible,
    OtherProposal,
    SameOperator,
)
from core.domain.operator import (
    NameTaken,
    NeedsAnOperator,
    NotAdmitted,
    Operator,
    OperatorClosed,
    PassphrasePaused,
    PassphraseTooEasy,
    TooFewLeft,
    UnknownOperator,
    WrongPassphrase,
)
from core.domain.wallet import Wallet
from core.services.approve import Approve, Word
from core.services.employ import add_operator, change_passphrase
from core.services.identify import identify
from core.services.review import about, action_for, waiting
from tests.services.panel import ANI, BUDI, CICI, Panel, panel, phrase
from tests.services.till import Till

WALLET = "wallet:w7890"


@pytest.fixture
async def frozen(till: Till) -> Panel:
    """Two operators, and a wallet that one of them has stopped: to let it go again takes both."""
    operators = await panel(till.at)
    await operators.say(ANI, WALLET, "freeze")
    return operators


async def state(till: Till) -> str:
    wallet = await till.at.store.read(Wallet, till.owner.wallet_id)
    assert wallet is not None
    return wallet.state


async def test_one_proposes_and_another_one_who_says_the_same_decides(till: Till, frozen: Panel):
    first = await frozen.say(ANI, WALLET, "thaw", reason="she has a new SIM")
    assert (first.done, await state(till)) == (False, "frozen")

    second = await frozen.say(BUDI, WALLET, "thaw", reason="I have seen her")

    assert (second.done, await state(till)) == (True, "active")
    _, thawed = await about(till.at.store, WALLET)
    assert (thawed.proposed_by, thawed.reason) == (ANI, "she has a new SIM")
    assert (thawed.decided_by, thawed.decided_why, thawed.outcome) == (BUDI, "I have seen her", DONE)


async def test_nobody_is_the_second_one_to_herself(till: Till, frozen: Panel):
    await frozen.say(ANI, WALLET, "thaw")

    again = await frozen.say(ANI, WALLET, "thaw")

    assert (again.done, await state(till)) == (False, "frozen")
    assert again.sentence == "You have proposed that already: another operator must say the same."
    now = till.at.clock.now()
    word = Word(WALLET, "thaw", "", "once more", await frozen.known(ANI), now, till.at.counter.day(now))
    with pytest.raises(SameOperator):
        await till.at.store.commit(Approve(word, action_for(till.at.counter, WALLET, "thaw")))


async def test_said_again_after_it_was_done_it_changes_nothing(till: Till, frozen: Panel):
    await frozen.both_say(WALLET, "thaw")

    for name in (ANI, BUDI):
        again = await frozen.say(name, WALLET, "thaw")

        assert (again.done, again.sentence) == (True, "That was done before; nothing was changed.")
    assert len(await about(till.at.store, WALLET)) == 2


async def test_two_who_speak_at_the_same_moment_are_heard_one_after_the_other(till: Till, frozen: Panel):
    said = await asyncio.gather(frozen.say(ANI, WALLET, "thaw"), frozen.say(BUDI, WALLET, "thaw"))

    assert sorted(one.done for one in said) == [False, True]
    assert await state(till) == "active"


async def test_another_verdict_is_told_and_nothing_is_done(till: Till, frozen: Panel):
    await frozen.say(ANI, WALLET, "thaw")

    with pytest.raises(OtherProposal) as refused:
        await frozen.say(BUDI, WALLET, "close")
    with pytest.raises(OtherProposal):
        await frozen.say(BUDI, WALLET, "thaw", attempt="2")

    assert refused.value.words.values["words"] == (
        f"ani proposed thaw for {WALLET}: nothing more. Say the same, or reject it: `loket review reject {WALLET}`."
    )
    assert await state(till) == "frozen"


@pytest.mark.parametrize(("name", "outcome"), [(ANI, WITHDRAWN), (BUDI, REJECTED)])
async def test_what_was_proposed_is_taken_away_by_either(till: Till, frozen: Panel, name: str, outcome: str):
    await frozen.say(ANI, WALLET, "thaw")

    taken = await frozen.reject(name, WALLET)

    assert (taken.proposal.outcome, await state(till)) == (outcome, "frozen")
    assert await waiting(till.at.store) == []
    with pytest.raises(DecidedAlready):
        await frozen.reject(name, WALLET)
    await frozen.both_say(WALLET, "thaw")


async def test_there_is_nothing_to_take_away_where_nothing_was_proposed(till: Till):
    operators = await panel(till.at)

    with pytest.raises(NothingProposed):
        await operators.reject(ANI, WALLET)


async def test_what_cannot_be_done_is_not_proposed(till: Till):
    operators = await panel(till.at)

    with pytest.raises(NotPossible) as refused:
        await operators.say(ANI, WALLET, "thaw")
    with pytest.raises(NoSuchVerdict):
        await operators.say(ANI, WALLET, "melt")
    with pytest.raises(NoSuchVerdict):
        await operators.say(ANI, "moon:1", "thaw")

    assert refused.value.words.values["words"] == f"thaw is not possible for {WALLET}: it is active."
    assert await about(till.at.store, WALLET) == []


async def test_what_is_no_longer_possible_stays_proposed_until_it_is_taken_away(till: Till, frozen: Panel):
    await frozen.say(ANI, WALLET, "thaw")
    await till.change("thaw")

    with pytest.raises(NotPossible):
        await frozen.say(BUDI, WALLET, "thaw")

    assert [one.subject for one in await waiting(till.at.store)] == [WALLET]


async def test_a_word_has_a_reason(till: Till, frozen: Panel):
    with pytest.raises(NoReason):
        await frozen.say(ANI, WALLET, "thaw", reason=" ")
    await frozen.say(ANI, WALLET, "thaw")
    with pytest.raises(NoReason):
        await frozen.reject(BUDI, WALLET, reason="")


# ---- who is an operator


async def test_the_first_two_are_added_freely_and_every_later_one_is_admitted_by_two(till: Till):
    operators = await panel(till.at)
    with pytest.raises(NeedsAnOperator):
        await add_operator(till.at.counter, CICI, phrase(CICI), by=None)

    await operators.add(CICI)

    with pytest.raises(NotAdmitted):
        await operators.known(CICI)
    assert not (await operators.say(ANI, "operator:cici", "admit", reason="a new operator")).done
    assert (await operators.say(BUDI, "operator:cici", "admit")).done
    assert (await operators.known(CICI)).open


async def test_a_name_is_never_given_twice(till: Till):
    operators = await panel(till.at)

    with pytest.raises(NameTaken):
        await add_operator(till.at.counter, ANI, phrase("x"), by=await operators.known(BUDI))


async def test_an_operator_is_closed_by_another_one_as_long_as_two_are_left(till: Till):
    operators = await panel(till.at)
    with pytest.raises(TooFewLeft):
        await operators.say(ANI, "operator:budi", "close")
    await operators.add(CICI)
    await operators.say(BUDI, "operator:cici", "admit")
    with pytest.raises(NotPossible):
        await operators.say(ANI, "operator:ani", "close")

    assert (await operators.say(ANI, "operator:budi", "close")).done

    with pytest.raises(OperatorClosed):
        await operators.known(BUDI)
    with pytest.raises(NotPossible):
        await operators.say(CICI, "operator:budi", "close")


async def test_two_who_close_each_other_at_once_do_not_leave_one_alone(till: Till):
    operators = await panel(till.at)
    await operators.add(CICI)
    await operators.say(BUDI, "operator:cici", "admit")

    said = await asyncio.gather(
        operators.say(ANI, "operator:budi", "close"),
        operators.say(BUDI, "operator:cici", "close"),
        operators.say(CICI, "operator:ani", "close"),
        return_exceptions=True,
    )

    assert sum(isinstance(one, Exception) for one in said) == 2
    assert sum(one.open for one in await till.at.store.operators()) == 2


async def test_whoever_was_closed_meanwhile_decides_nothing(till: Till, frozen: Panel):
    await frozen.add(CICI)
    await frozen.say(BUDI, "operator:cici", "admit")
    cici = await frozen.known(CICI)
    await frozen.say(ANI, "operator:cici", "close")
    now = till.at.clock.now()
    word = Word(WALLET, "thaw", "", "a moment too late", cici, now, till.at.counter.day(now))
    await frozen.say(ANI, WALLET, "thaw")

    with pytest.raises(OperatorClosed):
        await till.at.store.commit(Approve(word, action_for(till.at.counter, WALLET, "thaw")))


# ---- passphrases


@pytest.mark.parametrize("easy", ["short", "aaaaaaaaaaaaaa", "my name is ANI now", "x" * 257])
async def test_an_easy_passphrase_is_refused(till: Till, easy: str):
    with pytest.raises(PassphraseTooEasy):
        await add_operator(till.at.counter, ANI, easy, by=None)


async def test_wrong_passphrases_make_one_wait_longer_each_time(till: Till):
    await panel(till.at)
    waits: list[timedelta] = []

    for _ in range(4):
        for left in (2, 1):
            with pytest.raises(WrongPassphrase) as wrong:
                await identify(till.at.counter, ANI, "something else")
            assert wrong.value.values["left"] == left
        with pytest.raises(PassphrasePaused) as paused:
            await identify(till.at.counter, ANI, "something else")
        until = paused.value.values["until"]
        with pytest.raises(PassphrasePaused):
            await identify(till.at.counter, ANI, phrase(ANI))
        waits.append(until - till.at.clock.now())  # type: ignore[operator]  # values are objects to a refusal
        till.at.clock.at = until  # type: ignore[assignment]  # as above

    assert [wait / timedelta(minutes=1) for wait in waits] == [5, 30, 24 * 60, 24 * 60]
    assert (await identify(till.at.counter, ANI, phrase(ANI))).wrong == 0
    assert (await identify(till.at.counter, BUDI, phrase(BUDI))).name == BUDI


async def test_nobody_is_known_by_a_name_that_is_not_there(till: Till):
    with pytest.raises(UnknownOperator):
        await identify(till.at.counter, "dewi", phrase("dewi"))


async def test_a_new_passphrase_takes_the_old_ones_place(till: Till):
    operators = await panel(till.at)
    ani = await operators.known(ANI)

    await change_passphrase(till.at.counter, ani, "four other words now")

    with pytest.raises(WrongPassphrase):
        await operators.known(ANI)
    assert (await identify(till.at.counter, ANI, "four other words now")).name == ANI
    with pytest.raises(WrongPassphrase):
        await change_passphrase(till.at.counter, ani, "and four more words")


async def test_a_word_given_under_an_old_passphrase_counts_no_more(till: Till, frozen: Panel):
    budi = await frozen.known(BUDI)
    await frozen.say(ANI, WALLET, "thaw")
    await change_passphrase(till.at.counter, budi, "four other words now")
    now = till.at.clock.now()
    word = Word(WALLET, "thaw", "", "with the old one", budi, now, till.at.counter.day(now))

    with pytest.raises(WrongPassphrase):
        await till.at.store.commit(Approve(word, action_for(till.at.counter, WALLET, "thaw")))


async def test_no_passphrase_is_kept(till: Till):
    await panel(till.at)

    kept = await till.at.store.read(Operator, ANI)

    assert kept is not None
    assert phrase(ANI) not in repr(kept)
