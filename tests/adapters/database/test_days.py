"""What was kept of a day is refused to whoever would change it, and a cut counts for its neighbours in a batch."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from adapters.database.store import open_store
from core.domain.bank_line import BankBalance
from core.domain.day_cut import DayBalance, DayClosing, DayCut
from core.ports import Book
from tests.adapters.database.changes import DAY, NOW, Do, Transfer, a_wallet, put

CUT = DayCut(DAY.isoformat(), 0, NOW, "ani")
KEPT = {
    "day_cuts": CUT,
    "day_balances": DayBalance("bank:BCA", "IDR", DAY.isoformat(), 5),
    "day_closings": DayClosing(DAY.isoformat(), 1),
    "bank_balances": BankBalance("BCA", 1, "123", "1/1", "IDR", DAY, 0, DAY, 5),
}


STATEMENTS = {
    "day_cuts": ("UPDATE day_cuts SET day = day", "DELETE FROM day_cuts"),
    "day_balances": ("UPDATE day_balances SET minor = 0", "DELETE FROM day_balances"),
    "day_closings": ("UPDATE day_closings SET accounts = 0", "DELETE FROM day_closings"),
    "bank_balances": ("UPDATE bank_balances SET closing_minor = 0", "DELETE FROM bank_balances"),
}


@pytest.mark.parametrize(("table", "statements"), STATEMENTS.items(), ids=STATEMENTS)
async def test_what_was_kept_is_neither_changed_nor_deleted(tmp_path: Path, table: str, statements: tuple[str, ...]):
    path = tmp_path / "loket.db"
    async with open_store(f"sqlite:///{path}", owner=True) as store:
        await store.commit(Do(lambda book: book.add(KEPT[table])))

        with closing(sqlite3.connect(path)) as shell:
            for statement in statements:
                with pytest.raises(sqlite3.IntegrityError, match="is append-only"):
                    shell.execute(statement)


async def test_who_is_decided_after_a_cut_in_the_same_batch_is_dated_after_it(tmp_path: Path):
    async with open_store(f"sqlite:///{tmp_path / 'loket.db'}", owner=True) as store:
        await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

        before, cut, after = await asyncio.gather(
            store.commit(Transfer("w1", "w2", 1)), store.commit(Do(_cut)), store.commit(Transfer("w1", "w2", 2))
        )

    assert (before.day, after.day) == (DAY, date(2026, 3, 3))
    assert cut == 1


async def test_a_cut_that_was_refused_cuts_nothing(tmp_path: Path):
    async with open_store(f"sqlite:///{tmp_path / 'loket.db'}", owner=True) as store:
        await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

        refused, after = await asyncio.gather(
            store.commit(Do(_cut_and_fail)), store.commit(Transfer("w1", "w2", 2)), return_exceptions=True
        )

    assert isinstance(refused, ZeroDivisionError)
    assert not isinstance(after, BaseException)
    assert after.day == DAY


def _cut(book: Book) -> int:
    assert book.cut is None
    index = book.last_index
    book.add(CUT)
    assert book.cut == DAY
    return index


def _cut_and_fail(book: Book) -> None:
    _cut(book)
    raise ZeroDivisionError
