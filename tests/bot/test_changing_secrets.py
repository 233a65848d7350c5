"""While the secret key is being changed, buttons that stand in chats and what waits there are as good as before."""

from __future__ import annotations

from pathlib import Path

from adapters.botapi import BotApiOptions, running
from tests.bot.test_opening import left_behind
from tests.support.chats import SECRET, a_chat_house
from tests.support.houses import ENOUGH

OLD, NEW = ENOUGH["SECRET_KEY"], "the-secret-key-of-the-next-year"
OTHER = "telegram-secret-of-the-next-year"


async def test_a_button_and_what_waits_outlive_the_change(tmp_path: Path):
    async with running(BotApiOptions()) as server:
        async with a_chat_house(tmp_path, telegram=server, SECRET_KEY=OLD) as house:
            siti = await house.customer()
            await siti.start()
            await siti.press("Electricity token")
            await left_behind(house, siti, "12345678901")

        server.updates.polled, server.webhooks.hook = False, None
        async with a_chat_house(tmp_path, telegram=server, SECRET_KEY=f"{NEW} {OLD}") as house:
            await house.quiet()
            siti = house.person()
            assert "How much?" in siti.text
            await siti.press("Back")
            assert siti.toasts == []

        server.updates.polled, server.webhooks.hook = False, None
        async with a_chat_house(tmp_path, telegram=server, SECRET_KEY=NEW) as house:
            siti = house.person()
            before = siti.text
            await siti.press("Back")
            assert siti.toasts == []
            assert siti.text != before


async def test_telegram_is_let_in_with_either_secret(tmp_path: Path):
    update = b'{"update_id": 1, "message": {"chat": {"id": 1, "type": "group"}, "message_id": 1, "date": 0}}'
    async with a_chat_house(tmp_path, TELEGRAM_SECRET=f"{SECRET} {OTHER}") as house:
        assert await house.post(update, secret=OTHER) == 200
        assert await house.post(update, secret=SECRET) == 200
        assert await house.post(update, secret="neither-of-both-is-a-secret") == 404
