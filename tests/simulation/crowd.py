"""Many seeds on all cores, and what they met together."""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections import Counter as Count
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice

from tests.simulation import stage
from tests.simulation.plan import FAULTS, ROWS, Plan
from tests.simulation.world import Outcome, simulated

AT_ONCE = 10


@dataclass
class Tally:
    """What was met by all seeds so far."""

    began: float = field(default_factory=time.monotonic)
    seeds: int = 0
    steps: int = 0
    commits: int = 0
    happened: Count[str] = field(default_factory=Count)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.steps += outcome.steps
        self.commits += outcome.commits
        self.happened += outcome.happened
        if outcome.failure:
            self.failed.append(outcome)

    @property
    def line(self) -> str:
        seconds = max(time.monotonic() - self.began, 0.001)
        faults = sum(self.happened[kind] for kinds in FAULTS.values() for kind in kinds)
        done = f"{self.seeds:,} seeds, {self.steps:,} steps, {self.commits:,} commits checked, {faults:,} faults"
        return f"{done}; {self.seeds / seconds:.1f} seeds/s, {self.steps / seconds:,.0f} steps/s"

    @property
    def table(self) -> list[str]:
        """Each kind of fault and each row of the list of failures, with how often it was met."""
        lines = []
        for where, kinds in FAULTS.items():
            lines += [f"{where}:", *(f"  {kind:24}{self.happened[kind]:>9,}" for kind in kinds)]
        rows = {row: sum(self.happened[one] for one in shown_by) for row, shown_by in ROWS.items()}
        return [*lines, "rows of the list of failures:", *(f"  {row:48}{times:>9,}" for row, times in rows.items())]


def crowd(seeds: Iterator[int], *, jobs: int, until: Callable[[Tally], bool], told: Callable[[Tally], None]) -> Tally:
    """Run seeds until `until` says that it is enough, or one fails."""
    tally = Tally()
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=fork, initializer=_quiet) as pool:
        running: set[Future[list[Outcome]]] = set()
        while True:
            while len(running) < 2 * jobs and not tally.failed and not until(tally):
                if not (some := list(islice(seeds, AT_ONCE))):
                    break
                running.add(pool.submit(_all_of, some))
            if not running:
                return tally
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                for outcome in one.result():
                    tally.add(outcome)
            told(tally)


def apart(plan: Plan) -> Outcome:
    """One world in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork"), initializer=_quiet) as pool:
        return pool.submit(simulated, plan).result()


def _all_of(seeds: list[int]) -> list[Outcome]:
    return [simulated(Plan.of(seed)) for seed in seeds]


def _quiet() -> None:
    """Only here, in a process of the crowd: what a simulation changes about drivers and threads is nobody else's."""
    warnings.simplefilter("ignore")
    stage.set_up()
