"""Commands and links lead somewhere at any moment, and the bot says in each language what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.botapi import BotApiOptions, running
from bot import app, menu
from bot.menu import COMMANDS
from core.conversation.languages import LANGUAGES
from tests.support.chats import METER, ChatHouse, Someone, a_chat_house, until

MENU = "What do you want to do?"
TO_PAY = "To pay, type your PIN."


async def test_a_link_leads_straight_to_the_pin(house: ChatHouse, siti: Someone):
    for link, where in (
        (f"pay-pln-token-{METER}-50000", TO_PAY),
        (f"pay-pln-token-{METER}", "How much?"),
        (f"pay-pln-{METER}", "How much?"),
        (f"11-{METER}-50000", TO_PAY),
        ("pay-pln-token", "Type the meter number."),
    ):
        assert where in (await siti.start(link)).text, link
    assert await house.payments() == []


NOT_OURS = ("nothing", "pay-", "pay-nobody-1", "x" * 64, "-" * 64, f"pay-pln-token-{METER}-7391-1", "stop-pln-1")


async def test_a_link_that_is_not_ours_does_nothing(house: ChatHouse, siti: Someone):
    for link in NOT_OURS:
        await siti.to_the_pin()
        assert (await siti.start(link)).buttons, link
    for words in ("/start \x00\ud800", "/start 🙂", "/start ../../etc/passwd", "/start   ", "/start a b c"):
        await siti.say(words.encode("utf-8", "ignore").decode())
        assert siti.buttons
    assert await house.payments() == []


async def test_a_link_that_is_not_ours_shows_where_she_is(siti: Someone):
    await siti.to_the_pin()

    for link in NOT_OURS:
        assert TO_PAY in (await siti.start(link)).text, link


async def test_a_link_to_somebody_without_a_wallet_asks_who_she_is(house: ChatHouse):
    budi = house.person(1002, name="Budi", phone="+6281200000002")

    await budi.start(f"pay-pln-token-{METER}-50000")

    assert "Bahasa (Language)" in budi.text


async def test_cancel_leads_home_from_every_step(house: ChatHouse, siti: Someone):
    await siti.start()
    steps = ("1", METER, "2")
    for count in range(len(steps) + 1):
        for words in steps[:count]:
            await siti.say(words)
        assert (await siti.say("/cancel")).text == MENU
    assert await house.payments() == []


async def test_every_command_is_there_at_any_moment(house: ChatHouse, siti: Someone):
    for command, where in (
        ("/language", "Language"),
        ("/history", "Type your PIN."),
        ("/topup", "How much?"),
        ("/help", "What is it about?"),
        ("/start", TO_PAY),
        ("/menu", MENU),
    ):
        await siti.to_the_pin()
        assert where in (await siti.say(command)).text, command
    assert (await siti.say("/nonsense")).text.endswith(MENU)


async def test_another_language_at_once(siti: Someone):
    await siti.say("/language")

    await siti.press("Kiswahili")

    assert siti.buttons[0].text.startswith("1 ⚡ ")
    assert siti.text != MENU
    assert (await siti.wallet()).language == "sw"


async def test_help_ends_with_a_number(siti: Someone):
    await siti.say("/help")

    await siti.press("Something else")

    assert "Your case number is" in siti.text


# ---- how the bot presents itself


async def test_it_presents_itself_in_each_language(house: ChatHouse):
    profile = house.server.profile
    await until(lambda: 0 in profile.menu_buttons, 3, lambda: f"it said {profile.words}")

    for language in ("", *LANGUAGES):
        commands = profile.commands['{"type": "default"}', language]
        assert [one["command"] for one in commands] == list(COMMANDS)
        assert profile.said("description", language)
        assert profile.said("short_description", language)
    assert profile.menu_buttons[0]["type"] == "commands"
    assert len({profile.said("description", language) for language in LANGUAGES}) == len(LANGUAGES)


async def test_the_house_opens_while_telegram_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app, "TRY_AGAIN_S", 0.05)
    monkeypatch.setattr(menu, "TRY_AGAIN_S", 0.05)
    monkeypatch.setattr("tests.support.chats.joined", lambda _server: True)
    async with running(BotApiOptions()) as server:
        for method in ("getMe", "setWebhook", "setMyCommands", "setMyDescription"):
            server.fail_next(method, "502", times=3)
        async with a_chat_house(tmp_path, telegram=server) as house:
            house.expected.add("telegram_unreachable")
            siti = await house.customer()

            assert MENU in await house.inside.phone().dials()
            await siti.person.start()
            await siti.sees(MENU)
            await until(lambda: 0 in server.profile.menu_buttons, 3, lambda: "it never presented itself")
            assert house.logged("telegram_unreachable")
            assert house.logged("not_presented")


async def test_a_stranger_is_told_whom_to_ask_and_may_choose_her_language_again(house: ChatHouse):
    budi = house.person(1002, name="Budi", phone="+6281200000002")
    await budi.start()
    await budi.press("English", "Yes")

    assert (await budi.say("/help")).text == "Ask at the counter, or dial *384# on your phone."
    await budi.press("Menu")
    await budi.press("English", "Yes")
    assert (await budi.say("/language")).text == "Language"
    assert "Open a wallet?" in (await budi.press("English")).text
