"""The server is killed while somebody pays in a chat: what was acknowledged is done once, and she sees how it ended.

A real process behind the double of Telegram and the sandbox provider, both of which live on. It is killed at the three
moments that matter: acknowledged and not done, done and not shown, shown and not marked. Then at any moment at all;
`SEEDS=100` does that a hundred times as often.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from adapters.botapi import BotApiOptions, Change, Person, Seen
from adapters.botapi import Server as Telegram
from adapters.botapi import running as telegram_running
from adapters.database.store import DatabaseStore, open_store
from adapters.wiring import wired
from core.domain.chat import Arrival
from core.domain.payment import Payment
from core.domain.wallet import Wallet
from tests.support.chats import SITIS_ID, SITIS_NUMBER, OpenedThere, bot_at, free_port
from tests.support.houses import PIN, Server, a_sandbox, enrolled, provider_at, served, settings_in, started
from tests.support.keys import FIELD_KEYS

SEEDS = range(int(os.environ.get("SEEDS", "1")))
START, COSTS = 1_000_000, 52_500
SOON_S = 15.0
KILLS = 2
METERS = [f"987654321{number:02}" for number in range(40, 60)]
TO_PAY = "To pay, type your PIN."

BY = ["webhook", "polling"]


@pytest.mark.parametrize("by", BY)
async def test_killed_at_each_of_the_three_moments(tmp_path: Path, by: str):
    async with a_chat_stage(tmp_path, by) as stage:
        first, second, third = METERS[:3]
        async with stage.server() as server:
            await stage.at_the_pin(first)
            await stage.killed_when(server, stage.acknowledged, lambda: stage.siti.say(PIN))
        assert await stage.left_undone() == 1

        async with stage.server() as server:
            await stage.shows_the_token_of(first)
            await stage.at_the_pin(second)
            stage.telegram.fail_next("sendPhoto", "502", times=1_000)
            await stage.siti.say(PIN)
            await stage.captured(2)
            server.process.kill()
        assert await stage.left_undone() == 1
        stage.heal()

        async with stage.server() as server:
            await stage.shows_the_token_of(second)
            await stage.at_the_pin(third)
            await stage.killed_when(server, stage.receipts_more_than(2), lambda: stage.siti.say(PIN))
        assert await stage.left_undone() == 1

        async with stage.server():
            await stage.shows_the_token_of(third)
            await stage.all_handled()
        await stage.agrees(paid=3)


async def test_a_pin_on_the_pad_is_gone_with_the_process_and_asked_again(tmp_path: Path):
    """It was only in memory. So what the press meant cannot be done, and is asked for again; nothing is paid."""
    async with a_chat_stage(tmp_path, "webhook") as stage:
        async with stage.server() as server:
            pad = await stage.at_the_pin(METERS[0])
            for digit in PIN:
                await stage.siti.press(digit)
            await stage.siti.sees("● ● ● ●")
            await stage.killed_when(server, stage.acknowledged, lambda: stage.siti.press("✅"))

        async with stage.server():
            await stage.all_handled()
            await stage.until(lambda: "○ ○ ○ ○" in stage.siti.screen.text or "Token" in stage.siti.screen.text)
            if "Token" not in stage.siti.screen.text:
                assert stage.siti.screen.message_id == pad.message_id
                for digit in PIN:
                    await stage.siti.press(digit)
                await stage.siti.press("✅")
            await stage.shows_the_token_of(METERS[0])
            await stage.all_handled()
        await stage.agrees(paid=1)


@pytest.mark.parametrize("seed", SEEDS)
async def test_killed_at_any_moment(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    async with a_chat_stage(tmp_path, chance.choice(BY)) as stage:
        buying = asyncio.create_task(stage.buys_until_told(METERS[3:6], chance))
        for _kill in range(KILLS):
            async with stage.server() as server:
                await asyncio.sleep(chance.uniform(0.05, 0.9))
                server.process.kill()
        async with stage.server():
            await asyncio.wait_for(buying, 3 * SOON_S)
            await stage.all_handled()
        await stage.agrees(paid=3)


@dataclass
class ChatStage:
    """What lives on while the counter falls: Telegram with Siti in it, the provider, and the folder with the store."""

    folder: Path
    telegram: Telegram
    settings: dict[str, str]
    siti: Person
    wallet_id: str = ""

    def server(self) -> AbstractAsyncContextManager[Server]:
        return served(self.folder, **self.settings)

    # ---- when it is killed

    async def killed_when(self, server: Server, so: Callable[[], bool], do: Callable[[], object]) -> None:
        """Do something, and kill the process in the very moment in which something becomes so over here."""

        def look(_change: Change) -> None:
            if server.process.returncode is None and so():
                server.process.kill()

        done = do()
        self.telegram.listeners.append(look)
        try:
            assert asyncio.iscoroutine(done)
            await done
            await asyncio.wait_for(server.process.wait(), SOON_S)
        finally:
            self.telegram.listeners.remove(look)

    def acknowledged(self) -> bool:
        return not self.telegram.updates.waiting

    def receipts_more_than(self, count: int) -> Callable[[], bool]:
        return lambda: len(self._receipts()) > count

    def heal(self) -> None:
        self.telegram.faults._orders.clear()  # noqa: SLF001  # what was ordered is not needed to the end

    # ---- what she does and sees

    async def at_the_pin(self, meter: str) -> Seen:
        await self.siti.start(f"pay-pln-token-{meter}-50000")
        await self.until(partial(self._asks_for_pin, meter))
        return self.siti.screen

    async def shows_the_token_of(self, meter: str) -> None:
        await self.until(partial(self._has_token_of, meter))

    async def buys_until_told(self, meters: list[str], chance: random.Random) -> None:
        """She goes to the PIN, types it, and looks; and begins again when nothing comes of it, as people do."""
        for meter in meters:
            while not self._has_token_of(meter):
                await self.siti.start(f"pay-pln-token-{meter}-50000")
                await self._for_a_while(partial(self._asks_for_pin, meter))
                if self._asks_for_pin(meter):
                    await self.siti.say(PIN)
                    await self._for_a_while(partial(self._has_token_of, meter))
                await asyncio.sleep(chance.uniform(0, 0.1))

    def _asks_for_pin(self, meter: str) -> bool:
        return TO_PAY in self._live and meter in self._live

    def _has_token_of(self, meter: str) -> bool:
        return any(meter in one.text for one in self._receipts())

    async def _for_a_while(self, so: Callable[[], bool]) -> None:
        try:
            await self.until(so, 1.5)
        except TimeoutError:
            return

    async def until(self, so: Callable[[], bool], within_s: float = SOON_S) -> None:
        deadline = asyncio.get_running_loop().time() + within_s
        while not so():
            left = deadline - asyncio.get_running_loop().time()
            if not await self.telegram.changes.next(self.siti.user_id, left):
                raise TimeoutError(f"it did not come:\n{self.siti.describe()}")

    @property
    def _live(self) -> str:
        return self.siti.screen.text if self.siti.chat.screen else ""

    def _receipts(self) -> list[Seen]:
        return [one for one in self.siti.chat.messages if one.from_bot and "Paid:" in one.text]

    # ---- what is kept

    @asynccontextmanager
    async def store(self) -> AsyncIterator[DatabaseStore]:
        async with open_store(f"sqlite:///{self.folder / 'loket.db'}", keys=FIELD_KEYS) as store:
            yield store

    async def left_undone(self) -> int:
        """Updates that Telegram believes to be done."""
        async with self.store() as store:
            return len(await store.arrivals_waiting("telegram", limit=100))

    async def captured(self, count: int) -> None:
        async with asyncio.timeout(SOON_S), self.store() as store:
            while len(await store.newest_payments(state="captured", limit=100)) < count:  # noqa: ASYNC110  # another process is waited for
                await asyncio.sleep(0.02)

    async def all_handled(self) -> None:
        """Telegram has got rid of everything, and so have we."""
        await self.telegram.quiet(SOON_S)
        async with asyncio.timeout(SOON_S), self.store() as store:
            while await store.arrivals_waiting("telegram", limit=1):  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.05)

    async def agrees(self, *, paid: int) -> None:
        process = await started(self.folder, "check", "--json", **self.settings)
        found, errors = await process.communicate()
        assert process.returncode == 0, (found, errors)
        assert json.loads(found)
        async with self.store() as store:
            payments = await store.newest_payments(state=None, limit=100)
            wallet = await store.read(Wallet, self.wallet_id)
            async with store.snapshot() as snapshot:
                arrivals = [one async for one in snapshot.every(Arrival)]
        assert wallet is not None
        assert [one.state for one in payments if one.state != "declined"] == ["captured"] * paid
        assert wallet.available.major == START - paid * COSTS
        assert not [one for one in arrivals if one.sealed or one.done_at is None]
        assert self.telegram.violations == []
        assert len({one.reference for one in payments if is_paid(one)}) == paid


def is_paid(payment: Payment) -> bool:
    return payment.state == "captured"


@asynccontextmanager
async def a_chat_stage(folder: Path, by: str) -> AsyncIterator[ChatStage]:
    async with AsyncExitStack() as opened:
        telegram = await opened.enter_async_context(telegram_running(BotApiOptions(give_up_after_s=60.0)))
        provider = await opened.enter_async_context(a_sandbox())
        joined = bot_at(telegram, port=free_port() if by == "webhook" else 0)
        settings = {**provider_at(provider), **joined, "POLL_SCHEDULE_S": "1", "FINALITY_S": "1"}
        siti = telegram.person(SITIS_ID, first_name="Siti", phone=SITIS_NUMBER)
        stage = ChatStage(folder, telegram, settings, siti)
        async with wired(settings_in(folder), owner=True) as parts:
            wallet = await enrolled(parts, rupiah=START, number=SITIS_NUMBER)
            now = parts.counter.clock.now()
            await parts.store.commit(OpenedThere(wallet.wallet_id, str(SITIS_ID), "Siti", now))
            stage.wallet_id = wallet.wallet_id
        yield stage
