"""Some hundreds of worlds in which everything goes wrong that can: no rupiah is lost, doubled or forgotten in any."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.crowd import apart, crowd
from tests.simulation.plan import STRIKES, Plan, never_happened
from tests.simulation.shrink import fewest, shrunk
from tests.simulation.strikes import STRIKE

ROOT = Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("LOKET_SIMULATED_SEEDS", "320"))

pytestmark = pytest.mark.filterwarnings("ignore")


def test_every_world_comes_right_and_everything_that_can_go_wrong_did():
    tally = crowd(iter(range(SEEDS)), jobs=os.cpu_count() or 1, until=lambda _tally: False, told=lambda _tally: None)

    assert [(outcome.plan.replayed_by, outcome.failure) for outcome in tally.failed] == []
    assert tally.seeds == SEEDS
    assert never_happened(tally.happened) == []


def test_a_seed_is_the_same_world_each_time_and_in_each_process():
    here = [apart(Plan.of(7)).digest for _time in range(2)]

    command = [sys.executable, "-m", "tests.simulation", "--seed", "7"]
    there = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert here[0] == here[1]
    assert f"digest {here[0]}" in there


def test_whatever_comes_of_itself_has_somebody_who_does_it():
    assert set(STRIKES) == STRIKE.keys()


def test_other_seeds_are_other_worlds():
    assert apart(Plan.of(7)).digest != apart(Plan.of(8)).digest


def test_a_failure_is_cut_down_to_what_it_needs():
    plan = next(one for seed in range(1_000) if _could_fail(one := Plan.of(seed)))

    smallest = shrunk(plan, _could_fail)

    assert smallest.kinds == {"power_cut"}
    assert sorted(one.kind for one in smallest.events) == ["buy", "power_cut"]


def _could_fail(plan: Plan) -> bool:
    return {"buy", "power_cut"} <= {one.kind for one in plan.events}


def test_what_is_cut_down_is_told_as_one_line_that_does_it_again():
    plan = Plan.of(7)
    some = plan.only(kinds=frozenset(sorted(plan.kinds)[:1]), events=frozenset({1, 2}))

    assert plan.replayed_by == "python -m tests.simulation --seed 7"
    assert some.replayed_by.startswith("python -m tests.simulation --seed 7 --kinds ")
    assert some.replayed_by.endswith(" --events 1,2")


@pytest.mark.parametrize("needed", [[], [3], [0, 9], [2, 3, 5, 7]])
def test_as_few_things_as_it_takes_are_left(needed: list[int]):
    assert fewest(range(10), lambda some: set(needed) <= set(some)) == needed
