"""The disk is gone, and a copy comes back that lacks what was bought meanwhile: nothing is bought a second time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import Result

from core.domain.payment import Payment
from tests.processes.stage import Stage, a_stage
from tests.support.houses import provider_at
from tests.support.operators import run

BEFORE, WHILE_COPIED, AFTER = "+6281234569001", "+6281234569002", "+6281234569003"
# Sold at once; sold, and never answered; sold at once.
METERS = {BEFORE: "12345678901", WHILE_COPIED: "12345678906", AFTER: "12345678901"}
JAKARTA = ZoneInfo("Asia/Jakarta")
PASSPHRASE = "a long passphrase\n"


async def test_a_restored_store_buys_nothing_twice_and_lists_what_it_lacks(tmp_path: Path):
    async with a_stage(tmp_path) as stage:
        await stage.enrol(METERS)
        await bought_until_the_disk_was_gone(stage)
        sold = await sales(stage)

        await brought_back(stage)
        async with stage.server():
            await stage.quiet()

        assert await sales(stage) == sold
        assert (await stage.check())["whole"]
        async with stage.store() as store:
            paid = {one.wallet_id async for one in all_payments(store) if one.state == "captured"}
            lacking = [one.detail for one in await store.open_breaks(limit=9) if "says paid for" in one.detail]
        assert paid == {stage.wallets[BEFORE], stage.wallets[WHILE_COPIED]}
        assert len(lacking) == 1, lacking


async def bought_until_the_disk_was_gone(stage: Stage) -> None:
    """One purchase before the copy, one under way while it is made, one after it."""
    async with stage.server() as server:
        await stage.buys(BEFORE, METERS[BEFORE])
        buying = asyncio.create_task(stage.buys(WHILE_COPIED, METERS[WHILE_COPIED]))
        await on_its_way(stage, WHILE_COPIED)
        await command(stage, "backup", "copy.db")
        await buying
        await stage.buys(AFTER, METERS[AFTER])
        server.process.kill()
        await server.process.wait()
    for file in stage.folder.glob("loket.db*"):
        file.unlink()


async def on_its_way(stage: Stage, number: str) -> None:
    async with asyncio.timeout(10), stage.store() as store:
        while not await store.payments_of(stage.wallets[number], limit=1):  # noqa: ASYNC110  # of another process
            await asyncio.sleep(0.02)


async def brought_back(stage: Stage) -> None:
    """As docs/operations.md tells an operator to do it."""
    await command(stage, "restore", "copy.db")
    await command(stage, "operator", "add", "ani", typed=PASSPHRASE)
    now = datetime.now(JAKARTA)
    yesterday, today = f"{now - timedelta(days=1):%Y-%m-%d}", f"{now:%Y-%m-%d}"
    async with stage.http.get(f"{stage.provider}/sandbox/statement?from={yesterday}&to={today}") as reply:
        (stage.folder / "statement.csv").write_bytes(await reply.read())
    refused = await command(stage, "reopen", "--as", "ani", typed=PASSPHRASE, fails=True)
    assert "No statement of digiflazz covers" in refused.output
    span = ("--from", yesterday, "--to", f"{now:%Y-%m-%dT%H:%M:%S.%f}")
    await command(stage, "reconcile", "statement.csv", "--provider", "digiflazz", *span, fails=True)
    await command(stage, "reopen", "--as", "ani", typed=PASSPHRASE)


async def command(stage: Stage, *words: str, typed: str | None = None, fails: bool = False) -> Result:
    """One of the operator's, in the folder of the counter; `fails` when something is left to decide."""
    files = [str(stage.folder / word) if word.endswith((".db", ".csv")) else word for word in words]
    done = await asyncio.to_thread(run, stage.folder, *files, typed=typed, **provider_at(stage.provider))
    assert (done.exit_code != 0) == fails, done.output
    return done


async def sales(stage: Stage) -> list[tuple[str, int]]:
    return sorted((sale["ref_id"], sale["nth"]) for sale in (await stage.ledger())["sales"])


async def all_payments(store: Any) -> Any:
    async with store.snapshot() as snapshot:
        async for one in snapshot.every(Payment):
            yield one
