"""Threat 25: how long an answer takes tells nothing of a secret, nor of who is a customer."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.vault import PepperedVault
from bot.webhook import HEADER, webhook_route
from core.conversation.pace import Pace
from tests.support.dialects import BehindAfricasTalking
from tests.support.parrot import English, Parrot
from ussd.app import Door, ussd_routes, whole_body
from ussd.desk import Desk

SECRET = "0123456789abcdefghijklmnop"
FIRST, LAST = "~" + SECRET[1:], SECRET[:-1] + "~"
THOROUGH = bool(os.environ.get("THOROUGH"))
# Fewer in the suite, and a wider bound: it must never fail by chance.
SAMPLES, MOST_T = (10_000, 4.5) if THOROUGH else (400, 6.0)


def welch_t(one: Sequence[float], other: Sequence[float]) -> float:
    """Of the quicker nine tenths of each: what disturbed a machine says nothing of the code."""
    left, right = (sorted(times)[: len(times) * 9 // 10] for times in (one, other))
    spread = statistics.variance(left) / len(left) + statistics.variance(right) / len(right)
    return float((statistics.fmean(left) - statistics.fmean(right)) / spread**0.5)


async def times_of(*classes: Callable[[], Awaitable[object]], samples: int) -> list[list[float]]:
    """Seconds of each call, one of each class after the other in an order of chance, after some to warm up."""
    chance, taken = random.Random(1), [list[float]() for _ in classes]
    for sample in range(-20, samples):
        for place in chance.sample(range(len(classes)), len(classes)):
            started = time.perf_counter()
            await classes[place]()
            if sample >= 0:
                taken[place].append(time.perf_counter() - started)
    return taken


async def differ(*classes: Callable[[], Awaitable[object]], samples: int) -> bool:
    """Whether they differ three times: what the code gives away is there again, what a busy machine did is not."""
    for _look in range(3):
        one, other = await times_of(*classes, samples=samples)
        if abs(welch_t(one, other)) < MOST_T:
            return False
    return True


async def test_a_wrong_secret_takes_as_long_wherever_it_differs():
    app = web.Application()
    app.add_routes(
        ussd_routes(Desk(Parrot(), English(), Pace(5, 10)), [Door(BehindAfricasTalking().gateway, [SECRET])])
    )

    async def take(_update: dict[str, Any]) -> None:
        raise AssertionError("no update of ours")

    app.add_routes([webhook_route(SECRET, take, whole_body)])
    async with TestClient(TestServer(app)) as client:

        def at_ussd(secret: str) -> Callable[[], Awaitable[object]]:
            async def knock() -> None:
                async with client.post(f"/ussd/africastalking/{secret}", data=b"x") as reply:
                    assert reply.status == 404

            return knock

        def at_telegram(secret: str) -> Callable[[], Awaitable[object]]:
            async def knock() -> None:
                async with client.post("/telegram", data=b"{}", headers={HEADER: secret}) as reply:
                    assert reply.status == 404

            return knock

        for kind in (at_ussd, at_telegram):
            assert not await differ(kind(FIRST), kind(LAST), samples=SAMPLES), kind.__name__


async def test_who_has_no_wallet_no_pin_or_no_code_takes_as_long_as_a_wrong_one():
    vault = PepperedVault({1: b"a pepper of the tests, long enough"})
    known = await vault.hashed("7391")
    samples = 400 if THOROUGH else 25
    try:
        assert not await differ(
            lambda: vault.matches("2846", known), lambda: vault.matches("2846", ""), samples=samples
        )
    finally:
        vault.close()


COMPARED_IN = ("ussd/app.py", "ussd/transcripts.py", "bot/webhook.py", "adapters/billers/digiflazz/webhook.py")


@pytest.mark.parametrize("path", COMPARED_IN)
def test_secrets_are_compared_in_constant_time(path: str):
    assert "hmac.compare_digest(" in (Path(__file__).resolve().parents[2] / path).read_text("utf-8")


async def test_a_comparison_that_stops_early_would_be_seen():
    """The measure itself: a call that takes a fifth of a thousandth of a second longer differs each time."""

    async def quick() -> None:
        time.sleep(0.0005)  # noqa: ASYNC251  # busy, as a comparison is

    async def slower() -> None:
        time.sleep(0.0007)  # noqa: ASYNC251

    assert await differ(quick, slower, samples=400)


def test_the_measure_is_that_of_welch():
    slow = [0.010 + (at % 7) * 0.0002 for at in range(400)]

    assert abs(welch_t(slow, [one + 0.001 for one in slow])) > 6.0
    assert abs(welch_t(slow, list(slow))) < 1.0
