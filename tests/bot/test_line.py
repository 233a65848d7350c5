"""The line to Telegram: who is asked to wait waits, nobody else does, and what is said to many goes slowly beside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot import line as lines
from bot.line import InDoubt, Line, NotTaken
from bot.wire import CutOff
from core.ports import Later, Unreachable

BRIEFLY = timedelta(seconds=0.05)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FIRST_WAIT_S", 0.001)


class Telegram:
    """Says what it was told to say, one after the other, and then that all is well."""

    def __init__(self, *says: Exception) -> None:
        self.says = list(says)
        self.called_at: list[float] = []

    async def call(self) -> str:
        self.called_at.append(asyncio.get_running_loop().time())
        if self.says:
            raise self.says.pop(0)
        return "well"


@pytest.mark.parametrize(
    "trouble", [NetworkError("httpx.ConnectError"), TimedOut(), TelegramError("Invalid server response")]
)
async def test_a_reply_is_tried_again_while_the_network_fails(trouble: Exception):
    telegram = Telegram(trouble, trouble, trouble)

    assert await Line().reply("1001", telegram.call) == "well"
    assert len(telegram.called_at) == 4


async def test_a_network_that_fails_for_long_is_a_fault():
    with pytest.raises(NotTaken):
        await Line().reply("1001", Telegram(*[TimedOut()] * 50).call)


@pytest.mark.parametrize("trouble", [TimedOut(), CutOff("ServerDisconnectedError"), TelegramError("not JSON")])
async def test_what_may_be_there_already_is_said_once_more_and_not_six_times(trouble: Exception):
    telegram = Telegram(*[trouble] * 9)

    with pytest.raises(InDoubt):
        await Line().reply("1001", telegram.call, once=True)
    assert len(telegram.called_at) == 2


async def test_what_is_surely_not_there_is_said_until_it_is():
    telegram = Telegram(*[NetworkError("ClientConnectorError"), NetworkError("Bad Gateway (502)")] * 2)

    assert await Line().reply("1001", telegram.call, once=True) == "well"


@pytest.mark.parametrize("way", ["reply", "once"])
async def test_who_has_blocked_us_is_not_there(way: str):
    with pytest.raises(Unreachable):
        await said(Line(), way, Telegram(Forbidden("bot was blocked by the user")).call)


async def test_what_telegram_will_never_take_is_not_tried_again():
    telegram = Telegram(BadRequest("message is not modified"))

    with pytest.raises(BadRequest):
        await Line().reply("1001", telegram.call)
    assert len(telegram.called_at) == 1


async def test_a_reply_waits_as_long_as_it_was_asked_to():
    telegram = Telegram(RetryAfter(BRIEFLY), RetryAfter(BRIEFLY))

    await Line().reply("1001", telegram.call)

    first, second, third = telegram.called_at
    assert min(second - first, third - second) >= 0.05


async def test_only_the_chat_that_it_was_said_about_waits():
    line = Line()
    with pytest.raises(Later) as later:
        await line.once("1001", Telegram(RetryAfter(timedelta(seconds=30))).call, broadcast=False)

    assert 29 < later.value.seconds <= 30
    async with asyncio.timeout(0.5):
        assert await line.reply("1002", Telegram().call) == "well"
        assert await line.once("1002", Telegram().call, broadcast=False) == "well"


async def test_while_a_chat_waits_nothing_else_is_said_to_it():
    line, telegram = Line(), Telegram()
    with pytest.raises(Later):
        await line.once("1001", Telegram(RetryAfter(timedelta(seconds=90))).call, broadcast=False)

    with pytest.raises(Later):
        await line.once("1001", telegram.call, broadcast=False)
    with pytest.raises(NotTaken, match="asked to wait for"):
        await line.reply("1001", telegram.call)
    assert telegram.called_at == []


async def test_a_message_of_the_outbox_is_tried_once():
    telegram = Telegram(TimedOut())

    with pytest.raises(NotTaken):
        await Line().once("1001", telegram.call, broadcast=False)
    assert len(telegram.called_at) == 1


async def test_a_broadcast_is_paced_and_a_reply_overtakes_it():
    line, many, one = Line(broadcasts_per_s=200), Telegram(), Telegram()

    broadcast = [asyncio.create_task(line.once(str(who), many.call, broadcast=True)) for who in range(60)]
    await asyncio.sleep(0.02)
    await line.reply("1001", one.call)
    assert len(many.called_at) < 30
    await asyncio.gather(*broadcast)

    taken_s = many.called_at[-1] - many.called_at[0]
    assert taken_s > 59 / 200 - 0.02
    assert one.called_at[0] < many.called_at[29]


async def said(line: Line, way: str, call: Callable[[], Awaitable[str]]) -> None:
    await (line.reply("1001", call) if way == "reply" else line.once("1001", call, broadcast=False))
