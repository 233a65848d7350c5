"""What a failure needs: kinds of faults and events are left out, as many at once as can be, while it still fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.simulation.plan import Plan

MOST_TRIES = 250
Thing = TypeVar("Thing")


def shrunk(plan: Plan, fails: Callable[[Plan], bool], *, tries: int = MOST_TRIES) -> Plan:
    """The smallest plan found that fails as well. It is run at most `tries` times."""
    left = [tries]

    def still(smaller: Plan) -> bool:
        left[0] -= 1
        return left[0] >= 0 and fails(smaller)

    kinds = fewest(sorted(plan.kinds), lambda some: still(plan.only(kinds=frozenset(some))))
    plan = plan.only(kinds=frozenset(kinds))
    numbers = fewest([one.number for one in plan.events], lambda some: still(plan.only(events=frozenset(some))))
    plan = plan.only(events=frozenset(numbers))
    kinds = fewest(sorted(plan.kinds), lambda some: still(plan.only(kinds=frozenset(some))))
    return plan.only(kinds=frozenset(kinds))


def fewest(things: Sequence[Thing], fails: Callable[[list[Thing]], bool]) -> list[Thing]:
    """Without a half, a quarter, … and at last without single ones, as long as it fails without them."""
    kept = list(things)
    size = max(1, len(kept) // 2)
    while kept:
        start = 0
        while start < len(kept):
            without = kept[:start] + kept[start + size :]
            if fails(without):
                kept = without
            else:
                start += size
        if size == 1:
            return kept
        size //= 2
    return kept
