"""The operators' group becomes a supergroup, and gets another number: it is told, and never left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.error import ChatMigrated

from bot.line import Line
from bot.operators import OperatorsChat
from tests.support.chats import ChatHouse, Someone, a_chat_house

OLD, NEW = -55, -1_000_000_000_055


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ChatHouse]:
    async with a_chat_house(tmp_path, TELEGRAM_OPERATORS_CHAT=str(OLD)) as opened:
        opened.expected.add("operators_chat_moved")
        yield opened


async def noted(house: ChatHouse, chat_id: int, **more: int) -> None:
    kind = "supergroup" if chat_id == NEW else "group"
    body = {"message_id": 9_000, "date": 0, "chat": {"id": chat_id, "type": kind, "title": "Us"}, **more}
    house.server.tell_bot("message", body, queue=("chat", chat_id))
    await house.quiet()


@pytest.mark.parametrize("told_there", [True, False])
async def test_it_is_told_and_not_left(house: ChatHouse, siti: Someone, told_there: bool):
    if told_there:
        await noted(house, OLD, migrate_to_chat_id=NEW)
    else:
        await noted(house, NEW, migrate_from_chat_id=OLD)
    group = house.server.group(NEW)
    await group.add_bot(siti.person)
    await group.say(siti.person, "/start")
    await house.quiet()

    assert [line["now"] for line in house.logged("operators_chat_moved")] == [NEW]
    assert house.calls("leaveChat") == []
    assert house.bot.operators is not None
    await house.bot.operators.say("a message")
    assert [one.text for one in group.chat.messages if one.from_bot] == ["a message"]


class Telegram:
    """Knows the group by its new number only."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def send_message(self, chat: str, words: str) -> None:
        await self.get_chat(chat)
        self.said.append((chat, words))

    async def get_chat(self, chat: str) -> None:
        if chat == str(OLD):
            raise ChatMigrated(NEW)


async def test_an_alarm_finds_it():
    telegram: Any = Telegram()

    with capture_logs() as logs:
        chat = OperatorsChat(telegram, Line(), str(OLD))
        await chat.say("one")
        await chat.say("two")

    assert telegram.said == [(str(NEW), "one"), (str(NEW), "two")]
    assert [(line["event"], line["now"]) for line in logs] == [("operators_chat_moved", NEW)]


async def test_it_is_known_before_anybody_told_us():
    """After a restart with the old number in the settings."""
    telegram: Any = Telegram()

    with capture_logs():
        assert await OperatorsChat(telegram, Line(), str(OLD)).has_become(NEW)
    assert not await OperatorsChat(telegram, Line(), str(OLD)).has_become(NEW - 1)
    assert not await OperatorsChat(telegram, Line(), "").has_become(NEW)
