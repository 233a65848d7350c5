"""A counter sees what it counted lately, and forgets what is long past."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.wiring import Wired, wired
from console import lookout
from console.lookout import Lookout
from console.metrics import Metrics
from core.services.alarms import Calls, Sight
from tests.support.fakes import HandClock, ScriptedProvider
from tests.support.houses import settings_in

ALERTS = (Path(__file__).resolve().parents[2] / "docs" / "alerts.yml").read_text("utf-8")


@dataclass
class Post:
    parts: Wired
    clock: HandClock
    metrics: Metrics
    lookout: Lookout

    def calls(self, *outcomes: str) -> None:
        for outcome in outcomes:
            self.metrics.call("digiflazz", "submit", outcome, 0.1)

    async def sees(self, *, seconds: int = 0, minutes: int = 0) -> Sight:
        """After this time with a look at each quarter of a minute, the last of them."""
        for _ in range(minutes * 4 + seconds // 15 - 1):
            self.clock.pass_by(seconds=15)
            await self.lookout.look()
        self.clock.pass_by(seconds=15)
        return await self.lookout.look()

    async def sees_of_calls(self, *, seconds: int = 0, minutes: int = 0) -> Calls:
        return (await self.sees(seconds=seconds, minutes=minutes)).calls["digiflazz"]


class Lost:
    """A store that must not be asked any more."""

    usable = False


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with wired(settings_in(tmp_path), owner=True) as alone:
        clock, metrics = HandClock(), Metrics()
        counter = replace(alone.counter, clock=clock, gateways={"digiflazz": ScriptedProvider(clock)})
        parts = replace(alone, counter=counter)
        yield Post(parts, clock, metrics, Lookout(parts, metrics.counts))


async def test_what_failed_lately_is_seen_and_then_forgotten(post: Post):
    post.metrics.failed("deliver")

    assert (await post.sees(seconds=15)).failing == ["deliver"]
    assert (await post.sees(minutes=9)).failing == ["deliver"]
    assert (await post.sees(minutes=2)).failing == []


async def test_calls_are_seen_by_what_came_of_them(post: Post):
    await post.sees(seconds=15)
    post.calls("00", "44", "no_answer", "resting")

    assert await post.sees_of_calls(seconds=15) == Calls(made=4, unanswered=2, deposit_empty=True)


async def test_a_refusal_is_seen_for_ten_minutes_and_silence_for_five(post: Post):
    post.calls("45", "no_answer")

    assert await post.sees_of_calls(minutes=4) == Calls(made=2, unanswered=1, refused=True)
    assert await post.sees_of_calls(minutes=3) == Calls(refused=True)
    assert await post.sees_of_calls(minutes=4) == Calls()


async def test_of_a_lost_store_no_figures_are_asked(post: Post):
    lost = Lookout(replace(post.parts, store=Lost()), post.metrics.counts)  # type: ignore[arg-type]  # all that is asked

    assert (await lost.look()).figures is None


def test_the_outcomes_are_those_that_the_alerts_watch():
    """In docs/alerts.yml they stand as `outcome="44"` and `outcome=~"41|42"`."""
    named = [frozenset(found.split("|")) for found in re.findall(r'outcome=~?"([^"]+)"', ALERTS)]

    assert {lookout.DEPOSIT_EMPTY, lookout.REFUSES_US, lookout.UNANSWERED} <= set(named)
