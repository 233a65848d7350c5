"""`python -m tests.simulation`: one seed again, or many until the time is over."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
import warnings
from collections.abc import Callable

from tests.simulation.crowd import Tally, crowd
from tests.simulation.plan import Plan, never_happened
from tests.simulation.shrink import shrunk
from tests.simulation.world import simulated

A_LINE_EVERY_S = 10.0
# Fewer seeds than that need not meet everything.
ENOUGH_FOR_ALL = 250


def main() -> None:
    sys.exit(_run(_words().parse_args()))


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    words.add_argument("--seed", type=int, help="run this one, and tell what happened in it")
    words.add_argument("--kinds", help="of the faults of the seed only these, with commas between; - for none")
    words.add_argument("--events", help="of the events of the seed only these numbers; - for none")
    words.add_argument("--told", action="store_true", help="tell every step of it")
    words.add_argument("--first", type=int, help="the first of many seeds; by the clock when it is not named")
    words.add_argument("--count", type=int, help="as many seeds")
    words.add_argument("--minutes", type=float, help="no longer than that; 20 when no count is named either")
    words.add_argument("--no-shrink", action="store_true", help="tell of a failure as it is")
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes to run them in")
    return words


def _run(asked: argparse.Namespace) -> int:
    warnings.simplefilter("ignore")
    return _again(asked) if asked.seed is not None else _many(asked)


def _again(asked: argparse.Namespace) -> int:
    kinds = _listed(asked.kinds)
    numbers = _listed(asked.events)
    events = None if numbers is None else frozenset(map(int, numbers))
    plan = Plan.of(asked.seed).only(kinds=kinds, events=events)
    outcome = simulated(plan, told=_say if asked.told else None)
    _say(f"faults: {', '.join(sorted(plan.kinds)) or 'none'}")
    _say(f"events: {', '.join(f'{one.number} {one.kind}' for one in plan.events) or 'none'}")
    _say(f"{outcome.steps:,} steps, {outcome.commits:,} commits, digest {outcome.digest}")
    _say(outcome.failure or "all held")
    return 1 if outcome.failure else 0


def _listed(words: str | None) -> frozenset[str] | None:
    return None if words is None else frozenset(one for one in words.split(",") if one != "-")


def _many(asked: argparse.Namespace) -> int:
    first = asked.first if asked.first is not None else int(time.time()) * 1_000
    _say(f"seeds from {first} on, in {asked.jobs} processes")
    count = asked.count
    minutes = asked.minutes or (20 if count is None else float("inf"))
    end = time.monotonic() + minutes * 60
    seeds = itertools.count(first) if count is None else iter(range(first, first + count))
    tally = crowd(
        iter(seeds),
        jobs=asked.jobs,
        until=lambda _tally: time.monotonic() > end,
        told=_progress(),
    )
    _say(tally.line)
    if tally.failed:
        return _tell_failures(tally, shrink=not asked.no_shrink)
    for line in tally.table:
        _say(line)
    missing = never_happened(tally.happened) if tally.seeds >= ENOUGH_FOR_ALL else []
    for one in missing:
        _say(f"never met: {one}")
    return 1 if missing else 0


def _progress() -> Callable[[Tally], None]:
    last = time.monotonic()

    def told(tally: Tally) -> None:
        nonlocal last
        if time.monotonic() - last >= A_LINE_EVERY_S:
            last = time.monotonic()
            _say(tally.line)

    return told


def _tell_failures(tally: Tally, *, shrink: bool) -> int:
    for outcome in tally.failed:
        _say(f"seed {outcome.plan.seed}: {outcome.failure}")
    if not shrink:
        return 1
    first = tally.failed[0]
    smallest = shrunk(first.plan, lambda smaller: _alike(simulated(smaller).failure, first.failure))
    _say(f"as small as it gets: {len(smallest.kinds)} kinds of faults, {len(smallest.events)} events")
    _say(simulated(smallest).failure)
    _say(smallest.replayed_by)
    return 1


def _alike(failure: str, another: str) -> bool:
    """Of one kind: what it says before it comes to details."""
    return bool(failure) and failure.split()[:2] == another.split()[:2]


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
