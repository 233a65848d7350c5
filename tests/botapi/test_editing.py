"""Messages that change, and messages that go."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest

from adapters.botapi import Person, Server
from tests.botapi.listener import World, ogg, png
from tests.botapi.raw import Raw

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
NO = InlineKeyboardMarkup([[InlineKeyboardButton("No", callback_data="no")]])


async def test_a_text_is_edited_in_place(bot: Bot, amina: Person, world: World):
    sent = await bot.send_message(1001, "One", reply_markup=YES)
    world.time += 5

    edited = await bot.edit_message_text("<b>Two</b>", 1001, sent.message_id, parse_mode="HTML", reply_markup=NO)

    assert isinstance(edited, Message)
    assert (edited.message_id, edited.text, edited.reply_markup) == (sent.message_id, "Two", NO)
    assert edited.edit_date is not None
    assert edited.edit_date.timestamp() == world.time
    assert (amina.screen.text, amina.screen.captions, amina.screen.edits) == ("Two", [["No"]], 1)


async def test_an_edit_without_a_keyboard_takes_it_away(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "One", reply_markup=YES)

    await bot.edit_message_text("Two", 1001, sent.message_id)

    assert amina.screen.buttons == ()


async def test_an_edit_that_changes_nothing_is_no_violation(bot: Bot, server: Server, amina: Person):
    sent = await bot.send_message(1001, "<b>One</b>", parse_mode="HTML", reply_markup=YES)

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply markup are"):
        await bot.edit_message_text("<b>One</b>", 1001, sent.message_id, parse_mode="HTML", reply_markup=YES)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(1001, sent.message_id, reply_markup=YES)
    await bot.edit_message_text("One", 1001, sent.message_id, reply_markup=YES)  # the same words, no longer bold

    assert server.violations == []
    assert server.not_modified == ["editMessageText of message 2", "editMessageReplyMarkup of message 2"]


async def test_a_keyboard_is_edited_alone(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "One", reply_markup=YES)

    await bot.edit_message_reply_markup(1001, sent.message_id, reply_markup=NO)
    assert (amina.screen.text, amina.screen.captions) == ("One", [["No"]])

    await bot.edit_message_reply_markup(1001, sent.message_id)
    assert amina.screen.captions == []


async def test_a_photo_has_no_text_to_edit(bot: Bot, server: Server, amina: Person):
    photo = await bot.send_photo(1001, png(), caption="One")
    text = await bot.send_message(1001, "One")

    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("Two", 1001, photo.message_id)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(1001, text.message_id, caption="Two")

    await bot.edit_message_caption(1001, photo.message_id, caption="Two", reply_markup=YES)
    assert (amina.screen.text, amina.screen.photo) == ("Two", png())


async def test_a_text_becomes_a_picture_and_never_a_text_again(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "One")

    await bot.edit_message_media(InputMediaPhoto(png(), caption="Two"), 1001, sent.message_id)
    assert (amina.screen.kind, amina.screen.text, amina.screen.photo) == ("photo", "Two", png())

    await bot.edit_message_media(InputMediaDocument(b"%PDF", filename="a.pdf"), 1001, sent.message_id)
    assert (amina.screen.kind, amina.screen.text, amina.screen.document) == ("document", "", b"%PDF")

    with pytest.raises(BadRequest, match="There is no text"):
        await bot.edit_message_text("Three", 1001, sent.message_id)


async def test_a_picture_is_replaced_by_a_known_one(bot: Bot, server: Server, amina: Person):
    one = await bot.send_photo(1001, png(100, 100))
    two = await bot.send_photo(1001, png(200, 200))
    same = InputMediaPhoto(two.photo[-1].file_id)

    await bot.edit_message_media(same, 1001, one.message_id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_media(same, 1001, one.message_id)

    assert [seen.photo for seen in amina.chat.messages if seen.from_bot] == [png(200, 200)] * 2


async def test_a_voice_cannot_be_replaced(bot: Bot, server: Server, amina: Person):
    voice = await bot.send_voice(1001, ogg())

    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_media(InputMediaPhoto(png()), 1001, voice.message_id)
    with pytest.raises(BadRequest, match="unsupported"):
        await bot.edit_message_media(InputMediaVideo(b"mp4"), 1001, voice.message_id)


async def test_what_cannot_be_edited(bot: Bot, server: Server, amina: Person):
    theirs = await amina.say("Habari")
    with_keys = await bot.send_message(1001, "Choose", reply_markup=ReplyKeyboardMarkup([["Yes"]]))

    for message_id in (theirs.message_id, with_keys.message_id):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("Two", 1001, message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Two", 1001, 4711)
    assert server.violations == []
    with pytest.raises(BadRequest, match="Message identifier is not specified"):
        await bot.edit_message_text("Two", 1001)
    with pytest.raises(BadRequest, match="Inline message"):
        await bot.edit_message_text("Two", inline_message_id="abc")


async def test_both_sides_messages_are_deleted(bot: Bot, amina: Person):
    pin = await amina.say("1234")
    sent = await bot.send_message(1001, "Never type your PIN")

    assert await bot.delete_message(1001, pin.message_id)
    assert await bot.delete_message(1001, sent.message_id)

    assert [seen.text for seen in amina.chat.messages] == ["/start"]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(1001, pin.message_id)


async def test_only_two_days_long_a_message_can_be_deleted(bot: Bot, server: Server, amina: Person, world: World):
    old = await amina.say("1234")
    world.time += 48 * 3600 + 1
    new = await amina.say("5678")

    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(1001, old.message_id)
    assert await bot.delete_messages(1001, [old.message_id, new.message_id, 4711])

    assert [seen.text for seen in amina.chat.messages] == ["/start", "1234"]
    assert server.violations == []


async def test_an_answer_names_its_message(bot: Bot, server: Server, amina: Person):
    asked = await amina.say("Where is my token?")

    answer = await bot.send_message(1001, "Here", reply_to_message_id=asked.message_id)

    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "Where is my token?"
    assert amina.screen.reply_to == asked.message_id
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(1001, "Here", reply_to_message_id=4711)
    await bot.send_message(1001, "Here", reply_to_message_id=4711, allow_sending_without_reply=True)


async def test_lists_of_messages_are_lists_of_numbers(raw: Raw, server: Server, amina: Person):
    assert await raw.refusal("deleteMessages", chat_id=1001, message_ids=["x"])
    assert await raw.refusal("sendMessage", chat_id=1001, text="a", reply_parameters={"message_id": "x"})
    assert len(server.violations) == 2
