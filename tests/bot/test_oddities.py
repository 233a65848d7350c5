"""Groups, strangers' kinds of messages, and everything else that nobody asked for."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.error import BadRequest

from tests.botapi.listener import ogg, png
from tests.support.chats import METER, ChatHouse, Someone

MENU = "What do you want to do?"
GROUP = "I talk about money with one person at a time. Write to me alone."


async def test_a_group_is_told_once_and_left(house: ChatHouse, siti: Someone):
    for chat_id in (-55, -1_000_000_000_077):
        family = house.server.group(chat_id)
        await family.add_bot(siti.person)
        await house.quiet()

        said = [one for one in family.chat.messages if one.from_bot]
        assert [one.text for one in said] == [GROUP]
        assert said[0].buttons[0][0].url == "https://t.me/loket_bot"
    assert [int(call["chat_id"]) for call in house.calls("leaveChat")] == [-55, -1_000_000_000_077]
    assert siti.messages == []


async def test_words_of_a_group_are_nobodys_turn(house: ChatHouse, siti: Someone):
    family = house.server.group(-56)
    await family.add_bot(siti.person)
    await house.quiet()
    house.server.chats[-56].started, house.server.chats[-56].blocked = True, False

    await family.say(siti.person, "/start")
    await family.say(siti.person, "@loket_bot token 50")
    await house.quiet()

    assert siti.messages == []
    assert {one.text for one in family.chat.messages if one.from_bot} == {GROUP}


async def test_what_is_neither_words_nor_a_number_shows_the_question_again(house: ChatHouse, siti: Someone):
    await siti.start()
    await siti.press("Electricity token")
    person = siti.person

    for odd in (
        person.send_sticker(),
        person.send_voice(ogg()),
        person.send_location(-6.2, 106.8),
        person.send_photo(png()),
        person.send_document(b"%PDF-1.4"),
    ):
        await odd
        screen = await siti.settled()
        assert screen.text.endswith("Type the meter number.")
        assert siti.messages[-1].message_id == screen.message_id
    await person.send_photo(png(), METER)
    assert "How much?" in (await siti.settled()).text
    assert await house.payments() == []


async def test_at_the_pin_it_is_no_try(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()

    await siti.person.send_sticker()
    await siti.settled()

    assert "To pay, type your PIN." in siti.text
    assert "wrong" not in siti.text
    await siti.pin()
    assert "Token" in siti.text


async def test_what_was_written_is_written(house: ChatHouse, siti: Someone):
    """An edit of an old message changes nothing, and nobody is told anything about it."""
    await siti.start()
    await siti.press("Electricity token")
    await siti.person.say("1")
    await siti.settled()
    before = [one.message_id for one in siti.messages]
    mine = next(one for one in siti.messages if one.text == "1")

    await siti.person.edit(mine.message_id, METER)
    await house.quiet()

    assert [one.message_id for one in siti.messages] == before


async def test_bots_are_not_talked_with(house: ChatHouse):
    bot = house.person(1777, name="Spam", phone="")
    bot.person.about["is_bot"] = True

    await bot.person.start()
    await house.quiet()

    assert house.calls("sendMessage") == []


async def test_only_what_is_of_concern_is_asked_for(house: ChatHouse):
    assert sorted(house.server.updates.allowed) == [
        "callback_query",
        "message",
        "my_chat_member",
        "pre_checkout_query",
    ]


async def test_hostile_words_are_words(house: ChatHouse, siti: Someone):
    await siti.start()

    for words in (
        "<b>&amp;",
        "\x00\x00",
        "\u202e123",
        "𝟙" * 300,
        "'; DROP TABLE wallets; --",
        "{name}",
        "%s%n",
        "a" * 4_096,
    ):
        await siti.say(words)
        assert siti.buttons
    assert (await siti.say("/menu")).text == MENU


async def test_a_group_that_cannot_be_told_is_left_all_the_same(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    async def send_message(*_args: Any, **_more: Any) -> Any:
        raise BadRequest("Have no rights to send a message")

    monkeypatch.setattr(type(house.bot._api), "send_message", send_message)  # noqa: SLF001  # what Telegram refuses
    family = house.server.group(-57)
    await family.add_bot(siti.person)
    await house.quiet()

    assert {int(call["chat_id"]) for call in house.calls("leaveChat")} == {-57}


async def test_a_group_is_left_before_telegram_told_us_our_name(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(house.bot._api, "_bot_user", None)  # noqa: SLF001  # as before the first answer
    family = house.server.group(-58)
    await family.add_bot(siti.person)
    await house.quiet()

    assert [int(call["chat_id"]) for call in house.calls("leaveChat")] == [-58]
    assert [one.buttons for one in family.chat.messages if one.from_bot] == [()]


async def test_what_the_network_notes_down_in_a_chat_is_nobodys_turn(house: ChatHouse, siti: Someone):
    await siti.start()
    before = [one.message_id for one in siti.from_bot]
    about = {"date": 1, "chat": siti.person.about | {"type": "private"}, "from": siti.person.about}
    pinned = {**about, "message_id": before[0], "text": MENU}

    notes: list[dict[str, Any]] = [
        {"pinned_message": pinned},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"delete_chat_photo": True},
        {"something_that_is_still_to_be_invented": {}},
    ]
    for noted in notes:
        body = {**about, "message_id": 9_000, **noted}
        house.server.tell_bot("message", body, queue=("chat", siti.person.user_id))
    await house.quiet()

    assert [one.message_id for one in siti.from_bot] == before
