"""The outbox: at least once, the same words and the same receipt each time, and never given up."""

from __future__ import annotations

from datetime import timedelta

from core.domain.message import RETRY_AFTER, Message
from core.services.deliver import deliver
from tests.services.till import Till


async def outbox(till: Till) -> dict[str, Message]:
    return {one.message_id: one for one in await till.at.store.messages_to(till.owner.wallet_id, limit=50)}


async def test_a_message_is_written_with_what_it_tells_and_sent_afterwards(till: Till):
    await till.pay()
    receipt = (await outbox(till))["captured:p1"]
    assert (receipt.sent_at, receipt.due_at) == (None, till.at.clock.now())

    sent = await deliver(till.at.counter, till.at.phones)

    assert sent == 2
    assert (await outbox(till))["captured:p1"].sent_at == till.at.clock.now()
    assert (till.owner.msisdn, receipt.words) in till.at.phones.received


async def test_what_was_sent_is_not_sent_again(till: Till):
    await till.pay()
    await till.delivered()

    assert await till.delivered() == []


async def test_a_message_that_could_not_be_sent_is_tried_again_less_and_less_often(till: Till):
    await till.pay()
    till.at.phones.broken = True
    waits = []
    for _ in range(len(RETRY_AFTER) + 2):
        assert await till.delivered() == []
        due = (await outbox(till))["captured:p1"].due_at
        assert due is not None
        waits.append(due - till.at.clock.now())
        till.at.clock.at = due

    assert waits == [*RETRY_AFTER, RETRY_AFTER[-1], RETRY_AFTER[-1]]
    till.at.phones.broken = False
    assert len(await till.delivered()) == 2


async def test_a_message_sent_twice_bears_the_same_receipt(till: Till):
    """The network took it, and we fell before we could write that down."""
    bought = await till.pay()
    message = (await outbox(till))["captured:p1"]

    await till.at.phones.send(message.to, message.words, message_id=message.message_id)
    await till.delivered()

    twice = [words for _, words in till.at.phones.received if "receipt" in words]
    assert len(twice) == 2
    assert len(set(twice)) == 1
    assert bought.receipt.replace(" ", "") in twice[0].replace(" ", "")


async def test_the_wait_between_tries_is_never_longer_than_an_hour(till: Till):
    assert max(RETRY_AFTER) == timedelta(hours=1)
