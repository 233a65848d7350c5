"""The ways in which a call may come, and what is no call."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import InvalidToken

from adapters.botapi import BotApiOptions, Person, Server
from tests.botapi.conftest import client_of
from tests.botapi.raw import Raw


async def test_the_bot_knows_itself(bot: Bot, server: Server):
    me = await bot.get_me()

    assert (me.id, me.is_bot, me.username) == (server.options.bot_id, True, "loket_bot")
    assert (me.can_join_groups, me.can_read_all_group_messages) == (True, False)


@pytest.mark.parametrize(
    "form",
    [
        {"json": {"chat_id": 1001, "text": "Habari"}},
        {"json": {"chat_id": "1001", "text": "Habari"}},
        {"data": {"chat_id": "1001", "text": "Habari"}},
        {"params": {"chat_id": "1001", "text": "Habari"}, "verb": "GET"},
        {"params": {"chat_id": "1001"}, "data": {"text": "Habari"}},
    ],
)
async def test_parameters_come_in_any_form(raw: Raw, amina: Person, form: dict[str, Any]):
    status, answer = await raw.call("sendMessage", **form)

    assert (status, answer["ok"], answer["result"]["text"]) == (200, True, "Habari")
    assert amina.screen.text == "Habari"


async def test_parameters_come_as_a_multipart_form(raw: Raw, amina: Person):
    form = aiohttp.FormData({"chat_id": "1001", "text": "Habari"}, default_to_multipart=True)

    assert (await raw.call("SENDMESSAGE", data=form))[0] == 200
    assert amina.screen.text == "Habari"


async def test_a_wrong_token_opens_nothing(server: Server, raw: Raw):
    assert await raw.get("/bot1:wrong/getMe") == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    assert (await raw.get("/file/bot1:wrong/photos/file_1.jpg"))[0] == 401
    async with client_of(server, token="1:wrong") as stranger:
        with pytest.raises(InvalidToken):
            await stranger.get_me()


async def test_an_unknown_method_is_a_violation(raw: Raw, server: Server):
    assert (await raw.call("sendPigeon"))[0] == 404
    assert server.violations == ["There is no method 'sendPigeon'."]


async def test_what_is_no_call_is_not_found(raw: Raw):
    assert (await raw.get("/elsewhere"))[0] == 404
    assert (await raw.get("/photo/unknown"))[0] == 404


async def test_an_unknown_parameter_is_passed_over_but_is_a_violation(raw: Raw, server: Server, amina: Person):
    status, _ = await raw.call("sendMessage", json={"chat_id": 1001, "text": "Habari", "reply_markupp": "x"})

    assert status == 200
    assert server.violations == ["sendMessage: there is no parameter reply_markupp."]


@pytest.mark.parametrize(
    "form",
    [
        {"data": b"chat_id=1001&text=%ff%fe", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"data": rb'{"chat_id":1001,"text":"half \ud83d"}', "headers": {"Content-Type": "application/json"}},
        {"data": {"chat_id": "1001", "text": "x", "reply_markup": r'{"keyboard":[["half \ud83d"]]}'}},
    ],
)
async def test_half_a_character_is_refused(raw: Raw, server: Server, amina: Person, form: dict[str, Any]):
    status, answer = await raw.call("sendMessage", **form)

    assert (status, answer["description"]) == (400, "Bad Request: strings must be encoded in UTF-8")
    assert len(server.violations) == 1


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_json_that_is_none_is_refused(raw: Raw, body: bytes):
    assert (await raw.call("getMe", data=body, headers={"Content-Type": "application/json"}))[0] == 400


async def test_calls_are_written_down_without_secrets(raw: Raw, server: Server, amina: Person):
    await raw.call("sendMessage", json={"chat_id": 1001, "text": "Habari"})
    await raw.call("sendMessage", json={"chat_id": 9, "text": "Habari"})
    await raw.call("setWebhook", json={"url": "https://example.org/t", "secret_token": "very-secret"})

    assert [(call.method, call.chat_id, call.code) for call in server.calls] == [
        ("sendMessage", 1001, 200),
        ("sendMessage", 9, 400),
        ("setWebhook", 0, 200),
    ]
    assert "very-secret" not in str(server.calls)


def test_a_token_without_a_number_is_none():
    with pytest.raises(ValueError, match="begins with its number"):
        BotApiOptions(token="secret")
