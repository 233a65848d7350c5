"""When the disk is full or broken all are told, nothing is half written, and nothing is claimed that is not known."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.database import sqlite
from adapters.database.opening import SqliteFile
from adapters.database.sqlite import Transactions
from adapters.database.store import DatabaseStore, open_store
from core.domain.wallet import NotEnoughMoney, Wallet
from core.ports import StoreDown, StoreLost
from tests.adapters.database.changes import Transfer, a_wallet, put

DATABASES = ("sqlite",)


@asynccontextmanager
async def store_on(transactions: Transactions, path: Path) -> AsyncIterator[DatabaseStore]:
    store = DatabaseStore(SqliteFile(path), transactions)
    yield store
    await store.close()


def room_for(pages: int, transactions: Transactions) -> None:
    transactions.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def test_on_a_full_disk_all_who_ask_are_told_and_nothing_is_half_written(url: str, path: Path):
    transactions = Transactions(sqlite.writing(path, checkpoints=True))
    async with store_on(transactions, path) as store:
        await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
        room_for(1, transactions)

        long = put(*(replace(a_wallet(f"long{n}"), proof_hash="x" * 5_000) for n in range(9)))
        outcomes = await asyncio.gather(
            store.commit(Transfer("w1", "w2", 60)), store.commit(long), return_exceptions=True
        )

        assert [type(outcome) for outcome in outcomes] == [StoreDown, StoreDown]
        assert "full" in str(outcomes[0])
        assert await store.read(Wallet, "w1") == replace(a_wallet("w1", 100), version=1)
        assert await store.read(Wallet, "long1") is None


async def test_once_there_is_room_again_the_store_goes_on(url: str, path: Path):
    transactions = Transactions(sqlite.writing(path, checkpoints=True))
    async with store_on(transactions, path) as store:
        room_for(1, transactions)
        with pytest.raises(StoreDown):
            await store.commit(put(*(replace(a_wallet(f"w{n}"), proof_hash="x" * 5_000) for n in range(9))))
        room_for(1_000_000, transactions)

        assert store.usable
        assert (await store.commit(put(a_wallet()))).version == 1


class FailsOnce(Transactions):
    """A disk that breaks at the moment of truth, and says that all is well when it is asked again."""

    failed = False

    def commit(self) -> None:
        if self.failed:
            return super().commit()
        self.failed = True
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise self.down(error) from error


async def test_after_a_commit_that_failed_nobody_is_told_what_it_came_to(url: str, path: Path):
    async with store_on(FailsOnce(sqlite.writing(path, checkpoints=True)), path) as store:
        outcomes = await asyncio.gather(
            store.commit(put(a_wallet("w1"), a_wallet("w2"))),
            store.commit(Transfer("w1", "w2", 60)),
            return_exceptions=True,
        )

        assert [type(outcome) for outcome in outcomes] == [StoreLost, StoreLost]
        assert not isinstance(outcomes[1], NotEnoughMoney)


async def test_after_a_commit_that_failed_nothing_more_is_written_until_a_restart(path: Path, url: str):
    async with store_on(FailsOnce(sqlite.writing(path, checkpoints=True)), path) as store:
        with pytest.raises(StoreLost):
            await store.commit(put(a_wallet("w1")))
        with pytest.raises(StoreLost, match="restart"):
            await store.commit(put(a_wallet("w2")))
        assert not store.usable

    async with open_store(url, owner=True) as store:
        assert store.usable
        assert (await store.commit(put(a_wallet("w2")))).version == 1


async def test_what_cannot_be_read_is_a_fault_and_no_bug(url: str, path: Path):
    async with open_store(url, owner=True) as store:
        path.write_bytes(b"not what it was " * (path.stat().st_size // 16))

        for asked in (
            store.read(Wallet, "w1"),
            store.payments_of("w1", limit=1),
            store.payments_in("submitted"),
            store.commit(put(a_wallet())),
        ):
            with pytest.raises(StoreDown):
                await asked


# The kernel lets no file of the process grow: a write to the WAL fails, which SQLite reports as an I/O error.
BREAKS = """
import asyncio, resource, sys
from pathlib import Path
from adapters.database.store import open_store
from core.domain.wallet import Wallet
from core.ports import StoreLost
from tests.adapters.database.changes import a_wallet, put
async def serve():
    async with open_store(sys.argv[1], owner=True) as store:
        await store.commit(put(a_wallet("kept")))
        size = Path(sys.argv[1].removeprefix("sqlite:///") + "-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        for name in ("broken", "refused"):
            try:
                await store.commit(put(a_wallet(name)))
            except StoreLost as lost:
                print(name, lost)
        print(store.usable, await store.read(Wallet, "kept") is not None)
asyncio.run(serve())
"""


async def test_an_io_error_ends_writing_and_a_restart_is_all_it_needs(url: str):
    process = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", BREAKS, url], stdout=subprocess.PIPE, text=True, check=True, timeout=30
    )

    broken, refused, state = process.stdout.splitlines()
    assert broken.startswith("broken the store failed")
    assert refused.startswith("refused the store failed")
    assert state == "False True"
    async with open_store(url, owner=True) as store:
        assert await store.read(Wallet, "kept") is not None
        assert (await store.commit(put(a_wallet("mended")))).version == 1
