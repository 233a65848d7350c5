"""The work that goes on beside the answers, each kind in a loop of its own: one in trouble holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from adapters.wiring import Wired
from console.lookout import Lookout
from console.metrics import Counts
from core.domain.bill import BillerDown
from core.domain.message import Lane
from core.ports import ChatNotifier, HeadBoard, OperatorsLine, Overtaken, StoreLost
from core.services.alarms import Watch
from core.services.claim import has_role
from core.services.counter import Counter
from core.services.cut_day import cut_yesterday
from core.services.deliver import NO_CHATS, deliver
from core.services.follow_up import Follower
from core.services.grow_tree import AT_ONCE, grow_tree
from core.services.prices import refresh_prices
from core.services.publish_head import publish_head
from core.services.reconcile.safeguard import safeguard_last
from core.services.remind import remind

log = structlog.get_logger(__name__)

FOLLOW_UP_EVERY_S = 0.5
DELIVER_EVERY_S = 0.25
LOOK_AT_STORE_EVERY_S = 0.25
DELIVER_PATIENTLY_EVERY_S = 1.0
REMIND_EVERY_S = 60.0
CUT_EVERY_S = 60.0
WATCH_EVERY_S = 15.0
GROW_EVERY_S = 1.0
TELL_HEADS_EVERY_S = 5.0
LAST_WORDS_S = 5.0
# How long one is missed who has a kind of work to itself, until another does it.
TAKEN_OVER_AFTER = timedelta(seconds=60)


async def _nothing_left(within_s: float) -> None:
    """Most work is done when its round is over."""


@dataclass(frozen=True, slots=True)
class Round:
    """One kind of work; `work` answers how much it found to do, `finish` waits for what it left going."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[int]]
    finish: Callable[[float], Awaitable[None]] = _nothing_left


def rounds_of(
    wired: Wired,
    *,
    prices_every_s: float,
    chats: Mapping[str, ChatNotifier] = NO_CHATS,
    operators: OperatorsLine | None = None,
    boards: Sequence[HeadBoard] = (),
    head_every_s: float = 60,
    day_cut_after_s: int = 600,
    counts: Callable[[], Counts] = Counts,
) -> list[Round]:
    """The work of one process. `chats` are the ways into chats, by channel; `operators` hear of alarms, which are told
    by the store and by `counts`; `boards` are where signed heads are told."""
    counter, follower = wired.counter, Follower(wired.counter)

    def delivering(lane: Lane) -> Callable[[], Awaitable[int]]:
        return lambda: deliver(counter, wired.notifier, chats, lanes=[lane])

    return [
        Round("store", LOOK_AT_STORE_EVERY_S, _looking_at_store(wired)),
        Round("follow_up", FOLLOW_UP_EVERY_S, follower.round, follower.finish),
        Round("deliver", DELIVER_EVERY_S, delivering(Lane.PHONES)),
        Round("deliver_chats", DELIVER_EVERY_S, delivering(Lane.CHATS)),
        Round("deliver_patient", DELIVER_PATIENTLY_EVERY_S, _at_leisure(delivering(Lane.PATIENT))),
        *_by_one(
            counter,
            Round("remind", REMIND_EVERY_S, _at_leisure(lambda: remind(counter))),
            *(Round(f"prices_{name}", prices_every_s, _prices(wired, name)) for name in counter.gateways),
            Round("day", CUT_EVERY_S, _cutting(wired, day_cut_after_s)),
            Round("tree", GROW_EVERY_S, _growing(counter)),
            _telling_heads(counter, boards, head_every_s),
            *([_watching(wired, operators, counts)] if operators else []),
        ),
    ]


def _by_one(counter: Counter, *rounds: Round) -> list[Round]:
    """Where several processes share the store, each of these is done by one of them; by another when that one dies."""

    def of(one: Round) -> Round:
        async def work() -> int:
            return (
                await one.work()
                if await has_role(counter, one.name, lasts=timedelta(seconds=one.every_s) + TAKEN_OVER_AFTER)
                else 0
            )

        return replace(one, work=work)

    return [of(one) for one in rounds]


@asynccontextmanager
async def going(
    rounds: list[Round], failed: Callable[[str], None], lost: asyncio.Event, *, grace_s: float
) -> AsyncIterator[None]:
    """Keep the rounds going while the context is open; at its end what was begun has `grace_s` to be finished.

    `failed` hears the name of a round that failed. `lost` is set when the store can no longer be trusted.
    """
    end = asyncio.Event()
    loops = [asyncio.create_task(_go(one, failed, lost, end), name=one.name) for one in rounds]
    try:
        yield
        end.set()
        await asyncio.wait(loops, timeout=grace_s)
        await asyncio.gather(*(one.finish(grace_s) for one in rounds))
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def _go(one: Round, failed: Callable[[str], None], lost: asyncio.Event, end: asyncio.Event) -> None:
    """One round after another. What fails is counted, logged and tried again: a loop that dies would be missed late."""
    while not (lost.is_set() or end.is_set()):
        found = 0
        try:
            found = await one.work()
        except StoreLost as why:
            log.error("store_lost", round=one.name, why=str(why))
            lost.set()
        except Overtaken:
            log.info("round_overtaken", round=one.name)
        except Exception:
            # The edge of the program: a bug in one round is counted and loud, and must not end the others.
            failed(one.name)
            log.exception("round_failed", round=one.name)
        if not found:
            await _rest(one.every_s, end)


async def _rest(seconds: float, end: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await end.wait()
    except TimeoutError:
        return


def _looking_at_store(wired: Wired) -> Callable[[], Awaitable[int]]:
    """Whoever met the trouble first may have been a customer, who was told that the counter is closed."""

    async def look() -> int:
        if not wired.store.usable:
            raise StoreLost("a commit failed, and nobody knows whether it was kept")
        return 0

    return look


def _growing(counter: Counter) -> Callable[[], Awaitable[int]]:
    """It rests as soon as the tree has nearly all: entry after entry would cost a commit for each."""

    async def grow() -> int:
        grown = await grow_tree(counter)
        return grown if grown == AT_ONCE else 0

    return grow


def _telling_heads(counter: Counter, boards: Sequence[HeadBoard], every_s: float) -> Round:
    every = timedelta(seconds=every_s)
    return Round("heads", TELL_HEADS_EVERY_S, _at_leisure(lambda: publish_head(counter, boards, every=every)))


def _at_leisure(work: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
    """However much it finds, it rests before its next round: nobody waits for it."""

    async def lap() -> int:
        await work()
        return 0

    return lap


def _watching(wired: Wired, operators: OperatorsLine, counts: Callable[[], Counts]) -> Round:
    """Alarms for the operators. A lost store ends the process before the next look, so that is said at the end."""
    watch = Watch(operators, Lookout(wired, counts).look, wired.counter.clock)

    async def last_words(within_s: float) -> None:
        if wired.store.usable:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(min(within_s, LAST_WORDS_S)):
                await watch.round()

    return Round("alarms", WATCH_EVERY_S, watch.round, last_words)


def _cutting(wired: Wired, after_s: int) -> Callable[[], Awaitable[int]]:
    """Yesterday is cut, and what we owe set against what lies in the trust accounts."""

    async def cut() -> int:
        await cut_yesterday(wired.counter, wired.store.books, after=timedelta(seconds=after_s))
        await safeguard_last(wired.counter, wired.store.books, list(wired.accounts.values()))
        return 0

    return cut


def _prices(wired: Wired, provider: str) -> Callable[[], Awaitable[int]]:
    async def read() -> int:
        try:
            lines = await refresh_prices(wired.counter, provider)
        except BillerDown as down:
            log.warning("prices_not_read", provider=provider, why=str(down))
        else:
            log.info("prices_read", provider=provider, lines=lines)
        return 0

    return read
