"""Webhooks: in order for each chat, again until they are taken, and what Telegram says about them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from adapters.botapi import Person, Server
from tests.botapi.conftest import Open
from tests.botapi.listener import SECRET, Listener, World


async def test_an_update_comes_with_the_secret(server: Server, amina: Person, hooked: Listener):
    await server.quiet()

    assert hooked.texts == ["/start"]
    assert hooked.secrets == [SECRET]
    assert hooked.updates[0]["message"]["from"]["language_code"] == "sw"
    assert hooked.updates[0]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_without_a_secret_no_header(bot: Bot, server: Server, amina: Person, listener: Listener):
    await bot.set_webhook(listener.url)
    await server.quiet()

    assert listener.secrets == [""]


async def test_one_chat_goes_in_order_and_one_at_a_time(server: Server, amina: Person, hooked: Listener):
    hooked.slow_s = 0.01
    for number in range(5):
        await amina.say(str(number))
    await server.quiet()

    assert hooked.texts == ["/start", "0", "1", "2", "3", "4"]
    assert hooked.most_at_once == 1


async def test_chats_do_not_wait_for_each_other(server: Server, hooked: Listener):
    hooked.slow_s = 0.05
    people = [server.person(number) for number in range(1, 11)]
    for person in people:
        await person.start()
    await server.quiet()

    assert hooked.most_at_once == 10


async def test_no_more_at_once_than_the_bot_wants(bot: Bot, server: Server, listener: Listener):
    await bot.set_webhook(listener.url, max_connections=2)
    listener.slow_s = 0.01
    for number in range(1, 7):
        await server.person(number).start()
    await server.quiet()

    assert (len(listener.updates), listener.most_at_once) == (6, 2)


async def test_presses_and_messages_do_not_wait_for_each_other(
    bot: Bot, server: Server, amina: Person, hooked: Listener
):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    await bot.send_message(1001, "Sure?", reply_markup=keyboard)
    await server.quiet()
    hooked.slow_s = 0.05

    await amina.say("Habari")
    await amina.press("Yes")
    await server.quiet()

    assert hooked.most_at_once == 2


@pytest.mark.parametrize("statuses", [[500], [403, 404, 302], [503, 503]])
async def test_what_is_not_taken_comes_again(server: Server, amina: Person, hooked: Listener, statuses: list[int]):
    await server.quiet()
    hooked.statuses = list(statuses)

    await amina.say("one")
    await amina.say("two")
    await server.quiet()

    assert hooked.texts == ["/start"] + ["one"] * (len(statuses) + 1) + ["two"]
    assert len({update["update_id"] for update in hooked.updates}) == 3


async def test_trouble_is_told(bot: Bot, server: Server, amina: Person, hooked: Listener, world: World):
    hooked.statuses = [500] * 3
    await amina.say("Habari")
    await asyncio.sleep(0.03)

    info = await bot.get_webhook_info()

    assert (info.url, info.pending_update_count, info.max_connections) == (hooked.url, 2, 40)
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.last_error_date is not None
    assert info.last_error_date.timestamp() == world.time
    await server.quiet()
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_nobody_listens(bot: Bot, server: Server, amina: Person, open_double: Open):
    await bot.set_webhook("http://127.0.0.1:9/telegram")
    await asyncio.sleep(0.05)

    assert (await bot.get_webhook_info()).last_error_message == "Connection refused"
    with pytest.raises(TimeoutError, match="still has 1 updates"):
        await server.quiet(within_s=0.01)


async def test_in_the_end_it_gives_up(open_double: Open, listener: Listener):
    server, bot = await open_double(retry_first_s=0.01, retry_most_s=0.01, give_up_after_s=0.03)
    listener.statuses = [500] * 10
    await bot.set_webhook(listener.url)

    await server.person(1).start()
    await server.quiet()

    assert 3 <= len(listener.updates) <= 5


async def test_an_update_can_come_twice(server: Server, amina: Person, hooked: Listener):
    await server.quiet()
    (update,) = hooked.updates

    assert await server.deliver_again(update["update_id"]) == 200

    assert hooked.updates == [update, update]


async def test_updates_can_come_out_of_order(server: Server, amina: Person, hooked: Listener):
    await server.quiet()
    server.hold()
    for text in "abc":
        await amina.say(text)
    await server.quiet()
    assert hooked.texts == ["/start"]
    a, b, c = [update.update_id for update in server.held]

    server.release([c, a])
    await server.quiet()

    assert hooked.texts == ["/start", "c", "a", "b"]
    server.hold()
    await amina.say("d")
    server.release()
    await server.quiet()
    assert hooked.texts[-1] == "d"
    assert b in {update["update_id"] for update in hooked.updates}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/t",
        "ftp://127.0.0.1/t",
        "example.org",
        "https://",
        "https://example.org:8000/t",
        "http://10.0.0.1/t",
    ],
)
async def test_where_no_webhook_can_be(bot: Bot, server: Server, url: str):
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url)
    assert len(server.violations) == 1


@pytest.mark.parametrize("url", ["https://example.org:8443/t", "http://localhost:1/t", "http://[::1]:1/t"])
async def test_where_a_webhook_can_be(bot: Bot, server: Server, url: str):
    assert await bot.set_webhook(url, allowed_updates=["message"])

    assert (await bot.get_webhook_info()).allowed_updates == ("message",)
    assert await bot.set_webhook("")
    assert (await bot.get_webhook_info()).url == ""


@pytest.mark.parametrize("wrong", [{"secret_token": "no spaces"}, {"secret_token": "a" * 257}])
async def test_a_secret_that_telegram_would_not_send(bot: Bot, server: Server, wrong: dict[str, Any]):
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook("https://example.org/t", **wrong)


async def test_the_number_of_connections_is_kept_in_bounds(bot: Bot, server: Server):
    await bot.set_webhook("https://example.org/t", max_connections=500)

    assert (await bot.get_webhook_info()).max_connections == 100
    assert len(server.violations) == 1


async def test_a_webhook_may_be_answered_with_a_call(server: Server, amina: Person, hooked: Listener):
    await server.quiet()
    hooked.reply = {"method": "sendMessage", "chat_id": 1001, "text": "Karibu"}

    await amina.say("Habari")

    await amina.sees("Karibu")
    await server.quiet()
    assert [(call.method, call.code) for call in server.calls][-1] == ("sendMessage", 200)


async def test_a_wrong_call_in_an_answer_is_a_violation(server: Server, amina: Person, hooked: Listener):
    hooked.reply = {"method": "sendMessage", "chat_id": 1001, "text": ""}
    await server.quiet()

    assert server.violations == ["sendMessage: The text of a message is empty."]
    hooked.reply = {"method": "getMe"}
    await amina.say("Habari")
    await server.quiet()
    assert [call.method for call in server.calls].count("getMe") == 0
