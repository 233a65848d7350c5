"""How the bot presents itself, in which language, and how long it may be about it."""

from __future__ import annotations

import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands, MenuButtonDefault

from adapters.botapi import Person, Server
from tests.botapi.raw import Raw


async def test_commands_by_language_and_scope(bot: Bot, server: Server):
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("pay", "Pay a bill")])
    await bot.set_my_commands([BotCommand("pay", "Lipa bili")], scope=scope, language_code="sw")

    assert [command.description for command in await bot.get_my_commands()] == ["Pay a bill"]
    assert [command.description for command in await bot.get_my_commands(scope, "sw")] == ["Lipa bili"]
    assert await bot.get_my_commands(language_code="id") == ()
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    assert server.violations == []


@pytest.mark.parametrize(
    "commands",
    [
        [{"command": "Pay", "description": "a"}],
        [{"command": "a" * 33, "description": "a"}],
        [{"command": "", "description": "a"}],
        [{"command": "pay", "description": ""}],
        [{"command": "pay", "description": "a" * 257}],
        [{"command": f"c{number}", "description": "a"} for number in range(101)],
        ["pay"],
        {},
    ],
)
async def test_commands_telegram_would_not_take(raw: Raw, server: Server, commands: object):
    assert await raw.refusal("setMyCommands", commands=commands)
    assert len(server.violations) == 1


async def test_a_scope_that_is_none(raw: Raw, server: Server):
    assert await raw.refusal("getMyCommands", scope={"type": "world"})


async def test_words_by_language(bot: Bot, server: Server):
    await bot.set_my_description("Pay bills")
    await bot.set_my_description("Lipa bili", language_code="sw")
    await bot.set_my_short_description("Bills")
    await bot.set_my_name("Counter")

    assert (await bot.get_my_description("sw")).description == "Lipa bili"
    assert (await bot.get_my_description("id")).description == "Pay bills"
    assert (await bot.get_my_short_description()).short_description == "Bills"
    assert (await bot.get_my_name()).name == "Counter"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("setMyDescription", {"description": "a" * 513}),
        ("setMyShortDescription", {"short_description": "a" * 121}),
        ("setMyName", {"name": "a" * 65}),
        ("setMyName", {"name": "a", "language_code": "swahili"}),
        ("setChatMenuButton", {"menu_button": {"type": "round"}}),
        ("sendChatAction", {"chat_id": 1001, "action": "dancing"}),
    ],
)
async def test_words_telegram_would_not_take(
    raw: Raw, server: Server, amina: Person, method: str, parameters: dict[str, object]
):
    assert await raw.refusal(method, **parameters)
    assert len(server.violations) == 1


async def test_a_menu_button_for_one_chat_or_all(bot: Bot, amina: Person):
    await bot.set_chat_menu_button(menu_button=MenuButtonDefault())
    await bot.set_chat_menu_button(1001, MenuButtonCommands())

    assert (await bot.get_chat_menu_button()).type == "default"
    assert (await bot.get_chat_menu_button(1001)).type == "commands"


async def test_a_private_chat_is_described(bot: Bot, amina: Person):
    chat = await bot.get_chat(1001)

    assert (chat.id, chat.first_name, chat.type) == (1001, "Amina", "private")
