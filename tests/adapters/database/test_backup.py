"""A copy is one moment of the store, taken while others write; and it says that it is a copy."""

from __future__ import annotations

import asyncio
import stat
from collections import Counter
from pathlib import Path

import pytest

from adapters.database.backup import back_up, bring_back
from adapters.database.below import StoreUnusable
from adapters.database.store import open_store
from core.domain.restore import Restore
from core.domain.wallet import Wallet
from tests.adapters.database.changes import Transfer, a_wallet, put
from tests.support.fakes import NOON

DATABASES = ("sqlite",)  # a server has ways of its own to be copied


def quietly(_done: int, _all: int) -> None:
    """Nobody watches."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "monday.db"


@pytest.fixture(autouse=True)
def _folder(copy: Path) -> None:
    copy.parent.mkdir()


async def test_what_was_kept_is_in_the_copy_and_what_came_later_is_not(url: str, tmp_path: Path, copy: Path):
    async with open_store(url, owner=True) as store:
        await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
        await asyncio.to_thread(back_up, url, copy, now=NOON, advance=quietly)
        await store.commit(Transfer("w1", "w2", 60))

    bring_back(copy, f"sqlite:///{tmp_path}/again.db")
    async with open_store(f"sqlite:///{tmp_path}/again.db", owner=True) as again:
        wallet = await again.read(Wallet, "w1")
        assert wallet is not None
        assert wallet.available_minor == 10_000
        assert await again.read(Restore, 1) == Restore(1, NOON, version=1)


async def test_a_copy_taken_in_full_swing_is_one_moment(url: str, copy: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("adapters.database.backup.PAGES_AT_ONCE", 1)
    async with open_store(url, owner=True) as store:
        await store.commit(put(*(a_wallet(f"w{n}", 1_000) for n in range(50))))
        copying = asyncio.create_task(asyncio.to_thread(back_up, url, copy, now=NOON, advance=quietly))
        moved = 0
        while not copying.done():
            await asyncio.gather(*(store.commit(Transfer(f"w{n}", f"w{n + 1}", 1)) for n in range(0, 50, 2)))
            moved += 1
        await copying
        assert moved

    async with open_store(f"sqlite:///{copy}", owner=True) as copied:
        wallets = [await copied.read(Wallet, f"w{n}") for n in range(50)]
        assert sum(one.available_minor for one in wallets if one) == 5_000_000
        moved_by = Counter(leg.account for entry in [one async for one in copied.journal()] for leg in entry.postings)
        assert [100_000 - one.available_minor for one in wallets[::2] if one] == [
            100 * moved_by[f"wallet:w{n}"] for n in range(0, 50, 2)
        ]


async def test_the_server_s_store_does_not_say_that_it_is_a_copy(url: str, copy: Path):
    async with open_store(url, owner=True) as store:
        back_up(url, copy, now=NOON, advance=quietly)
        assert await store.read(Restore, 1) is None


async def test_a_copy_of_what_came_back_from_a_copy_is_the_second(url: str, tmp_path: Path, copy: Path):
    async with open_store(url, owner=True):
        back_up(url, copy, now=NOON, advance=quietly)
    bring_back(copy, f"sqlite:///{tmp_path}/again.db")
    back_up(f"sqlite:///{tmp_path}/again.db", copy.with_name("tuesday.db"), now=NOON, advance=quietly)
    async with open_store(f"sqlite:///{copy.with_name('tuesday.db')}", owner=True) as second:
        assert await second.read(Restore, 2) == Restore(2, NOON, version=1)


async def test_only_its_owner_may_read_it_and_nothing_else_is_left(url: str, copy: Path):
    async with open_store(url, owner=True):
        back_up(url, copy, now=NOON, advance=quietly)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert list(copy.parent.iterdir()) == [copy]


async def test_how_far_it_is_is_told(url: str, copy: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("adapters.database.backup.PAGES_AT_ONCE", 10)
    told: list[tuple[int, int]] = []
    async with open_store(url, owner=True):
        back_up(url, copy, now=NOON, advance=lambda done, all_: told.append((done, all_)))
    assert len(told) > 3
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)


def test_where_there_is_nothing_to_copy_it_says_so(tmp_path: Path, copy: Path):
    with pytest.raises(StoreUnusable, match="no store"):
        back_up(f"sqlite:///{tmp_path}/none.db", copy, now=NOON, advance=quietly)
    assert list(copy.parent.iterdir()) == []


async def test_a_backup_overwrites_nothing(url: str, copy: Path):
    copy.write_text("Monday")
    async with open_store(url, owner=True):
        with pytest.raises(StoreUnusable, match="already"):
            back_up(url, copy, now=NOON, advance=quietly)
    assert copy.read_text() == "Monday"


async def test_nothing_is_brought_back_over_a_store(url: str, copy: Path, path: Path):
    async with open_store(url, owner=True):
        back_up(url, copy, now=NOON, advance=quietly)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="Move it away"):
        bring_back(copy, url)
    assert path.read_bytes() == before


@pytest.mark.parametrize("what", ["a text", "a store"])
async def test_what_is_no_backup_is_not_brought_back(what: str, url: str, tmp_path: Path, copy: Path):
    if what == "a text":
        copy.write_text("these are not the pages of a database" * 100)
    else:
        async with open_store(f"sqlite:///{copy}", owner=True):
            pass
    with pytest.raises(StoreUnusable, match="not a backup"):
        bring_back(copy, f"sqlite:///{tmp_path}/again.db")
    assert not (tmp_path / "again.db").exists()
