"""However changes are asked for together, they come to what they would have come to one after the other."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.database.store import DatabaseStore, open_store
from core.domain.journal import Entry
from core.domain.wallet import NotEnoughMoney, Wallet
from core.ports import AlreadyPosted, Book, Change, Overtaken
from tests.adapters.database.changes import RUPIAH, Do, Transfer, a_wallet, put

NAMES = ("w1", "w2", "w3")
OPENING = 100


@dataclass
class Plain:
    """The same book kept by hand: balances, and the keys of what was posted."""

    rupiah: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, OPENING))
    keys: list[str] = field(default_factory=list)

    def settle(self, asked: Transfer | str) -> type:
        if isinstance(asked, str):
            return MISTAKES[asked][1]
        if asked.key in self.keys:
            return AlreadyPosted
        if self.rupiah[asked.payer] < asked.rupiah:
            return NotEnoughMoney
        self.keys.append(asked.key)
        self.rupiah[asked.payer] -= asked.rupiah
        self.rupiah[asked.payee] += asked.rupiah
        return Entry


def regret(book: Book) -> None:
    """Spend all of it, post it, and think better of it."""
    Transfer("w1", "w2", 1, key="regretted").decide(book)
    wallet = book.get(Wallet, "w1")
    assert wallet is not None
    book.put(replace(wallet, available_minor=0))
    raise KeyError


# What goes wrong beside the transfers, and what its asker hears of it.
MISTAKES: dict[str, tuple[Change[object], type]] = {
    "bug": (Do[object](lambda _: 1 // 0), ZeroDivisionError),
    "regret": (Do[object](regret), Exception),
    "outdated": (put(replace(a_wallet("w1"), version=99)), Overtaken),
    "nobody's": (Do[object](lambda book: book.put(replace(a_wallet("w4"), state="rich"))), Exception),
}

two_names = st.permutations(NAMES).map(lambda names: names[:2])
transfers = st.builds(
    lambda names, rupiah, key: Transfer(names[0], names[1], rupiah, key),
    two_names,
    st.integers(1, OPENING * 2),
    st.integers(1, 30).map("key {}".format),
)
batches = st.lists(st.lists(transfers | st.sampled_from(sorted(MISTAKES)), max_size=12), max_size=5)


@settings(max_examples=25, deadline=None)
@given(batches)
def test_together_is_as_one_after_the_other(asked: list[list[Transfer | str]]):
    plain = Plain()
    expected = [plain.settle(one) for batch in asked for one in batch]

    outcomes, wallets, journal = asyncio.run(settled_together(asked))

    for outcome, kind in zip(outcomes, expected, strict=True):
        assert isinstance(outcome, kind)
    assert {wallet.wallet_id: wallet.available_minor // RUPIAH for wallet in wallets} == plain.rupiah
    assert [entry.key for entry in journal] == plain.keys
    assert [entry.index for entry in journal] == list(range(1, len(plain.keys) + 1))


async def settled_together(
    asked: Sequence[Sequence[Transfer | str]],
) -> tuple[list[object], list[Wallet], list[Entry]]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(f"sqlite:///{Path(folder) / 'loket.db'}", owner=True) as store:
            await store.commit(put(*(a_wallet(name, OPENING) for name in NAMES)))
            outcomes = [outcome for batch in asked for outcome in await together(store, batch)]
            async with store.snapshot() as snapshot:
                wallets = [wallet async for wallet in snapshot.every(Wallet)]
                return outcomes, wallets, [entry async for entry in snapshot.journal()]


async def together(store: DatabaseStore, batch: Sequence[Transfer | str]) -> list[object]:
    changes: list[Change[object]] = [MISTAKES[one][0] if isinstance(one, str) else one for one in batch]
    return await asyncio.gather(*(store.commit(change) for change in changes), return_exceptions=True)


@pytest.mark.parametrize("database", ["sqlite"])  # it is about the thread, whatever it waits for
async def test_a_commit_comes_back_soon_even_beside_a_loop_that_is_never_idle(store: DatabaseStore):
    wallet, until, commits = await store.commit(put(a_wallet())), time.monotonic() + 0.5, 0

    async def busy() -> None:
        while time.monotonic() < until:
            sum(range(2_000))
            await asyncio.sleep(0)

    async def writes() -> None:
        nonlocal wallet, commits
        while time.monotonic() < until:
            wallet = await store.commit(put(wallet))
            commits += 1

    await asyncio.gather(busy(), writes())

    assert commits > 20
