"""429 and how it is obeyed, and the faults between a bot and the Bot API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from adapters.botapi import Person, Server
from tests.botapi.conftest import Open
from tests.botapi.listener import World
from tests.botapi.raw import Raw


async def test_a_flooded_chat_says_how_long_to_wait(raw: Raw, server: Server, amina: Person):
    server.flood(7)

    assert await raw.call("sendMessage", json={"chat_id": 1001, "text": "a"}) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        },
    )
    assert server.ignored_floods == 0


async def test_a_bot_that_does_not_wait_is_counted(bot: Bot, server: Server, amina: Person, world: World):
    juma = server.person(1002)
    await juma.start()
    server.flood(7, chat_id=1001)
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "a")

    world.time += 3
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(1001, "a")
    assert (refused.value.retry_after, server.ignored_floods) == (timedelta(seconds=4), 1)
    await bot.send_message(1002, "other chats may go on")
    world.time += 4
    await bot.send_message(1001, "a")
    assert server.ignored_floods == 1
    assert server.violations == []


async def test_a_flood_may_come_several_times(bot: Bot, server: Server, amina: Person, world: World):
    server.flood(1, times=2)
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(1001, "a")
        world.time += 1

    await bot.send_message(1001, "a")
    await bot.get_me()
    assert [call.code for call in server.calls] == [429, 429, 200, 200]


async def test_a_paced_double_knows_telegrams_usual_pace(open_double: Open, world: World):
    server, bot = await open_double(paced=True)
    amina = server.person(1001)
    await amina.start()
    group = server.group(-500)
    await group.add_bot(amina)

    for _ in range(5):
        await bot.send_message(1001, "a burst")
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "a")
    world.time += 1
    await bot.send_message(1001, "a")
    for _ in range(20):
        await bot.send_message(-500, "a")
    with pytest.raises(RetryAfter):
        await bot.send_message(-500, "a")


async def test_thirty_a_second_over_all(open_double: Open):
    server, bot = await open_double(paced=True)
    for number in range(1, 32):
        await server.person(number).start()
    for number in range(1, 31):
        await bot.send_message(number, "a")

    with pytest.raises(RetryAfter):
        await bot.send_message(31, "a")


@pytest.mark.parametrize(
    ("how", "error", "arrives"),
    [
        ("500", NetworkError, 0),
        ("502", NetworkError, 0),
        ("drop_before", NetworkError, 0),
        ("garbage", TelegramError, 1),
        ("drop", NetworkError, 1),
    ],
)
async def test_a_fault_comes_before_or_after_the_effect(
    bot: Bot, server: Server, amina: Person, how: str, error: type[TelegramError], arrives: int
):
    server.fail_next("sendMessage", how)  # type: ignore[arg-type]

    await bot.get_me()
    with pytest.raises(error):
        await bot.send_message(1001, "a")

    assert [seen.text for seen in amina.chat.messages if seen.from_bot] == ["a"] * arrives
    await bot.send_message(1001, "b")
    assert amina.screen.text == "b"


async def test_a_slow_answer(open_double: Open):
    server, bot = await open_double(slow_s=0.2)
    amina = server.person(1001)
    await amina.start()
    server.fail_next(how="slow", times=1)

    with pytest.raises(TimedOut):
        await bot.send_message(1001, "a", read_timeout=0.05)

    assert amina.screen.text == "a"


async def test_two_faults_one_after_the_other(bot: Bot, server: Server, amina: Person):
    server.fail_next("sendMessage", "500", times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(1001, "a")
    await bot.send_message(1001, "a")


async def test_a_number_that_is_none(raw: Raw, server: Server, amina: Person):
    assert (
        await raw.refusal("deleteMessage", chat_id=1001, message_id="x") == "Bad Request: invalid message_id specified"
    )


async def test_a_chat_that_is_not_named(bot: Bot, server: Server):
    for chat_id in ("", "@somebody", "12a"):
        with pytest.raises(BadRequest):
            await bot.send_message(chat_id, "a")
