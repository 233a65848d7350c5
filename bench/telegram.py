"""How fast a turn in a chat is: from the press of a button until the new screen has arrived at Telegram.

    python -m bench.telegram [--seconds 10] [--rounds 3] [--chats 1000]

As a ratio to a bare bot of python-telegram-bot that answers the query and edits the message, both loaded in turns in
the same run: every chat presses again as soon as it sees its new screen. Then the counter alone: presses at random
moments, at half the rate it has just reached, and all chats at the very same moment. People, and the double of the Bot
API in which they live, are in this process and the bots in others; as Telegram does, the double calls a webhook with at
most 40 updates at once, and what a press waits for that is part of its turn.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle

from adapters.botapi import BotApiOptions, Change, Person, Server, running
from adapters.botapi.seen import inline_rows
from bench.servers import chat_of, subscriber
from bench.turns import free_port
from console.house import settled_in

# The keys of a walk through menus and questions, each screen an edit of the one before.
WALK = ("1", "0", "9", "0", "2", "0")
WANTED_RATIO, WANTED_P99_MS = 0.2, 300
PATIENCE_S = 60.0
CHANCE = random.Random(1)
# The kinds of bench.servers, as they are told; each is loaded in every round.
BOTS = {"bare_bot": "bare bot", "bot": "counter"}
AT_HALF, AT_ONCE = "at half that rate", "all at once"
NAMES = (*BOTS.values(), AT_HALF, AT_ONCE)


@dataclass(frozen=True)
class Load:
    """What the people saw, and the CPU of one turn in the bot and in this process."""

    waits_ms: Sequence[float]
    seconds: float
    bot_cpu_us: float
    own_cpu_us: float

    @property
    def per_s(self) -> float:
        return len(self.waits_ms) / self.seconds

    def ms(self, percent: int) -> float:
        return sorted(self.waits_ms)[(len(self.waits_ms) - 1) * percent // 100]


@dataclass
class Bot:
    """A bot in a process of its own, and the double that it talks to."""

    server: Server
    process: asyncio.subprocess.Process

    async def cpu_s(self) -> float:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(b"\n")
        return float(await self.process.stdout.readline())


class Crowd:
    """The people of a bot, who press their way through menus."""

    def __init__(self, bot: Bot, count: int) -> None:
        self._bot, self._server = bot, bot.server
        self._people = [self._server.person(chat_of(n), phone=subscriber(n)) for n in range(count)]
        self._walks = {person.user_id: cycle(WALK) for person in self._people}
        self._pressed_at: dict[int, float] = {}
        self._waits_ms: list[float] = []
        self._press_again_until = 0.0
        self._server.listeners.append(self._changed)

    async def begin(self) -> None:
        """Everybody starts the bot and sees the menu."""
        for person in self._people:
            await person.start()
            self._pressed_at[person.user_id] = _now()
        await self._all_answered()

    async def saturating(self, seconds: float) -> Load:
        """Everybody presses again as soon as she sees her new screen."""

        async def load() -> None:
            self._press_again_until = _now() + seconds
            self._press_all()

        return await self._loaded(load)

    async def at_rate(self, per_s: float, seconds: float) -> Load:
        """Presses at moments that have nothing to do with each other, of people who see a screen and think about it."""

        async def load() -> None:
            due, ends = _now(), _now() + seconds
            while (due := due + CHANCE.expovariate(per_s)) < ends:
                await asyncio.sleep(max(0.0, due - _now()))
                self._press(self._somebody_idle(), due)

        return await self._loaded(load)

    async def at_once(self) -> Load:
        """Everybody presses at the same moment."""

        async def load() -> None:
            self._press_all()

        return await self._loaded(load)

    async def _loaded(self, load: Callable[[], Awaitable[None]]) -> Load:
        self._waits_ms = []
        bot_cpu, own_cpu, started = await self._bot.cpu_s(), time.process_time(), _now()
        await load()
        await self._all_answered()
        spent, turns = _now() - started, len(self._waits_ms)
        own, bot = time.process_time() - own_cpu, await self._bot.cpu_s() - bot_cpu
        return Load(self._waits_ms, spent, bot / turns * 1e6, own / turns * 1e6)

    async def _all_answered(self) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            while self._pressed_at:
                await asyncio.sleep(0.01)

    def _press_all(self) -> None:
        now = _now()
        for person in self._people:
            self._press(person, now)

    def _press(self, person: Person, at: float) -> None:
        """The next button of her walk; `at` is when she meant to press it."""
        chat = self._server.chats[person.user_id]
        screen = next(message for message in chat.newest_first() if message.keyboard)
        sign = f"{next(self._walks[person.user_id])} "
        [data] = [button.data for row in inline_rows(screen) for button in row if button.text.startswith(sign)]
        self._pressed_at[person.user_id] = at
        person.press_in(chat, screen.message_id, data)

    def _somebody_idle(self) -> Person:
        while (person := CHANCE.choice(self._people)).user_id in self._pressed_at:
            pass
        return person

    def _changed(self, change: Change) -> None:
        """A screen came. A person's own message is a change too, but before she waits."""
        if change.kind not in ("edited", "message"):
            return
        at = self._pressed_at.pop(change.chat_id, None)
        if at is None:
            return
        self._waits_ms.append((_now() - at) * 1e3)
        if _now() < self._press_again_until:
            person = self._server.people[change.chat_id]
            asyncio.get_running_loop().call_soon(lambda: self._press(person, _now()))


async def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    parse.add_argument("--rounds", type=int, default=3)
    parse.add_argument("--chats", type=int, default=1000)
    chosen = parse.parse_args()
    async with AsyncExitStack() as stack:
        crowds = {kind: await stack.enter_async_context(crowd(kind, chosen.chats)) for kind in BOTS}
        settled_in()
        found: dict[str, list[Load]] = {name: [] for name in NAMES}
        for _round in range(chosen.rounds):
            for kind, name in BOTS.items():
                found[name].append(await crowds[kind].saturating(chosen.seconds))
            half = found["counter"][-1].per_s / 2
            found[AT_HALF].append(await crowds["bot"].at_rate(half, chosen.seconds))
            found[AT_ONCE].append(await crowds["bot"].at_once())
    report(found, chosen.chats)


@asynccontextmanager
async def crowd(kind: str, count: int) -> AsyncIterator[Crowd]:
    """People before a bot that has just been opened, each with a menu on her screen."""
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
        async with running(BotApiOptions(calls_kept=1_000)) as server:
            arguments = [sys.executable, "-m", "bench.servers", kind, str(free_port()), folder, server.url]
            process = await asyncio.create_subprocess_exec(*arguments, stdin=PIPE, stdout=PIPE)
            try:
                assert process.stdout is not None and await process.stdout.readline() == b"ready\n"
                people = Crowd(Bot(server, process), count)
                await people.begin()
                yield people
                assert not server.violations, server.violations[:3]
            finally:
                await process.communicate()


def report(found: dict[str, list[Load]], chats: int) -> None:
    print(f"{chats:,} chats; {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, loads in found.items():
        per_s, p50, p99 = (median(loads, figure) for figure in (lambda one: one.per_s, _p50, _p99))
        bot, own = median(loads, lambda one: one.bot_cpu_us), median(loads, lambda one: one.own_cpu_us)
        print(
            f"{name:<23} {per_s:6,.0f} turns/s  p50 {p50:7.1f} ms  p99 {p99:7.1f} ms"
            f"  CPU of a turn {bot:5,.0f} µs, of double and people {own:5,.0f} µs"
        )
    ratio = statistics.median(one.per_s / bare.per_s for one, bare in zip(found["counter"], found["bare bot"], strict=True))
    each_s = statistics.median(chats / one.per_s for one in found[AT_HALF])
    print(f"counter / bare bot      {ratio:6.2f}  (wanted: {WANTED_RATIO} or more)")
    print(f"p99 {AT_HALF:<19} {median(found[AT_HALF], _p99):6.0f} ms  (wanted: below {WANTED_P99_MS}), where each chat presses every {each_s:.1f} s")
    print(f"p99 {AT_ONCE:<19} {median(found[AT_ONCE], _p99):6.0f} ms")


def median(loads: Sequence[Load], figure: Callable[[Load], float]) -> float:
    return statistics.median(figure(one) for one in loads)


def _p50(load: Load) -> float:
    return load.ms(50)


def _p99(load: Load) -> float:
    return load.ms(99)


def _now() -> float:
    return time.perf_counter()


if __name__ == "__main__":
    asyncio.run(main())
