"""Keyboards under messages and in place of the person's own."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest

from adapters.botapi import Button, Person, Server
from tests.botapi.raw import Raw


async def test_buttons_are_echoed_and_seen(bot: Bot, amina: Person):
    keyboard = [
        [
            InlineKeyboardButton("Pay", callback_data="pay:1", style="success"),
            InlineKeyboardButton("Help", url="https://example.org"),
        ],
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("1234"))],
    ]

    message = await bot.send_message(1001, "What now?", reply_markup=InlineKeyboardMarkup(keyboard))

    assert message.reply_markup == InlineKeyboardMarkup(keyboard)
    assert amina.screen.buttons == (
        (Button("Pay", data="pay:1", style="success"), Button("Help", url="https://example.org")),
        (Button("Copy", copies="1234"),),
    )
    assert (await amina.press("Help")).url == "https://example.org"
    assert (await amina.press("Copy")).copied == "1234"


def rows(*lengths: int) -> list[list[dict[str, str]]]:
    return [[{"text": "a", "callback_data": "a"}] * length for length in lengths]


@pytest.mark.parametrize(
    ("keyboard", "problem"),
    [
        ([[{"text": "a", "callback_data": "x" * 65}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": "é" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": ""}]], "Text buttons are unallowed"),
        ([[{"text": "a"}]], "Text buttons are unallowed"),
        ([[{"text": "a", "callback_data": "a", "url": "https://example.org"}]], "only one action"),
        ([[{"text": " ", "callback_data": "a"}]], "text must be non-empty"),
        ([[{"callback_data": "a"}]], "text must be non-empty"),
        ([[{"text": "a", "callback_data": "a", "style": "pink"}]], "style"),
        ([[{"text": "a", "callback_data": "a", "colour": "red"}]], "unknown fields colour"),
        ([[{"text": "a", "url": "javascript:alert(1)"}]], "wrong URL"),
        ([[{"text": "a", "pay": True}]], "BUTTON_TYPE_INVALID"),
        ([[{"text": "a", "copy_text": {"text": "x" * 257}}]], "BUTTON_COPY_TEXT_INVALID"),
        (rows(9), "too long"),
        (rows(*[8] * 13), "too long"),
        ([{"text": "a", "callback_data": "a"}], "Array of Arrays"),
        ("a", "Array of Arrays"),
    ],
)
async def test_a_keyboard_telegram_would_not_show(raw: Raw, server: Server, amina: Person, keyboard: Any, problem: str):
    markup = {"inline_keyboard": keyboard}

    assert problem in await raw.refusal("sendMessage", chat_id=1001, text="a", reply_markup=markup)
    assert len(server.violations) == 1


@pytest.mark.parametrize("keyboard", [rows(8), rows(*[8] * 12, 4), rows(1) * 100, []])
async def test_a_keyboard_at_the_limit(raw: Raw, server: Server, amina: Person, keyboard: Any):
    markup = {"inline_keyboard": keyboard}

    assert await raw.refusal("sendMessage", chat_id=1001, text="a", reply_markup=markup) == ""
    assert server.violations == []


@pytest.mark.parametrize("markup", ["[]", "{}!", '{"buttons":[]}', '{"remove_keyboard":true,"inline":1}'])
async def test_a_markup_of_no_kind(raw: Raw, server: Server, amina: Person, markup: str):
    assert await raw.refusal("sendMessage", chat_id=1001, text="a", reply_markup=markup)
    assert len(server.violations) == 1


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, amina: Person):
    message = await bot.send_message(1001, "Choose", reply_markup=ReplyKeyboardMarkup([["Yes", "No"]]))
    await bot.send_message(1001, "Well?")

    assert message.reply_markup is None  # only inline keyboards come back
    assert amina.keyboard == ((Button("Yes"), Button("No")),)
    await amina.press("Yes")
    assert amina.chat.messages[-1].text == "Yes"

    await bot.send_message(1001, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert not amina.keyboard


async def test_a_one_time_keyboard_goes_when_it_was_used(bot: Bot, amina: Person):
    keyboard = ReplyKeyboardMarkup([["Yes"], ["No"]], one_time_keyboard=True)
    await bot.send_message(1001, "Choose", reply_markup=keyboard)

    await amina.press("No")

    assert amina.keyboard == ()


async def test_a_group_cannot_be_asked_for_contacts(bot: Bot, server: Server, amina: Person):
    group = server.group(-500)
    await group.add_bot(amina)
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Yours?", request_contact=True)]])

    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(-500, "a", reply_markup=keyboard)


async def test_a_key_asks_for_one_thing(bot: Bot, server: Server, amina: Person):
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Both", request_contact=True, request_location=True)]])

    with pytest.raises(BadRequest, match="only one request"):
        await bot.send_message(1001, "a", reply_markup=keyboard)
