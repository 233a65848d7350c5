"""A snapshot shows one moment, whole and in order, while others go on writing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.database.reading_thread import AT_ONCE
from adapters.database.store import DatabaseStore, open_store
from core.domain.wallet import Wallet
from tests.adapters.database.changes import Transfer, a_wallet, put


async def test_every_record_comes_in_the_order_of_keys(store: DatabaseStore):
    await store.commit(put(*(a_wallet(f"w{n}") for n in (3, 1, 2))))

    async with store.snapshot() as snapshot:
        assert [wallet.wallet_id async for wallet in snapshot.every(Wallet)] == ["w1", "w2", "w3"]


async def test_the_journal_comes_in_the_order_of_the_book_however_long(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 2 * AT_ONCE), a_wallet("w2")))
    posted = [await store.commit(Transfer("w1", "w2", 1)) for _ in range(AT_ONCE // 10)]

    assert [entry async for entry in store.journal()] == posted
    assert [entry.index async for entry in store.journal(first=99)] == [99, 100]
    assert [entry async for entry in store.journal(first=101)] == []


async def test_more_than_is_fetched_at_once_is_fetched_all(store: DatabaseStore):
    await store.commit(put(*(a_wallet(f"w{n:05}") for n in range(AT_ONCE + 1))))

    async with store.snapshot() as snapshot:
        assert len([wallet async for wallet in snapshot.every(Wallet)]) == AT_ONCE + 1


async def test_a_snapshot_does_not_see_what_is_written_after_it(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

    async with store.snapshot() as snapshot:
        await store.commit(Transfer("w1", "w2", 100))
        wallets = [wallet async for wallet in snapshot.every(Wallet)]
        entries = [entry async for entry in snapshot.journal()]

    assert wallets == [replace(a_wallet("w1", 100), version=1), replace(a_wallet("w2"), version=1)]
    assert entries == []


@pytest.mark.parametrize("inline", [False, True])
async def test_a_snapshot_may_be_left_early(url: str, inline: bool):
    async with open_store(url, owner=True, inline=inline) as store:
        await store.commit(put(*(a_wallet(f"w{n:05}") for n in range(AT_ONCE + 1))))

        async with store.snapshot() as snapshot:
            async for wallet in snapshot.every(Wallet):
                assert wallet.wallet_id == "w00000"
                break

        assert await store.read(Wallet, "w00001") is not None
