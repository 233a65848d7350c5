"""The follow-up work: whatever was left lying is picked up from the rows alone, at its time and to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.payment import Answer, Attempt
from core.ports import StoreDown
from core.services.counter import Asking, Terms
from core.services.follow_up import Follower, follow_up, recover
from core.services.submit import expire, submit
from tests.services.till import Till
from tests.support.fakes import HandClock, ScriptedProvider, failed, not_created, paid, silence
from tests.support.full_disk import FullDisk


async def test_a_hold_that_nobody_sent_is_sent_by_the_next_round(till: Till):
    await till.hold()

    await till.later(seconds=0)

    assert (await till.payment()).state == "captured"


async def test_a_hold_that_could_not_be_sent_for_five_minutes_is_let_go(till: Till):
    await till.hold()

    await till.later(minutes=5)

    expired = await till.payment()
    assert (expired.state, expired.look_at, till.provider.sent) == ("expired", None, [])
    assert await till.available() == 200_000
    assert await till.told() == {"expired"}


async def test_what_was_sent_meanwhile_is_not_let_go(till: Till):
    held = await till.hold()
    await till.send_nowhere()

    assert (await expire(till.at.counter, held)).state == "submitted"
    assert await till.available() == 177_500


async def test_sending_and_letting_go_at_once_come_to_one_end(till: Till):
    held = await till.hold()

    await asyncio.gather(*(work(till.at.counter, held) for work in (expire, _send) * 8))

    ended = await till.payment()
    assert (ended.state, len(till.provider.sent)) in [("expired", 0), ("captured", 1)]


async def _send(counter, payment):
    return await submit(counter, payment.payment_id)


async def test_sending_many_times_at_once_sends_once(till: Till):
    await till.hold()

    await asyncio.gather(*(submit(till.at.counter, "p1") for _ in range(16)))

    assert len(till.provider.sent) == 1


async def test_an_attempt_is_saved_before_anything_is_sent(till: Till):
    seen: list[str] = []

    def look(attempt: Attempt) -> Answer:
        seen.append(attempt.key)
        return paid(attempt)

    till.provider.on_submit = look
    await till.pay()

    assert seen == [(await till.attempt()).key] == ["p1-1"]


# ---- after a crash


async def test_after_a_crash_what_was_sent_is_in_doubt_and_asked_about_at_once(till: Till):
    await till.hold()
    await till.send_nowhere()

    assert await recover(till.at.counter) == 1
    assert (await till.payment()).state == "in_doubt"
    assert await follow_up(till.at.counter) == 1

    assert (await till.payment()).state == "captured"
    assert [attempt.key for attempt in till.provider.asked] == ["p1-1"]
    assert till.provider.sent == []


async def test_recovering_twice_finds_nothing_the_second_time(till: Till):
    await till.hold()
    await till.send_nowhere()
    await recover(till.at.counter)

    assert await recover(till.at.counter) == 0


async def test_an_answer_that_never_came_is_missed_after_a_minute(till: Till):
    await till.hold()
    await till.send_nowhere()

    await till.later(seconds=59)
    assert (await till.payment()).state == "submitted"
    await till.later(seconds=1)

    assert (await till.payment()).state == "in_doubt"
    await till.later(seconds=0)
    assert (await till.payment()).state == "captured"


# ---- asking


async def test_a_payment_in_doubt_is_asked_about_on_its_schedule_and_no_oftener(till: Till):
    till.provider.on_submit = till.provider.on_ask = silence
    await till.pay()
    started, looks = till.at.clock.now(), []

    while till.at.clock.now() < started + timedelta(hours=4):
        before = len(till.provider.asked)
        await till.later(seconds=30)
        if len(till.provider.asked) > before:
            looks.append(till.at.clock.now() - started)

    waits = [later - before for before, later in zip([timedelta(), *looks], looks, strict=False)]
    planned = Terms().poll_schedule
    assert tuple(waits[: len(planned)]) == planned
    assert set(waits[len(planned) :]) == {planned[-1]}


async def test_time_alone_never_gives_money_back(till: Till):
    till.provider.on_submit = till.provider.on_ask = silence
    await till.pay()

    for _ in range(100):
        await till.later(hours=12)

    assert (await till.payment()).state == "review"
    assert await till.available() == 177_500
    assert await till.told() == set()


async def test_a_provider_may_be_asked_at_times_of_its_own(till: Till):
    own = Asking(poll_schedule=(timedelta(seconds=5), timedelta(seconds=20)), finality=timedelta(seconds=10))
    patient = replace(till.at.counter, terms=Terms(by_provider={"digiflazz": own, "other": Asking((), timedelta())}))
    till.at = replace(till.at, counter=patient)
    till.provider.on_submit, till.provider.on_ask = silence, not_created
    await till.pay()

    waits = []
    for _ in range(2):
        payment = await till.payment()
        assert payment.look_at is not None
        waits.append(payment.look_at - till.at.clock.now())
        till.at.clock.at = payment.look_at
        await follow_up(till.at.counter)

    assert waits == [timedelta(seconds=5), timedelta(seconds=20)]
    await till.later(seconds=20)
    assert (await till.payment()).state == "voided"


@pytest.mark.parametrize(("reaction", "ends"), [(paid, "captured"), (failed, "voided")])
async def test_from_review_an_answer_still_leads_to_the_end(till: Till, reaction: object, ends: str):
    till.provider.on_submit = till.provider.on_ask = silence
    await till.pay()
    await till.later(hours=24)
    assert callable(reaction)
    till.provider.on_ask = reaction
    await till.later(hours=1)

    assert (await till.payment()).state == ends


async def test_a_provider_that_never_knew_it_gives_the_money_back_only_past_its_window(till: Till):
    till.provider.on_submit, till.provider.on_ask = silence, not_created
    await till.pay()

    await till.later(minutes=14)
    assert await till.available() == 177_500
    for _ in range(3):
        await till.later(minutes=20)

    assert await till.available() == 200_000


# ---- trouble with one holds up no other


async def test_a_bug_with_one_payment_is_put_off_and_the_others_go_on(till: Till):
    till.provider.on_submit = silence
    await till.pay()
    await till.pay("p2", reference="12345678902")
    till.provider.on_ask = _stumbles_over("p1-1")

    await till.later(minutes=1)

    assert (await till.payment("p1")).state == "in_doubt"
    assert (await till.payment("p2")).state == "captured"
    till.provider.on_ask = paid
    await till.later(minutes=2)
    assert (await till.payment("p1")).state == "captured"


def _stumbles_over(key: str) -> Callable[[Attempt], Answer]:
    def react(attempt: Attempt) -> Answer:
        assert attempt.key != key, "a bug, for the sake of the test"
        return paid(attempt)

    return react


async def test_a_provider_that_is_no_longer_wired_holds_up_no_other(till: Till):
    till.provider.on_submit = silence
    await till.pay()
    await till.hold("p2", reference="12345678902")
    del till.at.counter.gateways[till.provider.name]  # type: ignore[attr-defined]  # a dict, in tests

    await till.later(minutes=6)

    assert (await till.payment("p1")).state == "in_doubt"
    assert (await till.payment("p2")).state == "expired"


async def test_many_are_followed_in_rounds(till: Till):
    await till.top_up(10_000_000)
    till.provider.on_submit = silence
    for place in range(45):
        await till.pay(f"q{place}", reference=f"{22345678901 + place}")
    till.at.clock.pass_by(minutes=1)

    assert [await follow_up(till.at.counter) for _ in range(4)] == [20, 20, 5, 0]


class Stubborn(ScriptedProvider):
    """Keeps silent about one key until it is `let_go`."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.let_go = asyncio.Event()

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        if attempt.key == "p1-1":
            await self.let_go.wait()
        return await super().ask_outcome(attempt)


@pytest.fixture
async def stubborn(till: Till) -> Stubborn:
    """Two payments in doubt, at a provider that is silent about the first."""
    till.provider.on_submit = silence
    await till.pay()
    await till.pay("p2", reference="12345678902")
    till.at.clock.pass_by(minutes=1)
    provider = Stubborn(till.at.clock)
    till.at.counter.gateways[provider.name] = provider  # type: ignore[index]  # a dict, in tests
    return provider


async def test_a_provider_that_is_silent_about_one_payment_holds_up_no_other(till: Till, stubborn: Stubborn):
    follower = Follower(till.at.counter)

    assert await follower.round() == 2
    states = [(await till.payment(one)).state for one in ("p1", "p2")]
    again = await follower.round()
    stubborn.let_go.set()
    await follower.finish(within_s=1)

    assert (states, again) == (["in_doubt", "captured"], 0)
    assert (await till.payment("p1")).state == "captured"


async def test_whoever_is_still_silent_at_the_end_is_left_to_the_next_start(till: Till, stubborn: Stubborn):
    follower = Follower(till.at.counter)
    await follower.round()

    await follower.finish(within_s=0.01)

    assert (await till.payment("p1")).state == "in_doubt"
    stubborn.let_go.set()
    assert await Follower(till.at.counter).round() == 1
    assert (await till.payment("p1")).state == "captured"


async def test_a_store_that_is_down_is_said_by_the_round(till: Till):
    await till.hold()
    full = replace(till.at.counter, store=FullDisk(till.at.store))

    with pytest.raises(StoreDown):
        await Follower(full).round()
    assert (await till.payment()).state == "authorized"
