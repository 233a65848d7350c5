"""What a long journal costs at the start and at a check: ready after `kill -9`, and every invariant proven.

    python -m bench.long_journal [--entries 1000000]

A process writes transfers until the journal is that long, and kills itself. Then the store is opened as a server opens
it, once while it is long and once when it is empty, and `loket check` reads all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.database.store import DatabaseStore, open_store
from bench.ledger import transfer
from bench.store import DAY, NOW, Customer, customers
from core.domain.journal import entry, wallet_account
from core.ports import Book, Key
from tests.support.houses import ENOUGH
from tests.support.keys import FIELD_KEYS

READY_WITHIN_S = 1.0
CHECKED_WITHIN_S = 20.0
AT_ONCE = 512
OPENING = 10**14


@dataclass(frozen=True)
class Opening:
    """Where the money came from that is in the wallets already."""

    wallet_ids: Sequence[str]

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> None:
        for wallet_id in self.wallet_ids:
            legs = ("bank:BCA", OPENING), (wallet_account(wallet_id), -OPENING)
            book.post(entry("top_up", *legs, key=f"top_up:{wallet_id}", currency="IDR", at=NOW, day=DAY))


async def grow(url: str, entries: int) -> None:
    """Transfers until the journal is so long; then this process is killed, in the middle of the next ones."""
    async with open_store(url, owner=True, keys=FIELD_KEYS) as store:
        everyone = await customers(store)
        await store.commit(Opening([one.wallet_id for one in everyone]))
        for start in range(0, entries, AT_ONCE):
            await some_transfers(store, everyone, start)
            if start % (AT_ONCE * 20) == 0:
                print(f"\r{start:,} entries", end="", file=sys.stderr, flush=True)
        dying = asyncio.create_task(some_transfers(store, everyone, entries))
        await asyncio.sleep(0.001)
        os.kill(os.getpid(), signal.SIGKILL)
        await dying


async def some_transfers(store: DatabaseStore, everyone: Sequence[Customer], start: int) -> None:
    await asyncio.gather(*(transfer(store, everyone[(start + n) % len(everyone)]) for n in range(AT_ONCE)))


async def ready_after(url: str) -> float:
    """Seconds until the store answers."""
    began = time.perf_counter()
    async with open_store(url, owner=True, keys=FIELD_KEYS) as store:
        await store.payments_of("w000001", limit=1)
        return time.perf_counter() - began


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--entries", type=int, default=1_000_000)
    parse.add_argument("--grow", help="the URL of the store that this process is to write and die over")
    asked = parse.parse_args()
    if asked.grow:
        asyncio.run(grow(asked.grow, asked.entries))
        return
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
        measure(Path(folder), asked.entries)


def measure(folder: Path, entries: int) -> None:
    long, empty = f"sqlite:///{folder}/long.db", f"sqlite:///{folder}/empty.db"
    command = [sys.executable, "-m", "bench.long_journal", "--entries", str(entries), "--grow", long]
    fell = subprocess.run(command, check=False).returncode
    assert fell == -signal.SIGKILL, fell
    asyncio.run(ready_after(empty))
    short_s, long_s = asyncio.run(ready_after(empty)), asyncio.run(ready_after(long))
    print(f"\nready {long_s:.2f} s after kill -9 with {entries:,} entries, {short_s:.2f} s with none", end="")
    print(f"  (wanted: at most {READY_WITHIN_S:g} s more)")
    began = time.perf_counter()
    given = {**ENOUGH, "DATABASE_URL": long}
    environment = {**os.environ, **{f"LOKET_{name}": value for name, value in given.items()}}
    done = subprocess.run([Path(sys.executable).with_name("loket"), "check"], env=environment, check=False)
    spent = time.perf_counter() - began
    print(f"checked in {spent:.1f} s, exit code {done.returncode}  (wanted: within {CHECKED_WITHIN_S:g} s)")


if __name__ == "__main__":
    main()
