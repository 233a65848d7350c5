"""A day that was cut stays as it is: what comes later is dated on the next one, and the balances can be had again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from core.domain.day_cut import DayBalance, DayCut, DayCutBefore, DayNotOver
from core.domain.invariants import Days
from core.domain.invariants.of_days import broken_by_days
from core.domain.money import Money
from core.services.cut_day import KeepBalances, cut_day, cut_yesterday
from core.services.take_back import take_back_top_up
from tests.services.till import Till
from tests.support.fakes import NOON
from tests.support.invariants import broken

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
TEN_PAST = timedelta(minutes=10)


def cut(till: Till, day: date = TODAY):
    return cut_day(till.at.counter, till.at.store.books, day, by="ani")


async def balance(till: Till, account: str, day: date = TODAY) -> int:
    """In whole rupiah, debits positive."""
    return (await till.at.store.books.balances_at(day.isoformat())).get((account, "IDR"), 0) // 100


async def test_the_balances_of_a_day_are_kept_at_its_cut(till: Till):
    await till.pay()
    till.at.clock.pass_by(hours=13)

    done = await cut(till)

    assert (done.day, done.by, done.at) == ("2026-11-20", "ani", till.at.clock.now())
    assert await balance(till, "bank:BCA") == 200_000
    assert await balance(till, "wallet") == -await till.available()
    assert await balance(till, "held") == 0


async def test_the_cut_says_where_the_journal_stood(till: Till):
    last = await till.top_up(1_000)
    till.at.clock.pass_by(hours=13)

    assert (await cut(till)).last_index == last.index


async def test_what_happened_before_midnight_and_comes_after_the_cut_is_of_the_next_day(till: Till):
    """The clock went back, or another machine's is behind."""
    till.at.clock.pass_by(hours=13)
    await cut(till)
    till.at.clock.at = NOON + timedelta(hours=11)

    late = await till.top_up(50_000, evidence="late")

    assert (late.at, late.day) == (NOON + timedelta(hours=11), TOMORROW)
    assert await balance(till, "bank:BCA") == 200_000
    till.at.clock.at = NOON + timedelta(days=2)
    await cut(till, TOMORROW)
    assert await balance(till, "bank:BCA") == 200_000
    assert await balance(till, "bank:BCA", TOMORROW) == 250_000


async def test_what_is_posted_after_midnight_and_before_the_cut_is_not_in_the_day(till: Till):
    till.at.clock.at = NOON + timedelta(hours=12, minutes=5)
    early = await till.top_up(50_000, evidence="early")

    done = await cut(till)

    assert (early.day, done.last_index) == (TOMORROW, early.index)
    assert await balance(till, "bank:BCA") == 200_000


async def test_an_undone_top_up_is_undone_on_an_open_day(till: Till):
    await till.top_up(50_000, evidence="9")
    till.at.clock.pass_by(hours=13)
    await cut(till)
    till.at.clock.pass_by(hours=-13)

    _, back = await take_back_top_up(
        till.at.counter, till.owner.wallet_id, Money.of(50_000, "IDR"), bank="BCA", evidence="9", by="ani"
    )

    assert back.day == TOMORROW
    assert await balance(till, "bank:BCA") == 250_000


async def test_only_accounts_that_moved_are_written_again(till: Till):
    await till.at.customer("+6281234567891", rupiah=10_000)
    till.at.clock.pass_by(hours=13)
    await cut(till)
    await till.top_up(5_000)
    till.at.clock.pass_by(days=1)
    await cut(till, TOMORROW)

    async with till.at.store.snapshot() as snapshot:
        kept = [one async for one in snapshot.every(DayBalance)]

    assert {(one.account, one.day) for one in kept} == {
        ("bank:BCA", "2026-11-20"),
        ("bank:BCA", "2026-11-21"),
        ("wallet:w7890", "2026-11-20"),
        ("wallet:w7890", "2026-11-21"),
        ("wallet:w7891", "2026-11-20"),
    }
    assert await balance(till, "wallet", TOMORROW) == -215_000


async def test_a_day_that_is_not_over_is_not_cut(till: Till):
    for day in (TODAY, TOMORROW):
        with pytest.raises(DayNotOver):
            await cut(till, day)

    assert await till.at.store.books.last_cut() is None


async def test_a_day_is_cut_once_with_all_before_it(till: Till):
    till.at.clock.pass_by(days=3)
    await cut(till, TOMORROW)

    for day in (TODAY, TOMORROW):
        with pytest.raises(DayCutBefore):
            await cut(till, day)


async def test_what_was_interrupted_is_finished_at_the_next_round(till: Till):
    till.at.clock.pass_by(hours=13)
    books, store = till.at.store.books, till.at.store
    await cut(till)
    till.at.clock.pass_by(days=1)
    await till.top_up(7_000, evidence="7")
    till.at.clock.pass_by(days=1)
    # As if the process had died after the cut and the first balance.
    await store.commit(_Cut(TOMORROW, till.at.clock.now()))
    await store.commit(KeepBalances(tuple((await books.moved_until("2026-11-21"))[:1])))
    assert await broken(store) == []

    await cut_yesterday(till.at.counter, books, after=TEN_PAST)

    assert await books.cuts_not_closed() == []
    assert await balance(till, "wallet", TODAY + timedelta(days=2)) == -207_000


class _Cut:
    def __init__(self, day: date, now: datetime) -> None:
        self.day, self.now = day, now

    def wants(self):
        return ()

    def decide(self, book):
        book.add(DayCut(self.day.isoformat(), book.last_index, self.now, "ani"))


# ---- the round


async def test_yesterday_is_cut_some_minutes_after_midnight_where_the_counter_stands(till: Till):
    async def cut_at(hour: int, minute: int) -> int:
        till.at.clock.at = datetime(2026, 11, 20, hour, minute, tzinfo=UTC)  # Jakarta is 7 hours ahead
        return await cut_yesterday(till.at.counter, till.at.store.books, after=TEN_PAST)

    await till.at.store.commit(_Cut(TODAY - timedelta(days=1), NOON))

    assert [await cut_at(16, 59), await cut_at(17, 9), await cut_at(17, 10), await cut_at(17, 11)] == [0, 0, 1, 0]
    newest = await till.at.store.books.last_cut()
    assert newest is not None
    assert (newest.day, newest.by) == ("2026-11-20", "loket")


async def test_days_that_nobody_was_there_for_are_cut_one_by_one(till: Till):
    till.at.clock.pass_by(days=1)
    await cut_yesterday(till.at.counter, till.at.store.books, after=TEN_PAST)
    till.at.clock.pass_by(days=3)

    assert await cut_yesterday(till.at.counter, till.at.store.books, after=TEN_PAST) == 3


async def test_a_clock_that_jumped_ahead_by_years_closes_no_years(till: Till):
    till.at.clock.pass_by(days=1)
    await cut_yesterday(till.at.counter, till.at.store.books, after=TEN_PAST)
    till.at.clock.pass_by(days=400)

    with capture_logs() as log:
        assert await cut_yesterday(till.at.counter, till.at.store.books, after=TEN_PAST) == 0
    assert [one["event"] for one in log] == ["days_not_cut"]
    newest = await till.at.store.books.last_cut()
    assert newest is not None
    assert newest.day == "2026-11-20"


# ---- what notices


async def test_a_balance_that_was_bent_is_noticed(till: Till):
    till.at.clock.pass_by(hours=13)
    await cut(till)
    async with till.at.store.snapshot() as snapshot:
        days = await snapshot.consider(lambda contents: _all_of(contents.days()))
    bent = [replace(one, minor=one.minor + 1) if one.account == "bank:BCA" else one for one in days.balances]
    missing = list(days.balances)[:1]

    assert list(broken_by_days(days)) == []
    assert [one.rule for one in broken_by_days(replace(days, balances=bent))] == ["days_stay_closed"]
    assert [one.rule for one in broken_by_days(replace(days, balances=missing))] == ["days_stay_closed"]
    assert [one.rule for one in broken_by_days(replace(days, cuts=()))] == ["days_stay_closed"]


def _all_of(days: Days) -> Days:
    return replace(days, balances=list(days.balances), sums=list(days.sums))
