"""`loket serve` on a store that came back from a copy: closed to everybody, until somebody reopens it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.database.backup import back_up
from adapters.wiring import wired
from core.ports import Store
from core.services.reopen import reopen
from tests.support.houses import SOON_S, Home, enrolled, inside, settings_in, started


@pytest.fixture
async def copied(tmp_path: Path) -> Path:
    """A folder whose store is a copy of one that knows somebody with money."""
    (tmp_path / "lost").mkdir()
    async with inside(tmp_path / "lost") as home:
        await home.customer()
        back_up(
            f"sqlite:///{tmp_path}/lost/loket.db",
            tmp_path / "loket.db",
            now=datetime.now(UTC),
            advance=lambda _done, _all: None,
        )
    return tmp_path


class Closed:
    """A server's log, event by event."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def says(self, event: str) -> dict[str, Any]:
        assert self.process.stderr is not None
        async with asyncio.timeout(SOON_S):
            async for line in self.process.stderr:
                said = json.loads(line)
                if said["event"] == event:
                    return dict(said)
        raise AssertionError(f"{event} was never said")


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Closed]:
    process = await started(folder, "serve")
    try:
        yield Closed(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def covered(_store: Store, _provider: str, _since: datetime, _until: datetime) -> bool:
    return True


async def reopened(folder: Path) -> None:
    async with wired(settings_in(folder), owner=False) as parts:
        await reopen(parts.counter, covered, channels=["telegram"], by="ana")


async def test_it_is_closed_to_everybody_and_opens_when_it_is_reopened(copied: Path):
    async with serving(copied) as server, aiohttp.ClientSession() as http:
        port = (await server.says("closed_after_restore"))["port"]
        closed = Home(http, port, 0)
        assert "Loket tutup sebentar" in await closed.phone().dials()
        async with http.get(f"{closed.url}/health/ready") as health:
            assert (health.status, await health.text()) == (503, "the store came back from a copy and is not open yet")

        await reopened(copied)

        opened = await server.says("open")
        assert "My money" in await Home(http, opened["port"], 0).phone().dials()


async def test_told_to_end_while_it_is_closed_it_ends(copied: Path):
    async with serving(copied) as server:
        await server.says("closed_after_restore")
        server.process.terminate()
        async with asyncio.timeout(SOON_S):
            assert await server.process.wait() == 0


async def test_while_it_is_closed_operators_may_work_on_the_store(copied: Path):
    async with serving(copied) as server:
        await server.says("closed_after_restore")
        async with wired(settings_in(copied), owner=False) as parts:
            wallet = await enrolled(parts, number="+6281234567891")
    assert wallet.available.major == 200_000
