"""What an earlier process left comes before anything new, and what breaks at the line to Telegram is taken up again."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from adapters.botapi import BotApiOptions, running
from bot import app
from bot.inbox import Inbox, Keep
from bot.seal import Seal
from core.domain.chat import Arrival
from tests.support.chats import ChatHouse, Someone, a_chat_house, free_port, until

MENU = "What do you want to do?"
EARLIER = 5


async def left_behind(house: ChatHouse, siti: Someone, words: str) -> None:
    """An update that was acknowledged and not handled."""
    said = {"message_id": 1, "date": 0, "chat": siti.person.about | {"type": "private"}, "from": siti.person.about}
    update = {"update_id": EARLIER, "message": {**said, "text": words}}
    seal = Seal(house.inside.house.settings.secret_key.get_secret_value().encode())
    sealed = seal.sealed(json.dumps(update).encode(), belongs_to=str(EARLIER))
    await house.store.commit(
        Keep(Arrival("telegram", EARLIER, EARLIER, siti.address, sealed, house.counter.clock.now()))
    )


async def test_what_was_left_is_answered_before_telegram_knows_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app, "TRY_AGAIN_S", 0.2)
    async with running(BotApiOptions()) as server:
        async with a_chat_house(tmp_path, telegram=server) as house:
            siti = await house.customer()
            await siti.start()
            await left_behind(house, siti, "8")
        server.updates.polled, server.webhooks.hook = False, None
        server.calls.clear()
        server.fail_next("getMe", "502", times=3)
        async with a_chat_house(tmp_path, telegram=server) as house:
            house.expected.add("telegram_unreachable")
            await house.quiet()

            methods = [call.method for call in server.calls]
            assert methods.index("sendMessage") < methods.index("getMe")
            assert house.person().text == "Settings"


async def test_nobody_is_let_in_before_it_was_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    port = free_port()
    take_up, shut = Inbox.take_up, list[bool]()

    async def looked_at(inbox: Inbox) -> int:
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
        except ConnectionRefusedError:
            shut.append(True)
        return await take_up(inbox)

    monkeypatch.setattr(Inbox, "take_up", looked_at)
    async with a_chat_house(tmp_path, PORT=str(port), PUBLIC_URL=f"http://127.0.0.1:{port}"):
        assert shut == [True]


async def test_a_bug_at_the_line_is_loud_and_outlived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app, "TRY_AGAIN_S", 0.02)
    set_webhook, raised = app.Bot._set_webhook, list[int]()  # noqa: SLF001  # where it breaks

    async def sometimes(bot: Any) -> None:
        if not raised:
            raised.append(1)
            raise KeyError("a bug")
        await set_webhook(bot)

    monkeypatch.setattr(app.Bot, "_set_webhook", sometimes)
    async with a_chat_house(tmp_path) as house:
        house.expected.add("telegram_failed")
        await until(lambda: bool(house.logged("telegram_failed")), 3, lambda: "nothing was logged")
        siti = await house.customer()

        assert (await siti.start()).text == MENU
