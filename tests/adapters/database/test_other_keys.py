"""The keys of a store are changed beside whoever serves from it, and the old ones are not needed any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.database.below import StoreUnusable
from adapters.database.keys_of_store import keys_of_store
from adapters.database.ownership import StoreBusy
from adapters.database.store import open_store
from core.domain.message import Message
from core.domain.wallet import Wallet
from tests.adapters.database.changes import put
from tests.adapters.database.filled import ALL, NEW, OLD, a_message, filled, read
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.keys import FIELD_KEYS


@pytest.fixture
async def sealed(url: str) -> str:
    await filled(url, {1: OLD})
    return url


def changed(url: str, keys: dict[int, bytes], *, look_ups: bool = False) -> tuple[int, list[dict[str, object]]]:
    """How many rows were sealed anew, and what is in use then."""
    with keys_of_store(url, keys, alone=look_ups) as store:
        store.begin_anew()
        if look_ups:
            store.renew_look_ups()
        rows: list[int] = []
        count = store.reseal(rows.append)
        assert sum(rows) == store.rows()
        return count, list(store.in_use())


@pytest.mark.parametrize("look_ups", [False, True])
async def test_the_field_key_is_changed_and_the_old_one_is_not_needed_any_more(sealed: str, look_ups: bool):
    rows, in_use = changed(sealed, {1: OLD, 2: NEW}, look_ups=look_ups)

    assert rows == 4  # what a contact has is all in its key
    assert {one["store_key"] for one in in_use} == {"values 2"}
    async with open_store(sealed, owner=True, keys={2: NEW}) as store:
        assert await read(store) == ALL
    with pytest.raises(StoreUnusable, match="has no version 2"):
        async with open_store(sealed, keys={1: OLD}):
            pass


async def test_what_was_broken_off_goes_on_next_time(sealed: str):
    with keys_of_store(sealed, {1: OLD, 2: NEW}, alone=False) as store:
        store.begin_anew()

    rows, in_use = changed(sealed, {1: OLD, 2: NEW})

    assert (rows, {one["store_key"] for one in in_use}) == (4, {"values 2"})
    assert changed(sealed, {2: NEW})[0] == 0


async def test_a_server_learns_of_a_new_key_and_uses_it_from_then_on(sealed: str):
    both = {1: OLD, 2: NEW}
    async with open_store(sealed, owner=True, keys=both) as store:
        changed(sealed, both)

        assert await read(store) == ALL
        await store.commit(put(a_message(2, "After")))

        with keys_of_store(sealed, both, alone=False) as beside:
            assert {one["store_key"] for one in beside.in_use()} == {"values 2"}
            assert beside.versions() == {1: "", 2: "look-ups 1, values 1, values 2"}


async def test_rows_change_under_a_server_that_writes_them_and_nothing_is_lost(sealed: str):
    both = {1: OLD, 2: NEW}
    async with open_store(sealed, owner=True, keys=both) as store:
        before = await store.read(Wallet, "w1")
        changed(sealed, both)

        assert await store.read(Wallet, "w1") == before
        message = await store.read(Message, "captured:p1")
        assert message
        assert message.version == 1


async def test_another_look_up_key_needs_the_store_for_itself(path: Path):
    file = f"sqlite:///{path}"
    await filled(file, {1: OLD})
    async with open_store(file, owner=True, keys={1: OLD}):
        with pytest.raises(StoreBusy, match="already being served"):
            changed(file, {1: OLD, 2: NEW}, look_ups=True)


async def test_what_is_written_once_keeps_the_key_it_has_and_needs_no_old_field_key(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'loket.db'}"
    async with bench(tmp_path) as at:
        payment = await Till(at, await at.customer()).pay()
        story = await at.store.story_of(payment.payment_id)

    _, in_use = changed(url, {**FIELD_KEYS, 2: NEW})

    assert {(one["table"], one["store_key"]) for one in in_use if one["once"]} == {("evidence", "values 1")}
    assert {one["store_key"] for one in in_use if not one["once"]} == {"values 2"}
    async with open_store(url, keys={2: NEW}) as store:
        assert await store.story_of(payment.payment_id) == story
