"""The work beside the answers: trouble in one kind holds up no other, and what was begun is finished at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from structlog.testing import capture_logs

from adapters.wiring import wired
from console.rounds import Round, going, rounds_of
from core.ports import StoreDown, StoreLost
from tests.support.fakes import Line
from tests.support.houses import settings_in


@dataclass
class Work:
    """Counts its laps; `does` is what each of them does."""

    does: Callable[[], None] = lambda: None
    takes_s: float = 0
    begun: int = 0
    done: int = 0

    async def lap(self) -> int:
        self.begun += 1
        await asyncio.sleep(self.takes_s)
        self.does()
        self.done += 1
        return 0


@dataclass
class Heard:
    failed: list[str] = field(default_factory=list)
    lost: asyncio.Event = field(default_factory=asyncio.Event)


def raising(trouble: Exception) -> Callable[[], None]:
    def do() -> None:
        raise trouble

    return do


async def go(heard: Heard, *works: Work, for_s: float = 0.05, grace_s: float = 1) -> None:
    rounds = [Round(f"work {number}", 0.005, work.lap) for number, work in enumerate(works)]
    async with going(rounds, heard.failed.append, heard.lost, grace_s=grace_s):
        await asyncio.sleep(for_s)


async def test_each_kind_goes_round_and_round():
    first, second = Work(), Work()

    await go(Heard(), first, second)

    assert min(first.done, second.done) > 2


async def test_a_bug_in_one_is_counted_and_loud_and_the_other_goes_on():
    heard, wrong, right = Heard(), Work(raising(KeyError("x"))), Work()

    with capture_logs() as logs:
        await go(heard, wrong, right)

    assert right.done > 2
    assert wrong.begun == len(heard.failed) > 2
    assert {(line["event"], line["round"]) for line in logs} == {("round_failed", "work 0")}


async def test_a_store_in_trouble_is_tried_again():
    heard = Heard()

    with capture_logs():
        await go(heard, Work(raising(StoreDown("full"))))

    assert len(heard.failed) > 2
    assert not heard.lost.is_set()


async def test_a_lost_store_ends_everything():
    heard, other = Heard(), Work()

    with capture_logs() as logs:
        await go(heard, Work(raising(StoreLost("fsync"))), other)

    assert heard.lost.is_set()
    assert other.done <= 2
    assert [(line["event"], line["why"]) for line in logs] == [("store_lost", "fsync")]


async def test_what_was_begun_is_finished_at_the_end():
    work = Work(takes_s=0.1)

    await go(Heard(), work, for_s=0.02)

    assert (work.begun, work.done) == (1, 1)


async def test_what_takes_too_long_is_left():
    work = Work(takes_s=60)

    await go(Heard(), work, for_s=0.02, grace_s=0.05)

    assert (work.begun, work.done) == (1, 0)


class Lost:
    """A store whose commit failed under a customer, who was told that the counter is closed."""

    usable = False


async def test_a_store_that_was_lost_under_a_customer_is_noticed(tmp_path: Path):
    heard = Heard()

    async with wired(settings_in(tmp_path), owner=True) as parts:
        lost = replace(parts, store=Lost())  # type: ignore[arg-type]  # all that is looked at
        [look] = [one for one in rounds_of(lost, prices_every_s=60) if one.name == "store"]
        with capture_logs():
            async with going([look], heard.failed.append, heard.lost, grace_s=1), asyncio.timeout(1):
                await heard.lost.wait()

    assert heard.failed == []


async def test_operators_hear_of_a_lost_store_before_the_process_ends(tmp_path: Path):
    heard, line = Heard(), Line()

    async with wired(settings_in(tmp_path), owner=True) as parts:
        lost = replace(parts, store=Lost())  # type: ignore[arg-type]  # all that is looked at
        rounds = rounds_of(lost, prices_every_s=60, operators=line)
        with capture_logs():
            async with going([rounds[0], rounds[-1]], heard.failed.append, heard.lost, grace_s=1):
                await heard.lost.wait()

    assert ["LoketStoreLost" in words for words in line.said] == [True]


async def test_without_a_line_nobody_watches(tmp_path: Path):
    async with wired(settings_in(tmp_path), owner=True) as parts:
        names = [one.name for one in rounds_of(parts, prices_every_s=60)]

    deliveries = ["deliver", "deliver_chats", "deliver_patient"]
    assert names == ["store", "follow_up", *deliveries, "remind", "day", "tree", "heads"]
