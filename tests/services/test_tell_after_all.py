"""What a screen was to tell and did not is told after all: by SMS when she left, in the chat otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation.cashier import Cashier
from core.conversation.saving import SaveTurn
from core.domain.chat import Chat, Link
from core.domain.message import SMS, Message
from core.ports import SavedSession
from core.services.deliver import deliver
from core.services.leave import leave
from core.services.link import Unlink
from core.services.submit import submit
from tests.adapters.database.changes import put
from tests.services.till import Till
from tests.support.fakes import TOKEN, Chats

ADDRESS = "4711"


@pytest.fixture
async def till(till: Till) -> Till:
    """Her wallet is open in a chat."""
    link = Link("telegram", ADDRESS, till.owner.wallet_id, "Siti", since=till.at.clock.now())
    await till.at.store.commit(put(link, Chat(till.owner.wallet_id, "telegram", ADDRESS)))
    await till.delivered()
    return till


async def marked_as_told(till: Till) -> Message:
    """She paid in the chat, and the screen that is about to come tells her all of it."""
    held = await till.hold()
    await till.at.store.commit(put(replace(held, channel="telegram")))
    await submit(till.at.counter, held.payment_id)
    row = SavedSession("telegram", ADDRESS, "chat", 1, "", "{}", "", ended=False, changed_at=till.at.clock.now())
    await till.at.store.commit(SaveTurn(row, held.payment_id, whole=True))
    return await message(till)


async def message(till: Till) -> Message:
    found = await till.at.store.read(Message, "captured:p1")
    assert found is not None
    return found


async def test_whoever_left_before_the_screen_came_has_her_token_by_sms(till: Till):
    assert (await marked_as_told(till)).due_at is None

    await leave(till.at.counter, "telegram", ADDRESS)

    again = await message(till)
    assert (again.channel, again.to, again.sent_at) == (SMS, till.owner.msisdn, None)
    [told] = [words for words in await till.delivered() if "Token" in words]
    assert TOKEN[:4] in told


async def test_a_screen_that_was_given_up_is_told_in_the_chat(till: Till):
    await marked_as_told(till)
    chats = Chats()
    till.at.clock.pass_by(minutes=10)

    await Cashier(till.at.counter).not_shown("telegram", ADDRESS)
    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert [one.address for one in chats.shown if "Token" in one.words] == [ADDRESS]
    assert (await message(till)).sent_at == till.at.clock.now()


async def test_what_was_sent_as_a_message_is_not_sent_again(till: Till):
    await marked_as_told(till)
    chats = Chats()
    for _ in range(2):
        await Cashier(till.at.counter).not_shown("telegram", ADDRESS)
        await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert len([one for one in chats.shown if "Token" in one.words]) == 1


async def test_what_was_told_an_hour_ago_was_seen(till: Till):
    told = await marked_as_told(till)
    till.at.clock.pass_by(hours=1)

    await leave(till.at.counter, "telegram", ADDRESS)

    assert await message(till) == told


async def test_another_chat_s_screen_has_told_it(till: Till):
    told = await marked_as_told(till)
    await till.at.store.commit(put(Link("telegram", "4712", till.owner.wallet_id, "Siti", since=till.at.clock.now())))

    await leave(till.at.counter, "telegram", "4712")

    assert await message(till) == told


async def test_in_a_chat_that_she_closed_meanwhile_nobody_else_reads_it(till: Till):
    await marked_as_told(till)
    await till.at.store.commit(Unlink("telegram", ADDRESS, till.owner.wallet_id, till.at.clock.now()))
    chats = Chats()

    await Cashier(till.at.counter).not_shown("telegram", ADDRESS)
    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert chats.shown == []
    assert any("Token" in words for words in await till.delivered())
