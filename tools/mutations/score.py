"""`python -m tools.mutations.score`: of all small mistakes in the ledger and the life cycles, how many are noticed?

Each mutant meets the tests concerned with its module that open no store, some worlds of the simulator, and then the
other tests concerned; whoever notices it first ends that.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tools.mutations.copies import ROOT, Ran, copied, run
from tools.mutations.small import Small, mistakes

DOMAIN, SERVICES, DOMAIN_TESTS = "core/domain", "core/services", "tests/domain/"
LEDGER = tuple(f"tests/domain/test_{name}.py" for name in ("money", "postings", "wallet", "ticket"))
LIFE = tuple(f"tests/services/test_{name}.py" for name in ("settle", "follow_up", "reroute", "claim", "workers"))
STATES = ("tests/domain/test_lifecycles.py", "tests/domain/test_meaning.py")
CHART = "tests/docs/test_printed_pages.py"
TAKE_BACK, PAY = "tests/services/test_take_back.py", "tests/services/test_pay.py"
# The modules that move money, and the tests that are concerned with each.
MODULES: Mapping[str, Sequence[str]] = {
    f"{DOMAIN}/money.py": (*LEDGER, PAY),
    f"{DOMAIN}/journal.py": (*LEDGER, CHART, "tests/services/test_top_up.py", TAKE_BACK, PAY),
    f"{DOMAIN}/postings.py": (*LEDGER, *LIFE),
    f"{DOMAIN}/lifecycle.py": (*STATES, *LIFE),
    f"{DOMAIN}/payment.py": (*STATES, PAY, *LIFE),
    f"{DOMAIN}/wallet.py": (*LEDGER, PAY, TAKE_BACK),
    f"{DOMAIN}/meaning.py": (*STATES, *LIFE),
    f"{SERVICES}/pay.py": (PAY, "tests/services/test_link.py"),
    f"{SERVICES}/submit.py": (*LIFE, PAY),
    f"{SERVICES}/settle.py": (*LIFE, "tests/services/test_hear_callback.py"),
    f"{SERVICES}/follow_up.py": LIFE,
    f"{SERVICES}/take_back.py": (TAKE_BACK,),
}
WORLDS = 60
WITHIN_S = 900.0
ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Mutant:
    module: str
    mistake: Small


@dataclass(frozen=True, slots=True)
class Fate:
    """`by` is `tests` or `worlds`, empty when it lives on."""

    mutant: Mutant
    by: str


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tools.mutations.score", description=__doc__)
    words.add_argument("--sample", type=int, help="only so many, by chance; all when it is not named")
    words.add_argument("--seed", type=int, default=1, help="of that chance")
    words.add_argument("--only", default="", help="modules with this in their name")
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = words.parse_args()
    all_ = [Mutant(name, one) for name in MODULES if asked.only in name for one in _mistakes_in(ROOT / name)]
    some = random.Random(asked.seed).sample(all_, min(asked.sample or len(all_), len(all_)))  # noqa: S311  # a sample
    print(f"{len(some)} of {len(all_)} small mistakes in {len({one.module for one in all_})} modules", flush=True)
    sys.exit(_told(_fates(some, asked.jobs)))


def _mistakes_in(path: Path) -> list[Small]:
    return mistakes(path.read_text("utf-8"))


def _fates(mutants: list[Mutant], jobs: int) -> list[Fate]:
    copies: SimpleQueue[Path] = SimpleQueue()
    began = time.monotonic()
    with ExitStack() as made, ThreadPoolExecutor(jobs) as pool:
        for _job in range(jobs):
            copies.put(made.enter_context(copied()))
        modules = dict.fromkeys(mutant.module for mutant in mutants)
        sound = _tested(list(dict.fromkeys(test for one in modules for test in MODULES[one])), copy := copies.get())
        copies.put(copy)
        if not sound.well:
            sys.exit(f"These tests fail as the source is:\n{sound.said[-1_000:]}")

        def meet(mutant: Mutant) -> Fate:
            copy = copies.get()
            try:
                return Fate(mutant, _noticed_by(mutant, copy))
            finally:
                copies.put(copy)

        fates = []
        for fate in pool.map(meet, mutants):
            fates.append(fate)
            if not fate.by:
                print(f"lives: {fate.mutant.module}:{fate.mutant.mistake.line} {fate.mutant.mistake.what}", flush=True)
            if len(fates) % 25 == 0:
                print(f"{len(fates)} of {len(mutants)}, {time.monotonic() - began:.0f} s", flush=True)
    return fates


def _noticed_by(mutant: Mutant, copy: Path) -> str:
    path = copy / mutant.module
    source = path.read_bytes()
    path.write_bytes(mutant.mistake.made_in(source))
    first, then = _quick_and_slow(mutant.module)
    try:
        if first and not _tested(first, copy).well:
            return "tests"
        worlds = f"-m tests.simulation --first 0 --count {WORLDS} --jobs 1 --no-shrink".split()
        if not run(copy, *worlds, within_s=WITHIN_S).well:
            return "worlds"
        return "tests" if then and not _tested(then, copy).well else ""
    finally:
        path.write_bytes(source)


def _quick_and_slow(module: str) -> tuple[list[str], list[str]]:
    """The tests concerned with a module that open no store, and those that do."""
    concerned = MODULES[module]
    return [one for one in concerned if DOMAIN_TESTS in one], [one for one in concerned if DOMAIN_TESTS not in one]


def _tested(tests: Sequence[str], copy: Path) -> Ran:
    """On the store that comes with the counter; what a mistake does on the other is no other mistake."""
    quiet = "-m pytest -q -x -p no:cacheprovider".split()
    return run(copy, *quiet, "-k", "not postgresql", *tests, within_s=WITHIN_S)


def _told(fates: list[Fate]) -> int:
    for module in MODULES:
        mine = Counter(fate.by for fate in fates if fate.mutant.module == module)
        if total := mine.total():
            noticed = total - mine[""]
            print(f"{module:32} {noticed:4} of {total:4}  {mine['tests']:4} by tests {mine['worlds']:4} by worlds")
    noticed = sum(bool(fate.by) for fate in fates)
    score = noticed / len(fates)
    print(f"{noticed} of {len(fates)} noticed: {score:.1%}")
    return 0 if score >= ENOUGH else 1


if __name__ == "__main__":
    main()
