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
BARE, BARE_WIRED, COUNTER = "bare bot", "bare bot, our wire", "counter"
BOTS = {BARE: ("bare_bot",), BARE_WIRED: ("bare_bot", "wire"), COUNTER: ("bot",)}
AT_HALF, AT_ONCE = "at half that rate", "all at once"


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
        self._nobody_waits = asyncio.Event()
        self._server.listeners.append(self._changed)

    @property
    def violations(self) -> list[str]:
        """What the bot did that Telegram does not allow."""
        return self._server.violations

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
                self._nobody_waits.clear()
                await self._nobody_waits.wait()

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
            self._press(self._server.people[change.chat_id], _now())
        if not self._pressed_at:
            self._nobody_waits.set()


async def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    parse.add_argument("--rounds", type=int, default=3)
    parse.add_argument("--chats", type=int, default=1000)
    chosen = parse.parse_args()
    async with AsyncExitStack() as stack:
        crowds = {name: await stack.enter_async_context(crowd(chosen.chats, *kind)) for name, kind in BOTS.items()}
        settled_in()
        found: dict[str, list[Load]] = {name: [] for name in (*BOTS, AT_HALF, AT_ONCE)}
        for _round in range(chosen.rounds):
            for name in BOTS:
                found[name].append(await crowds[name].saturating(chosen.seconds))
            half = found[COUNTER][-1].per_s / 2
            found[AT_HALF].append(await crowds[COUNTER].at_rate(half, chosen.seconds))
            found[AT_ONCE].append(await crowds[COUNTER].at_once())
        overstepped = {name: one.violations for name, one in crowds.items() if one.violations}
    report(found, chosen.chats)
    for name, violations in overstepped.items():
        print(f"{name} overstepped Telegram's limits {len(violations):,} times: {violations[0]}")


@asynccontextmanager
async def crowd(count: int, kind: str, *more: str) -> AsyncIterator[Crowd]:
    """People before a bot that has just been opened, each with a menu on her screen."""
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
        async with running(BotApiOptions(calls_kept=1_000)) as server:
            arguments = [sys.executable, "-m", "bench.servers", kind, str(free_port()), folder, server.url, *more]
            process = await asyncio.create_subprocess_exec(*arguments, stdin=PIPE, stdout=PIPE)
            try:
                assert process.stdout is not None and await process.stdout.readline() == b"ready\n"
                people = Crowd(Bot(server, process), count)
                await people.begin()
                yield people
            finally:
                await process.communicate(b"")


def report(found: dict[str, list[Load]], chats: int) -> None:
    print(f"{chats:,} chats; {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, loads in found.items():
        per_s, p50, p99 = (median(loads, figure) for figure in (lambda one: one.per_s, _p50, _p99))
        bot, own = median(loads, lambda one: one.bot_cpu_us), median(loads, lambda one: one.own_cpu_us)
        print(
            f"{name:<23} {per_s:6,.0f} turns/s  p50 {p50:7.1f} ms  p99 {p99:7.1f} ms"
            f"  CPU of a turn {bot:5,.0f} µs, of double and people {own:5,.0f} µs"
        )
    for yardstick, wanted in ((BARE, f"  (wanted: {WANTED_RATIO} or more)"), (BARE_WIRED, "")):
        ratio = statistics.median(
            one.per_s / bare.per_s for one, bare in zip(found[COUNTER], found[yardstick], strict=True)
        )
        print(f"{f'counter / {yardstick}':<28} {ratio:5.2f}{wanted}")
    each_s = median(found[AT_HALF], lambda one: chats / one.per_s)
    print(f"{f'p99 {AT_HALF}':<28} {median(found[AT_HALF], _p99):5.0f} ms  (wanted: below {WANTED_P99_MS})")
    print(f"  where each chat presses every {each_s:.1f} s")


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
