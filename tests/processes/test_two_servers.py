"""Two servers on one PostgreSQL database, each delivery to the other one than the last; one is killed, and stopped.

Whoever falls or falls asleep with a payment in hand, the other brings it to its end, and nobody pays twice.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from adapters.database.store import DatabaseStore
from core.domain.payment import Payment
from tests.processes.stage import Stage, a_stage, free_port
from tests.support.agreement import disagreements
from tests.support.houses import Server
from tests.support.postgres import common_server

# As long as the shortest wait for a provider that may be set.
TAKEN_OVER_AFTER_S = 10
# Sold at once, pending, an answer of HTML, one cut short, a line reset, a state that lags.
METERS = [f"123456789{ending}" for ending in ("01", "03", "08", "09", "10", "15")]
NUMBERS = [f"+62812345680{n:02}" for n in range(len(METERS))]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """What two servers share: a database, a provider, and customers whose deliveries reach now one, now the other."""
    async with a_stage(tmp_path) as opened:
        opened.database = common_server().database()
        opened.ports = (opened.port, free_port())
        await opened.enrol(NUMBERS)
        yield opened
        common_server().drop(opened.database)


def serving(stage: Stage, port: int) -> AbstractAsyncContextManager[Server]:
    return stage.server(PORT=str(port), ANSWER_OVERDUE_S=str(TAKEN_OVER_AFTER_S))


async def all_buy(stage: Stage) -> None:
    people = zip(NUMBERS, METERS, strict=True)
    await asyncio.gather(*(stage.buys(*who, after_s=n / 4) for n, who in enumerate(people)))


async def all_came_to_one_end(stage: Stage) -> None:
    """Every payment is settled, and every book agrees."""
    await stage.called_back()
    async with asyncio.timeout(3 * TAKEN_OVER_AFTER_S), stage.store() as store:
        while await on_their_way(store):  # noqa: ASYNC110  # another process is waited for
            await asyncio.sleep(0.1)
    assert (await stage.check())["whole"]
    sold = {sale["ref_id"] for sale in (await stage.ledger())["sales"] if sale["rc"] == "00"}
    async with stage.store() as store:
        assert await disagreements(store, sold, left_to_people={}) == []


async def on_their_way(store: DatabaseStore) -> list[str]:
    async with store.snapshot() as snapshot:
        return [one.payment_id async for one in snapshot.every(Payment) if one.open]


async def test_every_delivery_to_the_other_server_and_one_of_them_killed(stage: Stage):
    first, second = stage.ports
    async with serving(stage, second):
        async with serving(stage, first) as falls:
            buying = asyncio.create_task(all_buy(stage))
            await asyncio.sleep(1.2)
            falls.process.kill()
        async with serving(stage, first):
            await buying
            await all_came_to_one_end(stage)


async def test_one_falls_asleep_with_payments_in_hand_and_wakes_when_they_are_settled(stage: Stage):
    first, second = stage.ports
    async with serving(stage, first) as sleeps, serving(stage, second):
        buying = asyncio.create_task(all_buy(stage))
        await asyncio.sleep(1.2)
        sleeps.process.send_signal(signal.SIGSTOP)
        stage.ports = (second,)
        await asyncio.sleep(1.5 * TAKEN_OVER_AFTER_S)
        sleeps.process.send_signal(signal.SIGCONT)
        await buying

        await all_came_to_one_end(stage)
        assert not [line for line in sleeps.events() if line["event"] in ("turn_failed", "round_failed")]
