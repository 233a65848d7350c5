"""One process owns a store; others are its guests, and nobody's write is lost between them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.database import sqlite
from adapters.database.opening import bring_up_to_date
from adapters.database.ownership import StoreBusy, owned
from adapters.database.store import DatabaseStore, open_store
from core.domain.wallet import Wallet
from core.ports import Overtaken, StoreDown
from tests.adapters.database.changes import Transfer, a_wallet, put

SERVES = """
import asyncio, sys
from adapters.database.store import open_store
async def serve():
    async with open_store(sys.argv[1], owner=True):
        print("serving", flush=True)
        await asyncio.Event().wait()
asyncio.run(serve())
"""

TRANSFERS = """
import asyncio, sys
from adapters.database.store import open_store
from tests.adapters.database.changes import Transfer
async def transfer():
    async with open_store(sys.argv[1]) as store:
        for n in range(100):
            await store.commit(Transfer("w1", "w2", 1, key=f"{sys.argv[2]}:{n}"))
asyncio.run(transfer())
"""


@contextmanager
def running(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


OF_A_FILE = pytest.mark.parametrize("database", ["sqlite"])


@OF_A_FILE
async def test_a_second_owner_is_refused_with_a_sentence(url: str, store: DatabaseStore):
    with pytest.raises(StoreBusy, match=rf"already being served by process {os.getpid()}\. Stop that one first"):
        async with open_store(url, owner=True):
            pass


@OF_A_FILE
async def test_the_lock_ends_with_the_process_however_it_ends(url: str):
    with running(SERVES, url) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "serving\n"
        with pytest.raises(StoreBusy, match=f"process {other.pid}"):
            async with open_store(url, owner=True):
                pass
        other.send_signal(signal.SIGKILL)
        other.wait()

    async with open_store(url, owner=True) as store:
        assert (await store.commit(put(a_wallet()))).version == 1


async def test_a_guest_writes_beside_the_owner_and_both_see_it(url: str, store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

    async with open_store(url) as guest:
        await guest.commit(Transfer("w1", "w2", 60))
        posted = await store.commit(Transfer("w1", "w2", 40))
        seen = await guest.read(Wallet, "w2")

    assert posted.index == 2
    assert seen == replace(a_wallet("w2", 100), version=3)


async def test_a_record_read_before_a_guest_wrote_it_is_overtaken(url: str, store: DatabaseStore):
    wallet = await store.commit(put(a_wallet()))

    async with open_store(url) as guest:
        await guest.commit(put(replace(wallet, language="en")))

    with pytest.raises(Overtaken):
        await store.commit(put(replace(wallet, language="sw")))


async def test_processes_that_write_at_once_lose_nothing(url: str, store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 1_000), a_wallet("w2")))

    with running(TRANSFERS, url, "one") as one, running(TRANSFERS, url, "two") as two:
        mine = [await store.commit(Transfer("w1", "w2", 1)) for _ in range(100)]
        codes = [await asyncio.to_thread(other.wait, 30) for other in (one, two)]

    entries = [entry async for entry in store.journal()]
    assert codes == [0, 0]
    assert len(mine) == 100
    assert [entry.index for entry in entries] == list(range(1, 301))
    assert await store.read(Wallet, "w2") == replace(a_wallet("w2", 300), version=301)


async def test_who_asks_while_another_process_writes_waits_for_it(path: Path, store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

    with sqlite.writing(path, checkpoints=False) as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        asking = [asyncio.create_task(store.commit(Transfer("w1", "w2", 1))) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert not any(asked.done() for asked in asking)
        other.exec_driver_sql("ROLLBACK")

    assert [entry.index for entry in await asyncio.gather(*asking)] == [1, 2, 3]


async def test_nobody_waits_for_another_process_for_ever(url: str, path: Path):
    async with open_store(url, owner=True, patience_s=0.05) as store:
        with sqlite.writing(path, checkpoints=False) as other:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises(StoreDown, match="another process has held the store for too long"):
                await store.commit(put(a_wallet()))
            other.exec_driver_sql("ROLLBACK")

        assert (await store.commit(put(a_wallet()))).version == 1


async def test_a_guest_makes_a_new_store_but_migrates_none_that_is_served(path: Path):
    url = f"sqlite:///{path}"
    with owned(path), pytest.raises(StoreBusy):
        async with open_store(url):
            pass

    async with open_store(url) as guest:
        assert (await guest.commit(put(a_wallet()))).version == 1


async def test_a_guest_never_checkpoints_beside_the_owner(url: str, path: Path, store: DatabaseStore):
    wal = path.with_name("loket.db-wal")
    before = path.stat().st_size

    async with open_store(url) as guest:
        for n in range(50):
            await guest.commit(put(*(a_wallet(f"w{n}-{m}") for m in range(200))))

    assert path.stat().st_size == before
    assert wal.stat().st_size > 1_000_000
    assert len([wallet async for wallet in _all_wallets(store)]) == 10_000


async def _all_wallets(store: DatabaseStore) -> AsyncIterator[Wallet]:
    async with store.snapshot() as snapshot:
        async for wallet in snapshot.every(Wallet):
            yield wallet


async def test_migrating_waits_for_no_one(path: Path):
    bring_up_to_date(path, is_owned=False)

    with owned(path):
        bring_up_to_date(path, is_owned=False)
