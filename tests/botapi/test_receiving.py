"""getUpdates: what waits, in order, until a later offset says that it arrived."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from telegram import Bot
from telegram.error import Conflict

from adapters.botapi import Person, Server, running
from tests.botapi.conftest import client_of


async def test_updates_wait_until_they_are_confirmed(bot: Bot, amina: Person):
    await amina.say("one")
    await amina.say("two")

    first = await bot.get_updates()
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[1].update_id + 1)

    assert [update.message.text for update in first] == ["/start", "one", "two"]  # type: ignore[union-attr]
    assert [update.update_id for update in again] == [update.update_id for update in first]
    assert [update.message.text for update in rest] == ["two"]  # type: ignore[union-attr]


async def test_limit_and_negative_offset(bot: Bot, amina: Person):
    for text in "abc":
        await amina.say(text)

    assert [update.message.text for update in await bot.get_updates(limit=2)] == ["/start", "a"]  # type: ignore[union-attr]
    assert [update.message.text for update in await bot.get_updates(offset=-2)] == ["b", "c"]  # type: ignore[union-attr]
    assert len(await bot.get_updates()) == 2


async def test_a_long_poll_ends_when_something_comes(bot: Bot, amina: Person):
    (start,) = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()

    await amina.say("Habari")

    (update,) = await asyncio.wait_for(poll, 1)
    assert update.message is not None
    assert update.message.text == "Habari"


async def test_a_second_poll_sends_the_first_away(bot: Bot, server: Server):
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)

    await bot.get_updates()

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_a_new_webhook_sends_a_poll_away(bot: Bot):
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)

    await bot.set_webhook("https://example.org/telegram")

    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll


async def test_a_double_that_closes_lets_its_bot_go():
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running())
        bot = await stack.enter_async_context(client_of(server))
        poll = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.05)
        server.updates.close()
        assert await poll == ()


async def test_a_webhook_and_a_poll_exclude_each_other(bot: Bot, amina: Person):
    await bot.set_webhook("https://example.org/telegram")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()

    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_only_what_was_asked_for_comes(bot: Bot, server: Server, amina: Person):
    await bot.get_updates(offset=-1, allowed_updates=["edited_message"])
    message = await amina.say("Habari")
    await amina.edit(message.message_id, "Habari yako")

    *_, update = await bot.get_updates()

    assert update.edited_message is not None
    assert update.edited_message.text == "Habari yako"
    assert update.message is None
