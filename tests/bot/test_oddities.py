"""Groups, strangers' kinds of messages, and everything else that nobody asked for."""

from __future__ import annotations

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
