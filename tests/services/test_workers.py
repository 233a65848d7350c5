"""Two processes on one store follow payments and send messages side by side; one that was asleep writes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.domain.claim import Claim, Fenced, payment_work
from core.domain.message import Message
from core.domain.payment import Answer, Attempt
from core.ports import Key
from core.services.counter import Counter
from core.services.deliver import deliver
from core.services.follow_up import Follower, follow_up, recover
from core.services.settle import settle
from core.services.submit import submit
from tests.services.till import Till
from tests.support.fakes import ScriptedProvider, paid, silence


@pytest.fixture
def ana(till: Till) -> Counter:
    return replace(till.at.counter, worker="ana")


@pytest.fixture
def budi(till: Till) -> Counter:
    return replace(till.at.counter, worker="budi")


class Sleeps(ScriptedProvider):
    """The process falls asleep while the provider answers it."""

    def __init__(self, till: Till, until: asyncio.Event) -> None:
        super().__init__(till.at.clock)
        self.sent, self.until = till.provider.sent, until

    async def submit(self, attempt: Attempt) -> Answer:
        answer = await super().submit(attempt)
        await self.until.wait()
        return answer


class Overtakes(ScriptedProvider):
    """While one payment is asked about, another process takes it over."""

    def __init__(self, till: Till) -> None:
        super().__init__(till.at.clock)
        self.till = till

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        if attempt.payment_id == "p1":
            await self.till.at.store.commit(Steal(payment_work("p1")))
        return await super().ask_outcome(attempt)


def sleeping(counter: Counter, till: Till, until: asyncio.Event) -> Counter:
    return replace(counter, gateways={"digiflazz": Sleeps(till, until)})


async def sent(till: Till) -> None:
    """Wait until the provider has been sent something."""
    async with asyncio.timeout(5):
        while not till.provider.sent:  # noqa: ASYNC110  # no event of its own
            await asyncio.sleep(0.005)


async def test_what_is_due_is_sent_by_one_of_them(till: Till, ana: Counter, budi: Counter):
    for n in range(5):
        await till.hold(f"p{n}", reference=f"1234567890{n}")

    done = await asyncio.gather(follow_up(ana), follow_up(budi))

    assert sorted(done) == [0, 5]
    assert len(till.provider.sent) == 5


async def test_what_a_customer_waits_for_here_is_not_followed_there(till: Till, ana: Counter, budi: Counter):
    await till.hold()
    answering = asyncio.Event()
    ana = sleeping(ana, till, answering)
    waiting = asyncio.create_task(submit(ana, "p1"))
    await sent(till)

    till.at.clock.pass_by(seconds=59)
    assert await follow_up(budi) == 0
    answering.set()

    assert (await waiting).state == "captured"


async def test_who_was_asleep_while_another_asked_writes_nothing(till: Till, ana: Counter, budi: Counter):
    await till.hold()
    asleep = asyncio.Event()
    ana = sleeping(ana, till, asleep)
    hers = asyncio.create_task(submit(ana, "p1"))
    await sent(till)
    till.at.clock.pass_by(seconds=61)
    await follow_up(budi)
    till.at.clock.pass_by(seconds=61)
    await follow_up(budi)
    before = await till.at.store.story_of("p1")
    assert (await till.payment()).state == "captured"

    asleep.set()
    with pytest.raises(Fenced):
        await hers

    assert await till.at.store.story_of("p1") == before


async def test_her_round_says_so_and_goes_on(till: Till, ana: Counter):
    till.provider.on_submit = silence
    await till.pay()
    await till.pay("p2", reference="12345678903")
    till.at.clock.pass_by(minutes=2)
    ana = replace(ana, gateways={"digiflazz": Overtakes(till)})
    assert await follow_up(ana) == 2

    assert [(await till.payment(one)).state for one in ("p1", "p2")] == ["in_doubt", "captured"]


async def test_what_one_has_begun_the_other_s_rounds_leave_alone(till: Till, ana: Counter, budi: Counter):
    await till.hold()
    asleep = asyncio.Event()
    ana = sleeping(ana, till, asleep)
    hers, his = Follower(ana), Follower(budi)
    assert [await hers.round(), await his.round()] == [1, 0]

    asleep.set()
    await hers.finish(1)
    assert (await till.payment()).state == "captured"
    assert len(till.provider.sent) == 1


async def test_an_answer_that_nobody_else_took_over_is_written_and_the_work_is_free(till: Till, ana: Counter):
    await till.hold()
    await submit(ana, "p1")
    claim = await till.at.store.read(Claim, payment_work("p1"))
    assert claim is not None
    assert claim.until == till.at.clock.now()


async def test_a_message_is_sent_by_one_of_them_and_marked_by_that_one(till: Till, ana: Counter, budi: Counter):
    await till.delivered()
    await till.pay()
    phones = till.at.phones
    before = len(phones.received)

    sent = await asyncio.gather(deliver(ana, phones), deliver(budi, phones))

    assert sorted(sent) == [0, 1]
    assert len(phones.received) == before + 1


async def test_who_sleeps_over_a_message_that_another_has_sent_writes_nothing(till: Till, ana: Counter, budi: Counter):
    await till.delivered()
    await till.pay()
    begun, asleep = asyncio.Event(), asyncio.Event()

    class Slow:
        async def send(self, to: str, words: str, *, message_id: str) -> None:
            begun.set()
            await asleep.wait()

    hers = asyncio.create_task(deliver(ana, Slow()))
    await begun.wait()
    till.at.clock.pass_by(seconds=21)
    assert await deliver(budi, till.at.phones) == 1
    told = await till.at.store.read(Message, "captured:p1")

    asleep.set()
    assert await hers == 0
    assert await till.at.store.read(Message, "captured:p1") == told


class Steal:
    """Another process has taken the work over."""

    def __init__(self, what: str) -> None:
        self.what = what

    def wants(self):
        return (Key(Claim, (self.what,)),)

    def decide(self, book):
        claim = book.get(Claim, self.what)
        book.put(claim.taken("budi", until=claim.until))


async def test_settling_by_hand_needs_no_claim(till: Till, ana: Counter):
    await till.hold()
    attempt = await till.send_nowhere()
    assert (await settle(ana, attempt, paid(attempt), source="operator")).state == "captured"


async def test_one_that_starts_leaves_alone_what_another_has_sent(till: Till, ana: Counter, budi: Counter):
    await till.hold()
    asleep = asyncio.Event()
    hers = asyncio.create_task(submit(sleeping(ana, till, asleep), "p1"))
    await sent(till)

    assert await recover(budi) == 0
    assert (await till.payment()).state == "submitted"

    asleep.set()
    assert (await hers).state == "captured"
