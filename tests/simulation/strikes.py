"""What comes of itself at a moment: a process falls or sleeps, the disk or the clock goes wrong, the power fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.plan import Event
from tests.simulation.process import Process

if TYPE_CHECKING:
    from tests.simulation.world import World

# Within as many steps, statements or commits.
STEPS, STATEMENTS, COMMITS = 80, 60, 6
Strike = Callable[["World", Random], Awaitable[None]]


async def strike(world: World, event: Event) -> None:
    await STRIKE[event.kind](world, event.chance())


async def _at_a_step(world: World, chance: Random) -> None:
    (await _one(world, chance)).steps_left = chance.randrange(STEPS)
    world.happened("crash_step")


async def _at_the_disk(kind: str, within: int, world: World, chance: Random) -> None:
    """The disk says when it happened: the statement or the commit may never come."""
    world.disk.strike(kind, chance.randrange(within))


async def _disk_full(world: World, chance: Random) -> None:
    world.disk.strike("disk_full", chance.randrange(STATEMENTS))
    await asyncio.sleep(60)
    world.disk.heal()


async def _power_cut(world: World, chance: Random) -> None:
    await asyncio.sleep(chance.choice((0, 0.01, 0.3)))
    world.happened("power_cut")
    world.fall(power_cut=True)


async def _restart_storm(world: World, chance: Random) -> None:
    world.happened("restart_storm")
    for _fall in range(8):
        await asyncio.sleep(chance.uniform(0.1, 2))
        world.fall(power_cut=False)


async def _orderly_restart(world: World, _chance: Random) -> None:
    process = await world.serving()
    process.ready = False
    world.happened("orderly_restart")
    ends = {process.task(process.end()), world.end_of(process)}
    await asyncio.wait(ends, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    world.kill(process)


async def _frozen(world: World, chance: Random) -> None:
    process = await _one(world, chance)
    world.happened("frozen")
    process.frozen = True
    await asyncio.sleep(chance.choice((2, 70, 1_000)))
    process.frozen = False
    world.loop.thaw()


async def _second_process(world: World, _chance: Random) -> None:
    await world.serving()
    world.happened("second_process")
    await world.began(Process(world, f"guest {len(world.processes)}", owner=False))


async def _wrong_clock(kind: str, by: timedelta, world: World, _chance: Random) -> None:
    world.happened(kind)
    world.clock.go_wrong(by)
    world.wake_all()


async def _partition(world: World, chance: Random) -> None:
    world.happened("partition")
    world.partitioned = True
    await asyncio.sleep(chance.choice((20, 200, 5_000)))
    world.partitioned = False


async def _one(world: World, chance: Random) -> Process:
    """Any process, also one that has only just begun."""
    while not (living := [one for one in world.processes if not one.dead]):  # noqa: ASYNC110  # time is no matter here
        await asyncio.sleep(0.1)
    return chance.choice(living)


STRIKE: Mapping[str, Strike] = {
    "crash_step": _at_a_step,
    **{kind: partial(_at_the_disk, kind, STATEMENTS) for kind in ("crash_before", "crash_after", "io_error")},
    **{
        kind: partial(_at_the_disk, kind, COMMITS)
        for kind in ("crash_commit", "crash_answer", "commit_fails", "commit_unknown")
    },
    "disk_full": _disk_full,
    "power_cut": _power_cut,
    "restart_storm": _restart_storm,
    "orderly_restart": _orderly_restart,
    "frozen": _frozen,
    "second_process": _second_process,
    "clock_back": partial(_wrong_clock, "clock_back", timedelta(days=-1)),
    "clock_ahead": partial(_wrong_clock, "clock_ahead", timedelta(days=400)),
    "partition": _partition,
}
