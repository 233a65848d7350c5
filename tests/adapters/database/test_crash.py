"""Whatever is killed and whenever: what was acknowledged is there, and what is there is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.database.store import open_store
from core.domain.wallet import Wallet
from tests.adapters.database.changes import RUPIAH, a_wallet, put

# Sixteen customers pay at once, and each payment is said aloud only after it was acknowledged.
PAYS = """
import asyncio, itertools, sys
from adapters.database.store import open_store
from tests.adapters.database.changes import Transfer
async def customer(store, name):
    for n in itertools.count():
        await store.commit(Transfer("w1", "w2", 1, key=f"{name}:{n}"))
        print(f"{name}:{n}", flush=True)
async def pay():
    async with open_store(sys.argv[1], owner=True) as store:
        await asyncio.gather(*(customer(store, f"{sys.argv[2]}-{n}") for n in range(16)))
asyncio.run(pay())
"""


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15])
async def test_kill_9_takes_nothing_that_was_acknowledged(url: str, tmp_path: Path, seconds: float):
    async with open_store(url, owner=True) as store:
        await store.commit(put(a_wallet("w1", 10**6), a_wallet("w2")))

    said = [key for life in range(2) for key in until_killed(url, f"life{life}", tmp_path, seconds)]

    async with open_store(url, owner=True) as store:
        entries = [entry async for entry in store.journal()]
        wallets = [await store.read(Wallet, name) for name in ("w1", "w2")]
    assert len(said) > 2
    assert set(said) <= {entry.key for entry in entries}
    assert [entry.index for entry in entries] == list(range(1, len(entries) + 1))
    assert all(sum(posting.minor for posting in entry.postings) == 0 for entry in entries)
    assert [wallet.available_minor for wallet in wallets if wallet] == [
        (10**6 - len(entries)) * RUPIAH,
        len(entries) * RUPIAH,
    ]


def until_killed(url: str, name: str, folder: Path, seconds: float) -> list[str]:
    """What a process acknowledged in its life, which ends some time after its first word."""
    with (folder / name).open("w+") as heard:
        with subprocess.Popen([sys.executable, "-c", PAYS, url, name], stdout=heard) as process:
            while not (folder / name).stat().st_size:
                assert process.poll() is None
                time.sleep(0.01)
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
        heard.seek(0)
        return [line.strip() for line in heard if line.endswith("\n")]
