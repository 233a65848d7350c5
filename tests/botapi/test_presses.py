"""Buttons that are pressed, and the answers that stop the phone from waiting."""

from __future__ import annotations

import pytest
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from adapters.botapi import Cannot, Person, Server
from tests.botapi.listener import World


def keyboard(*texts: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=f"do:{text}") for text in texts]])


async def pressed(bot: Bot) -> CallbackQuery:
    (update,) = await bot.get_updates(offset=-1)
    assert update.callback_query is not None
    return update.callback_query


async def test_a_press_carries_what_telegram_sends(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes", "No"))

    await amina.press("No")

    query = await pressed(bot)
    assert (query.data, query.from_user.id, query.from_user.language_code) == ("do:No", 1001, "sw")
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    assert query.message.is_accessible
    assert query.chat_instance
    assert query.inline_message_id is None


@pytest.mark.parametrize("button", ["1", "do:1"])
async def test_the_exact_button_comes_before_one_that_contains_it(bot: Bot, amina: Person, button: str):
    await bot.send_message(1001, "How many?", reply_markup=keyboard("10", "1"))

    await amina.press(button)

    assert (await pressed(bot)).data == "do:1"


async def test_the_newest_button_is_pressed(bot: Bot, amina: Person):
    old = await bot.send_message(1001, "Old", reply_markup=keyboard("Yes"))
    new = await bot.send_message(1001, "New", reply_markup=keyboard("Yes"))

    await amina.press("Ye")
    assert (await pressed(bot)).message.message_id == new.message_id  # type: ignore[union-attr]
    await amina.press("Yes", message=old.message_id)
    assert (await pressed(bot)).message.message_id == old.message_id  # type: ignore[union-attr]


async def test_a_button_that_is_not_there_shows_the_screen(bot: Bot, amina: Person):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))

    with pytest.raises(Cannot, match=r"(?s)no button 'Maybe'.*Sure\? \[\['Yes'\]\]"):
        await amina.press("Maybe")


async def test_a_stale_button_still_reaches_the_bot(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    await bot.edit_message_text("Done", 1001, sent.message_id)

    await amina.press_at(sent.message_id, "do:Yes")
    query = await pressed(bot)
    assert (query.data, query.message.text) == ("do:Yes", "Done")  # type: ignore[union-attr]

    await bot.delete_message(1001, sent.message_id)
    await amina.press_at(sent.message_id, "do:Yes")
    query = await pressed(bot)
    assert query.message is not None
    assert not query.message.is_accessible


async def test_an_answer_is_a_toast(bot: Bot, server: Server, amina: Person):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    for text, alert in (("Saved", False), ("Careful!", True), ("", False)):
        await amina.press("Yes")
        await bot.answer_callback_query((await pressed(bot)).id, text or None, show_alert=alert)

    assert [(toast.text, toast.show_alert) for toast in amina.toasts] == [("Saved", False), ("Careful!", True)]
    assert server.unanswered_queries(older_than_s=0) == []
    assert server.violations == []


@pytest.mark.parametrize("waits_s", [0, 31])
async def test_an_unknown_or_old_query_is_not_answered(
    bot: Bot, server: Server, amina: Person, world: World, waits_s: int
):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    query_id = (await amina.press("Yes")).query_id if waits_s else "4711"
    world.time += waits_s

    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(query_id)
    assert server.violations == []


async def test_a_query_is_answered_once(bot: Bot, amina: Person):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    query_id = (await amina.press("Yes")).query_id

    await bot.answer_callback_query(query_id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query_id)


async def test_a_toast_has_at_most_200_characters(bot: Bot, server: Server, amina: Person):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    query_id = (await amina.press("Yes")).query_id

    with pytest.raises(BadRequest):
        await bot.answer_callback_query(query_id, "a" * 201)
    assert len(server.violations) == 1


async def test_a_press_that_is_not_answered_is_a_violation(bot: Bot, server: Server, amina: Person, world: World):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    await amina.press("Yes")

    assert server.unanswered_queries() == []
    assert server.violations == []
    world.time += 10
    assert server.unanswered_queries() == ["The press of 'do:Yes' by 1001 was never answered."]
    assert server.unanswered_queries() == server.violations


async def test_a_late_answer_is_a_violation(bot: Bot, server: Server, amina: Person, world: World):
    await bot.send_message(1001, "Sure?", reply_markup=keyboard("Yes"))
    query_id = (await amina.press("Yes")).query_id
    world.time += 12

    await bot.answer_callback_query(query_id)

    assert server.violations == ["The press of 'do:Yes' was answered after 12.0 s."]
