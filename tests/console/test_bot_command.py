"""`loket bot` as a process: the counter in Telegram alone, where nobody can be reached from outside."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.botapi import running
from tests.support.houses import SOON_S, started
from tests.support.operators import run


async def test_it_answers_people_and_ends_when_it_is_told_to(tmp_path: Path):
    async with running() as telegram:
        account = {"TELEGRAM_TOKEN": telegram.options.token, "TELEGRAM_API_URL": telegram.url}
        bot = await started(tmp_path, "bot", AFRICASTALKING_SECRET="", HUBTEL_SECRET="", **account)
        siti = telegram.person(1001, first_name="Siti", language_code="id")

        await siti.start()
        await siti.sees("Bahasa", within_s=SOON_S)
        other = await started(tmp_path, "serve")
        _out, refused = await other.communicate()
        bot.terminate()
        _out, log = await asyncio.wait_for(bot.communicate(), SOON_S)

    assert other.returncode == 1
    assert b"is already being served by process" in refused
    assert bot.returncode == 0
    assert b'"telegram": "polling"' in log
    assert telegram.violations == []


def test_without_a_token_it_says_what_is_missing(tmp_path: Path):
    done = run(tmp_path, "bot")

    assert done.exit_code == 1
    assert done.stderr == "loket: LOKET_TELEGRAM_TOKEN is not set: of our bot, from BotFather.\n"
