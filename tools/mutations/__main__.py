"""`make mutate`: are known mistakes noticed, and by what? Made one at a time in a copy of the tree, on all cores."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tools.mutations.copies import DoesNotFit, changed, copied, run

LIST = Path(__file__).with_name("mutations.toml")
MOST_SEEDS = 3_000
MINUTES = 6
WITHIN_S = 600.0
LONGEST = 110
# Of the simulator's own words: the seeds that failed.
FAILED = re.compile(r"^seed ([0-9]+): (.*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mistake. `tests` notice it where the simulator cannot."""

    name: str
    breaks: str
    file: str
    old: str
    new: str
    tests: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`by` is what noticed it, empty when nothing did."""

    mutation: Mutation
    by: str
    how: str
    seconds: float

    @property
    def line(self) -> str:
        return f"{self.mutation.name:44} {self.by or 'SURVIVED':22} {self.seconds:6.1f} s  {self.how}"


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tools.mutations", description=__doc__)
    words.add_argument("--only", help="those whose name has this in it")
    words.add_argument("--seeds", type=int, default=MOST_SEEDS, help="as many worlds before the simulator gives up")
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = words.parse_args()
    mutations = [one for one in listed() if not asked.only or asked.only in one.name]
    sys.exit(judged(mutations, seeds=asked.seeds, jobs=asked.jobs))


def listed() -> list[Mutation]:
    return [Mutation(**one) for one in tomllib.loads(LIST.read_text("utf-8"))["mutation"]]


def judged(mutations: list[Mutation], *, seeds: int, jobs: int) -> int:
    """Each in a copy that nobody else has meanwhile; answers the exit code."""
    copies: SimpleQueue[Path] = SimpleQueue()
    with _some(jobs) as made, ThreadPoolExecutor(jobs) as pool:
        for copy in made:
            copies.put(copy)

        def judge(mutation: Mutation) -> Verdict | DoesNotFit:
            copy = copies.get()
            try:
                return verdict(mutation, copy, seeds)
            except DoesNotFit as unfit:
                return unfit
            finally:
                copies.put(copy)

        verdicts = []
        for found in pool.map(judge, mutations):
            print(found if isinstance(found, DoesNotFit) else found.line, flush=True)
            verdicts.append(found)
    return _summed_up(verdicts)


def verdict(mutation: Mutation, copy: Path, seeds: int) -> Verdict:
    """Worlds first; the named tests when none of them noticed. Raises `DoesNotFit`."""
    began = time.monotonic()
    with changed(copy / mutation.file, mutation.old, mutation.new):
        words = f"-m tests.simulation --first 0 --count {seeds} --minutes {MINUTES} --jobs 1 --no-shrink".split()
        worlds = run(copy, *words, within_s=WITHIN_S)
        if not worlds.well and "never met" not in worlds.said:
            failed = min(((int(seed), how) for seed, how in FAILED.findall(worlds.said)), default=None)
            by, how = (f"world {failed[0]}", failed[1]) if failed else ("no world begins", worlds.said[-LONGEST:])
            return Verdict(mutation, by, how[:LONGEST], time.monotonic() - began)
        by = ""
        if mutation.tests:
            quiet = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql")
            tests = run(copy, *quiet, *mutation.tests.split(), within_s=WITHIN_S)
            by = "" if tests.well else "tests"
    return Verdict(mutation, by, mutation.tests if by else mutation.breaks, time.monotonic() - began)


def _summed_up(verdicts: list[Verdict | DoesNotFit]) -> int:
    judged_ = [one for one in verdicts if isinstance(one, Verdict)]
    caught = [one for one in judged_ if one.by]
    by_worlds = sum("world" in one.by for one in caught)
    print(f"{len(caught)} of {len(verdicts)} noticed, {by_worlds} of them by the simulator")
    return 0 if len(caught) == len(verdicts) else 1


@contextmanager
def _some(count: int) -> Iterator[list[Path]]:
    """As many copies."""
    if not count:
        yield []
        return
    with copied() as one, _some(count - 1) as others:
        yield [one, *others]


if __name__ == "__main__":
    main()
