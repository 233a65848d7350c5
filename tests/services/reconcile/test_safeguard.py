"""What we owe customers against what lies in trust, each day, with a line for everything that makes it differ."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.domain.money import Money
from core.domain.safeguarding import Position, Safeguard
from core.services.cut_day import cut_day
from core.services.reconcile.safeguard import DayNotClosed, position_of, safeguard, safeguard_last
from core.services.top_up import fund_provider
from tests.services.reconcile.statements import ACCOUNT, reads, ticket
from tests.services.till import Till

TODAY = date(2026, 11, 20)


async def at_the_end_of(till: Till, day: date = TODAY) -> Position:
    """The day is over and cut, if it was not yet."""
    books = till.at.store.books
    last = await books.last_cut()
    if last is None or last.date < day:
        while till.at.counter.day(till.at.clock.now()) <= day:
            till.at.clock.pass_by(hours=1)
        await cut_day(till.at.counter, books, day, by="ani")
    return await position_of(till.at.counter, books, day, [ACCOUNT])


def told(found: Position) -> dict[str, int]:
    [account] = found.accounts
    return {item.what: item.minor // 100 for item in account.steps}


def cover(found: Position) -> dict[str, int]:
    return {item.what: item.minor // 100 for item in found.cover}


def figures(found: Position) -> tuple[int, int, int | None, int]:
    """Owed, by our book, by the bank, short: in whole rupiah."""
    banked = found.banked_minor
    return (
        found.owed_minor // 100,
        found.booked_minor // 100,
        None if banked is None else banked // 100,
        found.short_minor // 100,
    )


async def test_a_day_on_which_everything_is_there(till: Till):
    await reads(till, "C200000,00 FT1 x")

    found = await at_the_end_of(till)

    assert figures(found) == (200_000, 200_000, 200_000, 0)
    assert (told(found), found.accounts[0].unexplained, cover(found)) == ({}, 0, {})


async def test_money_on_hold_and_money_without_a_name_are_owed_as_well(till: Till):
    await till.hold()
    await reads(till, "C200000,00 FT1 x", "C70000,00 FT2 y")

    found = await at_the_end_of(till)

    owed = {item.what: item.minor // 100 for item in found.owed}
    assert (owed["held"] > 0, owed["unidentified"]) == (True, 70_000)
    assert figures(found) == (270_000, 270_000, 270_000, 0)


async def test_customers_money_that_was_sent_to_a_provider_is_missing(till: Till):
    """A deposit there is not trust money: that is how such counters fail."""
    await reads(till, "C200000,00 FT1 x", "D150000,00 FT2 KE DIGIFLAZZ")

    found = await at_the_end_of(till)

    assert figures(found) == (200_000, 50_000, 50_000, 150_000)
    assert cover(found) == {"deposit:digiflazz": -150_000}


async def test_the_owners_own_money_covers_the_deposit(till: Till):
    await reads(till, "C200000,00 FT1 x")
    await fund_provider(till.at.counter, "digiflazz", Money.of(150_000, "IDR"), bank="MANDIRI", evidence="1", by="ani")

    found = await at_the_end_of(till)

    assert figures(found) == (200_000, 200_000, 200_000, 0)
    assert cover(found) == {"bank:MANDIRI": 150_000, "deposit:digiflazz": -150_000}


async def test_what_we_have_earned_is_in_the_trust_account_and_not_owed(till: Till):
    await reads(till, "C200000,00 FT1 x")
    await till.pay()

    found = await at_the_end_of(till)

    owed, booked, banked, short = figures(found)
    assert (booked, banked, short) == (200_000, 200_000, 0)
    assert owed + sum(cover(found).values()) == 200_000
    assert {name.partition(":")[0] for name in cover(found)} == {"deposit", "margin", "fee"}


async def test_before_the_bank_has_spoken_our_book_is_believed(till: Till):
    found = await at_the_end_of(till)

    assert figures(found) == (200_000, 200_000, None, 0)


async def test_a_statement_that_comes_later_tells_of_the_day_again(till: Till):
    counter, books = till.at.counter, till.at.store.books
    await at_the_end_of(till)
    first = await safeguard_last(counter, books, [ACCOUNT])
    await reads(till, "C120000,00 FT1 x")

    second = await safeguard(counter, books, TODAY, [ACCOUNT])
    third = await safeguard(counter, books, TODAY, [ACCOUNT])

    assert first is not None
    assert (first.banked_minor, first.short_minor) == (None, 0)
    assert (second.banked_minor, second.short_minor) == (12_000_000, 8_000_000)
    assert third == second == await till.at.store.read(Safeguard, "2026-11-20", "IDR")


async def test_what_is_on_its_way_is_told_line_by_line(till: Till):
    """A top-up posted by hand that the bank books tomorrow; a transfer that came after the day was cut."""
    await reads(till, "C200000,00 FT1 x", day="261119")
    await reads(till, opens=200_000)
    await till.top_up(30_000, evidence="T9")
    await at_the_end_of(till)
    await ticket(till)
    await reads(till, "C45000,00 FT2 too late for the cut", opens=200_000)

    found = await at_the_end_of(till)

    assert told(found) == {
        "2026-11-20 FT2: at the bank, not in the book of this day": 45_000,
        "2026-11-20 top_up:BCA:T9: in the book, not at the bank": -30_000,
    }
    assert (figures(found), found.accounts[0].unexplained) == ((230_000, 230_000, 245_000, 0), 0)


async def test_what_was_on_its_way_has_arrived_the_next_day(till: Till):
    await reads(till, "C200000,00 FT1 x")
    await till.top_up(30_000, evidence="T9")
    await at_the_end_of(till)
    await reads(till, "C30000,00 T9 x", opens=200_000, day="261121")

    found = await at_the_end_of(till, TODAY + timedelta(days=1))

    assert (figures(found), told(found), found.accounts[0].unexplained) == ((230_000, 230_000, 230_000, 0), {}, 0)


async def test_a_fee_that_two_operators_have_not_booked_yet_is_told(till: Till):
    await reads(till, "C200000,00 FT1 x", "D6500,00 FT2 BIAYA ADM")

    found = await at_the_end_of(till)

    assert told(found) == {"2026-11-20 FT2: at the bank, not in the book of this day": -6_500}
    assert figures(found) == (200_000, 200_000, 193_500, 6_500)


async def test_what_was_there_before_the_first_statement_is_one_line(till: Till):
    await reads(till, "C1000,00 FT1 x", opens=350_000, day="261121")

    found = await at_the_end_of(till, TODAY + timedelta(days=1))

    assert told(found) == {"different on 2026-11-20": 150_000}
    assert found.accounts[0].unexplained == 0


async def test_what_lies_in_a_gap_of_statements_is_unexplained(till: Till):
    await reads(till, "C200000,00 FT1 x")
    await reads(till, "C1000,00 FT3 x", opens=215_000, day="261122")

    found = await at_the_end_of(till, TODAY + timedelta(days=2))

    assert (told(found), found.accounts[0].unexplained // 100) == ({}, 15_000)


async def test_differences_of_long_ago_are_one_line(till: Till):
    await reads(till, "C200000,00 FT1 x", "D6500,00 FT2 BIAYA ADM")
    await at_the_end_of(till)
    till.at.clock.pass_by(days=60)
    await reads(till, "C3000,00 FT3 x", opens=193_500, day="270119")

    found = await at_the_end_of(till, date(2027, 1, 19))

    assert (told(found), found.accounts[0].unexplained) == ({"different on 2026-11-20": -6_500}, 0)


async def test_a_day_that_is_not_cut_has_no_position(till: Till):
    with pytest.raises(DayNotClosed):
        await position_of(till.at.counter, till.at.store.books, TODAY, [ACCOUNT])
    assert await safeguard_last(till.at.counter, till.at.store.books, [ACCOUNT]) is None
