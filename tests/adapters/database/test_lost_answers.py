"""When the line to the server breaks at the moment of truth, each payment is kept once and nobody is told a guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from adapters.database.postgresql import connection, transactions
from adapters.database.store import DatabaseStore, open_store
from core.domain.journal import Entry
from core.domain.wallet import Wallet
from core.ports import StoreDown, StoreLost
from tests.adapters.database.changes import Transfer, a_wallet, put
from tests.support.postgres import common_server, empty_store
from tests.support.tapped_line import TappedLine, Trouble, tapped


@pytest.fixture
def line() -> Iterator[TappedLine]:
    with tapped(common_server().folder) as one:
        yield one


@pytest.fixture
async def store(line: TappedLine) -> AsyncIterator[DatabaseStore]:
    async with open_store(through(line), owner=True) as opened:
        await opened.commit(put(a_wallet("w1", 100), a_wallet("w2")))
        yield opened


def direct_url() -> str:
    return common_server().url("loket1")


def through(line: TappedLine) -> str:
    return empty_store().replace(str(common_server().folder), str(line.folder))


def drop_all_connections() -> None:
    common_server().ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'loket'")


async def keys(store: DatabaseStore) -> list[str]:
    return [entry.key async for entry in store.journal()]


@pytest.mark.parametrize("trouble", ["before", "after"])
async def test_a_lost_commit_is_looked_up_and_each_payment_is_kept_once(
    store: DatabaseStore, line: TappedLine, trouble: Trouble
):
    line.trouble = trouble

    posted = await asyncio.gather(*(store.commit(Transfer("w1", "w2", 10, key=f"k{n}")) for n in range(10)))

    assert line.befell == 1
    assert [entry.index for entry in posted] == list(range(1, 11))
    assert await keys(store) == [f"k{n}" for n in range(10)]
    assert await store.read(Wallet, "w1") == replace(a_wallet("w1"), version=11)


async def test_a_server_that_never_heard_the_commit_lets_go_and_it_is_decided_again(
    store: DatabaseStore, line: TappedLine, monkeypatch: pytest.MonkeyPatch
):
    """Until then it holds the lock, so nobody can have written meanwhile."""
    monkeypatch.setitem(connection.WRITING, "idle_in_transaction_session_timeout", "300ms")
    await lose_the_line(store, line)
    line.trouble = "silent"

    posted = await store.commit(Transfer("w1", "w2", 10, key="once"))

    assert posted.index == 1
    assert await keys(store) == ["once"]


async def lose_the_line(store: DatabaseStore, line: TappedLine) -> None:
    """The next connection is made with the session's settings of now."""
    line.trouble = "before"
    await store.commit(put(a_wallet("w3")))


async def test_others_may_have_written_before_a_lost_commit_is_decided_again(store: DatabaseStore, line: TappedLine):
    """Nobody is paid from what was read before: the money for one is there for one."""
    async with open_store(direct_url(), owner=True) as other:
        line.trouble = "before"
        mine = asyncio.create_task(store.commit(Transfer("w1", "w2", 100, key="mine")))
        await asyncio.sleep(0)
        theirs = asyncio.create_task(other.commit(Transfer("w1", "w2", 100, key="theirs")))
        outcomes = await asyncio.gather(mine, theirs, return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Entry", "NotEnoughMoney"]
    assert len(await keys(store)) == 1


async def test_when_nobody_can_be_asked_nobody_is_told_what_it_came_to(
    store: DatabaseStore, line: TappedLine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transactions, "ASK_FOR_S", 0.3)
    line.dead, line.trouble = True, "after"

    with pytest.raises(StoreLost, match="restart to see what it kept"):
        await store.commit(Transfer("w1", "w2", 10, key="unknown"))
    with pytest.raises(StoreLost):
        await store.commit(put(a_wallet("w4")))

    assert not store.usable
    async with open_store(direct_url(), owner=True) as again:
        assert await keys(again) == ["unknown"]


async def test_an_outage_ends_by_itself_and_meanwhile_all_are_told(
    store: DatabaseStore, line: TappedLine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transactions, "RIDE_OUT_S", 0.1)
    line.dead = True
    drop_all_connections()

    for asked in (store.commit(put(a_wallet("w4"))), store.read(Wallet, "w1"), store.payments_of("w1", limit=1)):
        with pytest.raises(StoreDown):
            await asked
    with pytest.raises(StoreDown):
        await store.payments_in("submitted")
    line.dead = False
    await asyncio.sleep(2 * connection.TRY_AGAIN_S)

    assert store.usable
    posted = await store.commit(Transfer("w1", "w2", 10))
    assert isinstance(posted, Entry)
    assert await store.read(Wallet, "w4") is None
    assert await store.payments_in("submitted") == []


async def test_a_connection_that_was_dropped_in_the_night_is_taken_up_unseen(store: DatabaseStore):
    drop_all_connections()

    assert await store.read(Wallet, "w1") is not None
    assert await store.payments_in("submitted") == []
    assert (await store.commit(Transfer("w1", "w2", 10))).index == 1
