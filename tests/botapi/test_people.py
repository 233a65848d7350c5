"""People: what they share, whom they block, the groups they talk in, and what a page may show of them."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden

from adapters.botapi import Cannot, Change, Person, Server
from tests.botapi.conftest import Open
from tests.botapi.listener import Listener, png

ASK = ReplyKeyboardMarkup([[KeyboardButton("My number", request_contact=True)]])
SURE = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])


async def newest(bot: Bot) -> Any:
    (update,) = await bot.get_updates(offset=-1)
    return update


async def test_a_link_starts_the_bot_with_its_words(bot: Bot, server: Server):
    juma = server.person(1002, first_name="Juma", username="juma", last_name="Ali")
    await juma.start("invite_7")

    message = (await newest(bot)).message

    assert message.text == "/start invite_7"
    assert (message.from_user.full_name, message.chat.username) == ("Juma Ali", "juma")
    assert server.person(1002) is juma


async def test_her_own_number_names_her(bot: Bot, amina: Person):
    await bot.send_message(1001, "Your number?", reply_markup=ASK)

    await amina.share_contact()

    contact = (await newest(bot)).message.contact
    assert (contact.phone_number, contact.user_id, contact.first_name) == ("+255712345678", 1001, "Amina")


@pytest.mark.parametrize("user_id", [1002, None])
async def test_a_card_out_of_her_address_book_names_somebody_else(bot: Bot, amina: Person, user_id: int | None):
    await amina.share_contact_of(user_id, "+255787654321", "Juma")

    message = (await newest(bot)).message
    assert (message.contact.user_id, message.from_user.id) == (user_id, 1001)


async def test_nobody_shares_unasked(bot: Bot, amina: Person):
    with pytest.raises(Cannot, match="No button asks for a contact"):
        await amina.share_contact()


async def test_who_never_started_the_bot_cannot_be_written_to(bot: Bot, server: Server):
    server.person(1002)

    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1002, "Habari")


async def test_who_blocked_the_bot_hears_nothing(bot: Bot, server: Server, amina: Person):
    sent = await bot.send_message(1001, "Habari")
    await amina.block()
    change = (await newest(bot)).my_chat_member

    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    for calling in (
        bot.send_message(1001, "Habari"),
        bot.edit_message_text("Jambo", 1001, sent.message_id),
        bot.send_chat_action(1001, ChatAction.TYPING),
    ):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await calling
    with pytest.raises(Cannot, match="blocked"):
        await amina.say("Habari")

    await amina.start()
    assert [update.my_chat_member is not None for update in await bot.get_updates(offset=-2)] == [True, False]
    await bot.send_message(1001, "Karibu tena")
    assert server.violations == []


async def test_an_edit_and_a_deletion_of_hers(bot: Bot, amina: Person):
    message = await amina.say("Habari")

    await amina.edit(message.message_id, "Habari yako")
    edited = (await newest(bot)).edited_message
    assert (edited.text, edited.edit_date is not None) == ("Habari yako", True)

    await amina.delete(message.message_id)
    assert (await newest(bot)).edited_message  # a deletion is not told
    with pytest.raises(Cannot):
        amina.chat.message(message.message_id)
    with pytest.raises(Cannot):
        await amina.delete(message.message_id)
    with pytest.raises(Cannot):
        await amina.edit(message.message_id, "Hujambo")


async def test_she_answers_a_message(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "Habari?")

    await amina.say("Nzuri", reply_to=sent.message_id)

    assert (await newest(bot)).message.reply_to_message.text == "Habari?"


async def test_the_screen_is_the_newest_message_with_buttons(bot: Bot, amina: Person):
    with pytest.raises(Cannot, match="said nothing"):
        _ = amina.screen
    await bot.send_message(1001, "First")
    assert amina.screen.text == "First"
    await bot.send_message(1001, "Sure?", reply_markup=SURE)
    await bot.send_message(1001, "By the way")
    assert amina.screen.text == "Sure?"


async def test_waiting_in_vain_shows_her_chat(bot: Bot, amina: Person):
    await bot.send_message(1001, "Habari", reply_markup=SURE)

    with pytest.raises(TimeoutError, match=r"(?s)'Karibu' did not appear.*Habari \[\['Yes'\]\]"):
        await amina.sees("Karibu", within_s=0.01)


async def test_she_waits_until_the_bot_is_still(bot: Bot, server: Server, amina: Person, hooked: Listener):
    async def answer(update: dict[str, Any]) -> None:
        for number in range(3):
            await asyncio.sleep(0.01)
            await bot.send_message(1001, str(number))

    await server.quiet()
    hooked.then = answer
    await amina.say("Habari")
    screen = await amina.settled()

    assert screen is not None
    assert screen.text == "2"


async def test_a_busy_bot_is_not_waited_for_forever(server: Server, amina: Person, hooked: Listener):
    hooked.slow_s = 0.2

    with pytest.raises(TimeoutError, match="still busy"):
        await amina.settled(within_s=0.05)


async def test_a_silent_bot_settles_without_a_screen(server: Server, amina: Person, hooked: Listener):
    assert await amina.settled() is None


async def test_a_group_tells_the_bot_only_what_is_meant_for_it(bot: Bot, server: Server, amina: Person):
    group = server.group(-500, "Family")
    with pytest.raises(Forbidden, match="not a member of the group chat"):
        await bot.send_message(-500, "Habari")
    await group.add_bot(amina)
    sent = await bot.send_message(-500, "Habari zenu", reply_markup=SURE)
    await group.say(amina, "Nzuri")
    await group.say(amina, "/help@loket_bot")
    await group.say(amina, "Hey @loket_bot")
    await group.say(amina, "Yes", reply_to=sent.message_id)
    await group.press(amina, "Yes")

    _, joined, welcome, *heard, query = await bot.get_updates()

    assert joined.my_chat_member is not None
    assert welcome.message is not None
    assert welcome.message.new_chat_members[0].username == "loket_bot"
    assert [update.message.text for update in heard] == ["/help@loket_bot", "Hey @loket_bot", "Yes"]  # type: ignore[union-attr]
    assert query.callback_query is not None
    assert query.callback_query.message.chat.title == "Family"  # type: ignore[union-attr]
    assert [seen.text for seen in group.chat.messages] == [
        "",
        "Habari zenu",
        "Nzuri",
        "/help@loket_bot",
        "Hey @loket_bot",
        "Yes",
    ]
    with pytest.raises(Cannot):
        await group.press(amina, "No")


async def test_members_of_a_group(bot: Bot, server: Server, amina: Person):
    group = server.group(-1_000_000_000_500)
    await group.add_bot(amina)
    server.person(1002)

    assert (await bot.get_chat(-1_000_000_000_500)).type == "supergroup"
    statuses = [(await bot.get_chat_member(group.chat_id, user_id)).status for user_id in (1001, 1002)]
    assert statuses == ["member", "left"]
    assert (await bot.get_chat_member(1001, 1001)).status == "member"
    assert (await bot.get_chat_member(group.chat_id, server.options.bot_id)).status == "member"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group.chat_id, 4711)

    assert await bot.leave_chat(group.chat_id)
    with pytest.raises(Forbidden):
        await bot.leave_chat(group.chat_id)
    await group.add_bot(amina)
    await group.remove_bot(amina)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.chat_id, "Habari")
    with pytest.raises(BadRequest):
        await bot.leave_chat(1001)


async def test_a_page_can_show_it_all(bot: Bot, server: Server, amina: Person):
    await bot.send_photo(1001, png(), caption="<b>Paid</b>", parse_mode="HTML", reply_markup=SURE, protect_content=True)
    await bot.send_message(1001, "Your number?", reply_markup=ASK)
    await amina.share_contact()

    page = amina.to_json()

    assert (page["user"]["first_name"], page["bot"]["username"]) == ("Amina", "loket_bot")
    _, photo, _, contact = page["messages"]
    assert (photo["html"], photo["protected"], photo["kind"]) == ("<b>Paid</b>", True, "photo")
    assert photo["buttons"] == [[{"text": "Yes", "data": "y"}]]
    assert page["keyboard"] == [[{"text": "My number", "asks_contact": True}]]
    assert contact["contact"]["phone_number"] == "+255712345678"
    async with aiohttp.ClientSession() as session, session.get(server.url + photo["file"]) as response:
        assert await response.read() == png()


async def test_listeners_hear_of_every_change(bot: Bot, server: Server):
    heard: list[Change] = []
    server.listeners.append(heard.append)
    amina = server.person(1001)
    await amina.start()
    sent = await bot.send_message(1001, "Habari", reply_markup=SURE)
    await bot.send_chat_action(1001, ChatAction.TYPING)
    await bot.answer_callback_query((await amina.press("Yes")).query_id, "Asante")
    await bot.edit_message_text("Jambo", 1001, sent.message_id)
    await bot.delete_message(1001, sent.message_id)

    assert [(change.kind, change.message_id) for change in heard] == [
        ("message", 1),
        ("message", sent.message_id),
        ("action", 0),
        ("toast", 0),
        ("edited", sent.message_id),
        ("deleted", sent.message_id),
    ]
    assert {change.chat_id for change in heard} == {1001}
    assert amina.chat.last_action == "typing"


async def test_only_so_much_is_kept(open_double: Open):
    server, bot = await open_double(messages_kept=3, files_kept=1)
    amina = server.person(1001)
    await amina.start()
    one = await bot.send_photo(1001, png())
    for text in "ab":
        await bot.send_message(1001, text)
    await bot.send_photo(1001, png())

    assert [seen.text for seen in amina.chat.messages] == ["a", "b", ""]
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(1001, one.photo[-1].file_id)
