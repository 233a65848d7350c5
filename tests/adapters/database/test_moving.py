"""A store carried from its file to a server is the same store, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.database.below import StoreUnusable
from adapters.database.ownership import StoreBusy
from adapters.database.place import move
from adapters.database.postgresql import moving
from adapters.database.store import DatabaseStore, open_store
from core.domain.evidence import Evidence
from core.domain.message import Message
from core.domain.payee import Payee
from core.domain.payment import Payment
from core.domain.wallet import Wallet
from tests.adapters.database.changes import NOW, Do, Transfer, a_message, a_payment, a_wallet, put
from tests.support.postgres import common_server, empty_store

DATABASES = ("sqlite",)
ODD = 'a\0b\tc\\N\r\n"d" 𝕊 ٢٥'


def quietly(_rows: int) -> None:
    pass


@pytest.fixture
async def full(url: str) -> str:
    """Some of each kind that is told apart by the way: truth values, nothing, odd texts, a journal."""
    async with open_store(url, owner=True) as store:
        await store.commit(put(*(a_wallet(f"w{n}", 1_000) for n in range(1_500))))
        await store.commit(put(replace(a_wallet("odd"), language=ODD)))
        await store.commit(put(a_payment("p1"), a_payment("p2", state="captured")))
        await store.commit(put(Payee("w1", "pln", "1", "SITI", "p1", NOW, saved=True), a_message("m1")))
        await store.commit(Do(lambda book: book.add(Evidence("p1", 1, "d1", "reply", "paid", "00", ODD, NOW))))
        for n in range(10):
            await store.commit(Transfer("w1", "w2", 1, key=f"k{n}"))
    return url


async def everything(store: DatabaseStore) -> list[object]:
    async with store.snapshot() as snapshot:
        found: list[object] = [entry async for entry in snapshot.journal()]
        for kind in (Wallet, Payment, Payee, Message, Evidence):
            found += [record async for record in snapshot.every(kind)]
    return found


async def test_all_arrives_and_the_store_goes_on_where_it_was(full: str):
    seen: list[int] = []

    moved = move(full, empty_store(), begin=seen.append, advance=seen.append)

    async with open_store(full) as before, open_store(common_server().url("loket1")) as after:
        assert str(await everything(before)).replace("\\x00", "␀") == str(await everything(after))
        assert (await after.commit(Transfer("w1", "w2", 1))).index == 11
    assert moved.rows["wallets"] == 1_501
    assert moved.rows["entries"] == 10
    assert seen[0] == sum(moved.rows.values()) == sum(seen[1:])


async def test_a_database_that_holds_something_takes_nothing(full: str):
    there = empty_store()
    async with open_store(there) as store:
        await store.commit(put(a_wallet("theirs")))

    with pytest.raises(StoreUnusable, match="There is a store in the database already: wallets is not empty"):
        move(full, there, begin=quietly, advance=quietly)

    async with open_store(there) as store:
        assert await store.read(Wallet, "w1") is None


async def test_what_is_being_served_is_not_moved(full: str):
    async with open_store(full, owner=True):
        with pytest.raises(StoreBusy):
            move(full, empty_store(), begin=quietly, advance=quietly)


async def test_a_row_that_arrives_otherwise_undoes_it_all(full: str, monkeypatch: pytest.MonkeyPatch):
    there = empty_store()
    monkeypatch.setattr(moving, "_as_bytes", lambda row, count=[]: count.append(1) or repr(len(count)).encode())

    with pytest.raises(StoreUnusable, match="What arrived is not what was sent"):
        move(full, there, begin=quietly, advance=quietly)

    async with open_store(there) as store:
        assert await store.read(Wallet, "w1") is None


def test_only_a_server_can_be_moved_to(url: str):
    with pytest.raises(StoreUnusable, match="That is no database of a server"):
        move(url, "sqlite:///other.db", begin=quietly, advance=quietly)
