"""What a bug stops is put off longer each time, then parked with operators called; everybody else goes on."""

from __future__ import annotations

from datetime import timedelta

from core.domain.failing import PARKED_FOR, WAITS
from core.domain.message import Message
from core.domain.payment import Answer, Attempt
from core.services.deliver import deliver
from core.services.follow_up import follow_up
from tests.services.panel import panel
from tests.services.till import Till
from tests.support.fakes import Phones, paid, silence


def poisoned(attempt: Attempt) -> Answer:
    if attempt.payment_id == "p1":
        raise ValueError("a bug, for the sake of the test")
    return paid(attempt)


class PoisonedPhones(Phones):
    """Fails by a bug over one message; all others reach their phone."""

    def __init__(self, poison: str) -> None:
        super().__init__()
        self.poison = poison

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        if message_id == self.poison:
            raise ValueError("a bug, for the sake of the test")
        await super().send(to, words, message_id=message_id)


async def due(till: Till) -> timedelta:
    """How long until the payment is looked at again."""
    payment = await till.payment()
    assert payment.look_at is not None
    return payment.look_at - till.at.clock.now()


async def fail_until_parked(till: Till) -> list[timedelta]:
    till.provider.on_submit, till.provider.on_ask = silence, poisoned
    await till.pay()
    waits = []
    for _ in range(len(WAITS) + 1):
        await till.later(days=2)
        waits.append(await due(till))
    return waits


async def test_a_payment_is_put_off_longer_each_time_and_then_parked(till: Till):
    waits = await fail_until_parked(till)

    assert waits == [*WAITS, PARKED_FOR]
    [opened] = await till.at.store.open_breaks(limit=5)
    assert (opened.kind, opened.payment_id) == ("parked", "p1")
    assert opened.detail == "payment:p1 failed 7 times by a bug; the log says how"
    await till.later(days=2)
    assert len(await till.at.store.open_breaks(limit=5)) == 1


async def test_nobody_waits_behind_a_parked_payment(till: Till):
    await fail_until_parked(till)

    await till.pay("p2", reference="12345678903")
    await till.later(minutes=1)

    assert (await till.payment("p2")).state == "captured"


async def test_released_by_two_it_is_tried_at_once(till: Till):
    operators = await panel(till.at)
    await fail_until_parked(till)
    till.provider.on_ask = paid
    assert await follow_up(till.at.counter) == 0

    await operators.both_say("break:parked:payment:p1", "release")
    await till.later(seconds=0)

    assert (await till.payment()).state == "captured"
    assert await till.at.store.open_breaks(limit=5) == []


async def test_released_too_early_it_is_parked_again(till: Till):
    operators = await panel(till.at)
    await fail_until_parked(till)
    await operators.both_say("break:parked:payment:p1", "release")

    for _ in range(len(WAITS) + 1):
        await till.later(days=2)

    assert [one.kind for one in await till.at.store.open_breaks(limit=5)] == ["parked"]
    await operators.both_say("break:parked:payment:p1", "release")


async def test_a_new_version_makes_it_good_by_itself(till: Till):
    await fail_until_parked(till)
    till.provider.on_ask = paid

    await till.later(days=1)

    assert (await till.payment()).state == "captured"


async def test_a_message_that_fails_by_a_bug_is_parked_and_the_others_go_out(till: Till):
    await till.pay()
    phones = PoisonedPhones("captured:p1")
    operators = await panel(till.at)

    assert await deliver(till.at.counter, phones) == 1
    for _ in WAITS:
        till.at.clock.pass_by(days=2)
        assert await deliver(till.at.counter, phones) == 0

    waits = await till.at.store.read(Message, "captured:p1")
    assert waits is not None
    assert waits.due_at == till.at.clock.now() + PARKED_FOR
    assert [one.break_id for one in await till.at.store.open_breaks(limit=5)] == ["parked:message:captured:p1"]
    await operators.both_say("break:parked:message:captured:p1", "release")
    assert await deliver(till.at.counter, till.at.phones) == 1
