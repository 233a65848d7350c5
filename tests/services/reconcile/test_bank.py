"""Each line of a bank's statement comes to one sort; what can be is posted once, and nothing that came is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from core.domain.bank_line import NotAStatement
from core.domain.money import Money
from core.services.take_back import take_back_set_aside, take_back_top_up
from core.services.ticket import post_ticket
from core.services.top_up import PostedBefore, fund_provider
from tests.services.reconcile.statements import ACCOUNT, bank_says, booked, breaks, reads, sorts, taken, ticket
from tests.services.till import Till


@pytest.fixture(autouse=True)
def database() -> None:
    """On SQLite alone: what these stories ask of a store, those of the safeguard ask of either."""


OPENING = 200_000  # what every till begins with, as a line of the day before would show it


async def own(till: Till, kind: str, *, evidence: str = "FT1"):
    entries = await till.at.store.books.entries_on("bank:BCA", since=date(2026, 1, 1))
    return next((one for one in entries if one.key == f"{kind}:BCA:{evidence}"), None)


# ---- money that comes in


async def test_a_transfer_that_was_awaited_is_posted_and_its_owner_is_told(till: Till):
    await ticket(till)

    outcome = await reads(till, "C50371,00 FT1 TRSF ANI WIJAYA")

    assert sorts(outcome) == {"FT1": "ticket"}
    assert await till.available() == 250_371
    assert await till.delivered() == ["Rp200,000 has come into your wallet.", "Rp50,371 has come into your wallet."]
    assert await breaks(till) == []


async def test_the_same_file_again_posts_nothing(till: Till):
    await ticket(till)
    first = await reads(till, "C50371,00 FT1 x", "C70000,00 FT2 y")

    again = await reads(till, "C50371,00 FT1 x", "C70000,00 FT2 y")

    assert (again.new, [line.sort for line in again.again]) == ([], ["ticket", "unidentified"])
    assert list(again.again) == list(first.new)
    assert len(await till.at.store.books.statements_of("BCA")) == 1
    assert await booked(till) == OPENING + 120_371


async def test_two_who_read_a_file_at_once_post_it_once(till: Till):
    await ticket(till)
    lines = ["C50371,00 FT1 x", *(f"C{70_000 + place},00 GT{place} y" for place in range(20))]

    await asyncio.gather(reads(till, *lines), reads(till, *lines))

    assert await booked(till) == OPENING + 50_371 + sum(70_000 + place for place in range(20))
    assert len(await breaks(till)) == 20


async def test_what_an_operator_posted_by_hand_is_not_posted_twice(till: Till):
    await ticket(till)
    entry = (await post_ticket(till.at.counter, Money.of(50_371, "IDR"), bank="BCA", evidence="FT1", by="ani")).entry

    outcome = await reads(till, "C50371,00 FT1 x")

    assert [(line.sort, line.entry_key) for line in outcome.new] == [("matched", entry.key)]
    assert await booked(till) == OPENING + 50_371


async def test_an_operators_own_number_for_a_line_is_known_by_its_amount(till: Till):
    """And the same sum sent once more is another line."""
    await ticket(till)
    await post_ticket(till.at.counter, Money.of(50_371, "IDR"), bank="BCA", evidence="TRX-7", by="ani")

    outcome = await reads(till, "C50371,00 FT1 x", "C50371,00 FT2 x")

    assert sorts(outcome) == {"FT1": "matched", "FT2": "paid_twice"}
    assert await booked(till) == OPENING + 2 * 50_371
    assert await booked(till, "unidentified") == -50_371


async def test_who_posts_by_hand_after_the_file_is_refused(till: Till):
    await ticket(till)
    await reads(till, "C50371,00 FT1 x")

    with pytest.raises(PostedBefore):
        await till.top_up(50_371, evidence="FT1")


async def test_a_sum_that_nobody_was_asked_for_is_set_aside_at_once(till: Till):
    await ticket(till)

    outcome = await reads(till, "C50000,00 FT1 she forgot the digits")

    assert sorts(outcome) == {"FT1": "unidentified"}
    assert await booked(till, "unidentified") == -50_000
    [opened] = await till.at.store.open_breaks(limit=9)
    assert opened.break_id == "set_aside:BCA:FT1"
    assert opened.detail == "BCA FT1 of 2026-11-20: 50000 IDR, entry 2; nobody was asked to send this sum"
    assert await till.available() == 200_000


async def test_a_ticket_that_is_paid_twice_is_credited_once_and_the_rest_waits(till: Till):
    await ticket(till)

    outcome = await reads(till, "C50371,00 FT1 x", "C50371,00 FT2 x")

    assert sorts(outcome) == {"FT1": "ticket", "FT2": "paid_twice"}
    assert (await till.available(), await booked(till, "unidentified")) == (250_371, -50_371)


async def test_a_transfer_that_comes_late_is_still_hers(till: Till):
    await ticket(till)
    till.at.clock.pass_by(days=10)

    assert sorts(await reads(till, "C50371,00 FT1 x", day="261130")) == {"FT1": "ticket"}


async def test_an_old_statement_does_not_pay_a_new_ticket(till: Till):
    till.at.clock.pass_by(days=5)
    await ticket(till)

    assert sorts(await reads(till, "C50371,00 FT1 x", day="261121")) == {"FT1": "unsure"}
    assert await till.available() == 200_000


async def test_a_closed_wallet_takes_nothing_and_nothing_is_lost(till: Till):
    other = Till(till.at, await till.at.customer("+6281234567891", rupiah=0))
    await ticket(other)
    await other.change("close")

    assert sorts(await reads(till, "C50371,00 FT1 x")) == {"FT1": "unidentified"}
    assert await booked(till, "unidentified") == -50_371


async def test_interest_is_ours_only_when_two_have_said_so(till: Till):
    assert sorts(await reads(till, "C12,00 FT1 BUNGA", "C900000,00 FT2 SETORAN MODAL")) == {
        "FT1": "interest",
        "FT2": "capital",
    }
    assert await booked(till, "unidentified") == -900_012


async def test_money_dated_on_a_day_that_was_booked_is_dated_as_the_bank_has_it(till: Till):
    till.at.clock.pass_by(days=2)
    await reads(till, "C50000,00 FT1 x")

    entry = await own(till, "set_aside")
    assert entry is not None
    assert (entry.day, entry.at) == (date(2026, 11, 20), till.at.clock.now())


# ---- money that goes out


async def test_a_transfer_to_a_provider_is_in_our_deposit(till: Till):
    outcome = await reads(till, "D150000,00 FT1 TRSF KE  digiflazz A6R5UPV", opens=OPENING)

    assert sorts(outcome) == {"FT1": "funded"}
    assert (await booked(till, "deposit:digiflazz"), await booked(till)) == (150_000, 50_000)


async def test_a_transfer_to_a_provider_that_was_written_down_is_matched(till: Till):
    amount = Money.of(150_000, "IDR")
    await fund_provider(till.at.counter, "digiflazz", amount, bank="BCA", evidence="MINE-1", by="ani")

    assert sorts(await reads(till, "D150000,00 FT1 KE DIGIFLAZZ", opens=OPENING)) == {"FT1": "matched"}
    assert await booked(till, "deposit:digiflazz") == 150_000


@pytest.mark.parametrize(
    ("line", "sort"),
    [
        ("D6500,00 FT1 BIAYA ADM", "fee"),
        ("D50000,00 FT1 SETORAN PDAM", "settlement"),
        ("D50000,00 FT1 KEPADA TONO", "unknown_out"),
        ("RC50000,00 FT1 REVERSAL", "taken_away"),
    ],
)
async def test_what_goes_out_otherwise_is_posted_only_by_two_operators(till: Till, line: str, sort: str):
    assert sorts(await reads(till, line, opens=OPENING)) == {"FT1": sort}
    assert await booked(till) == OPENING
    [opened] = await till.at.store.open_breaks(limit=9)
    assert (opened.break_id, opened.kind) == ("line:BCA:FT1", sort)


async def test_money_that_went_back_to_who_sent_it_is_matched(till: Till):
    await reads(till, "C70000,00 FT1 x")
    await take_back_set_aside(till.at.counter, Money.of(70_000, "IDR"), bank="BCA", evidence="FT1", by="ani")
    till.at.clock.pass_by(days=1)

    outcome = await reads(till, "D70000,00 FT9 RETUR FT1", opens=70_000, day="261121")

    assert sorts(outcome) == {"FT9": "matched"}
    assert await breaks(till) == []


async def test_what_the_bank_undid_is_taken_back_and_then_matched(till: Till):
    """The bank undoes a transfer after the customer was credited."""
    await ticket(till)
    await reads(till, "C50371,00 FT1 x")
    till.at.clock.pass_by(days=1)
    await reads(till, "RC50371,00 FT2 REVERSAL FT1", opens=50_371, day="261121")
    assert await breaks(till) == ["taken_away"]
    till.at.clock.pass_by(days=9)
    amount = Money.of(50_371, "IDR")

    await take_back_top_up(till.at.counter, till.owner.wallet_id, amount, bank="BCA", evidence="FT1", by="ani")
    outcome = await reads(till, day="261130")

    assert [(line.evidence, line.sort) for line in outcome.later] == [("FT2", "matched")]
    assert await breaks(till) == []
    assert await till.available() == 200_000


async def test_what_comes_back_to_us_is_no_customers(till: Till):
    """The bank could not deliver what we sent to the provider, and its sum is by chance that of a ticket."""
    await ticket(till)

    assert sorts(await reads(till, "RD50371,00 FT1 RETUR")) == {"FT1": "returned"}
    assert await till.available() == 200_000


# ---- what does not fit


async def test_an_entry_with_the_same_number_and_another_amount_is_shown(till: Till):
    await till.top_up(50_000, evidence="FT1")

    assert sorts(await reads(till, "C50371,00 FT1 x")) == {"FT1": "amount"}
    assert await breaks(till) == ["amount"]
    assert await booked(till) == OPENING + 50_000


async def test_a_bank_that_counts_anew_each_day_loses_nobodys_money(till: Till):
    await ticket(till)
    await reads(till, "C70000,00 0001 x")
    till.at.clock.pass_by(days=1)

    second = await reads(till, "C50371,00 0001 y", opens=70_000, day="261121")
    again = await reads(till, "C50371,00 0001 y", opens=70_000, day="261121")

    [line] = second.new
    assert (line.sort, line.evidence) == ("ticket", line.mark)
    assert again.new == []
    assert await till.available() == 250_371


async def test_a_number_of_long_ago_is_another_lines(till: Till):
    await till.top_up(70_000, evidence="0001")
    till.at.clock.pass_by(days=9)

    [line] = (await reads(till, "C80000,00 0001 y", day="261129")).new

    assert (line.sort, line.evidence) == ("unidentified", line.mark)


async def test_a_week_in_one_file_after_its_days_is_known(till: Till):
    await ticket(till)
    await reads(till, "C50371,00 NONREF x", "C9000,00 NONREF x")
    till.at.clock.pass_by(days=1)
    await reads(till, "C9000,00 NONREF x", opens=59_371, day="261121")
    [first], [second] = (
        bank_says("C50371,00 NONREF x", "C9000,00 NONREF x"),
        bank_says("C9000,00 NONREF x", opens=59_371, day="261121"),
    )
    week = replace(second, opened_on=first.opened_on, opening_minor=0, lines=(*first.lines, *second.lines)).checked()

    outcome = await taken(till, [week])

    assert (outcome.new, len(outcome.again), outcome.gaps) == ([], 3, [])


async def test_a_statement_in_another_currency_posts_nothing(till: Till):
    assert sorts(await reads(till, "C50371,00 FT1 x", currency="USD")) == {"FT1": "currency"}
    assert await breaks(till) == ["currency"]
    assert await booked(till) == OPENING


async def test_a_statement_of_another_account_is_refused(till: Till):
    with pytest.raises(NotAStatement, match="This is a statement of account 1234567890; BCA is 999"):
        await taken(till, bank_says("C1,00 A x"), replace(ACCOUNT, account="999"))
    assert await breaks(till) == []


# ---- between statements


async def test_a_missing_day_is_noticed_and_forgotten_when_it_comes(till: Till):
    await reads(till, "C1000,00 A x", day="261118")
    outcome = await reads(till, "C3000,00 C x", opens=3_000, day="261120")
    assert [gap.opening_minor for gap in outcome.gaps] == [300_000]
    assert "statement_gap" in await breaks(till)

    outcome = await reads(till, "C2000,00 B x", opens=1_000, day="261119")

    assert outcome.gaps == []
    assert "statement_gap" not in await breaks(till)


async def test_what_no_statement_shows_is_in_transit_and_then_missing(till: Till):
    await reads(till, day="261119", opens=1)
    till.at.clock.pass_by(hours=1)
    await till.top_up(8_000, evidence="never")

    soon = await reads(till, day="261122", opens=1)
    late = await reads(till, day="261124", opens=1)

    assert [entry.key for entry in soon.in_transit] == ["top_up:BCA:opening 7890", "top_up:BCA:never"]
    assert [entry.key for entry in late.not_at_bank] == ["top_up:BCA:opening 7890", "top_up:BCA:never"]
    assert await breaks(till) == ["not_at_bank", "not_at_bank"]

    found = await reads(till, "C8000,00 never x", "C200000,00 Z x", opens=1, day="261121")

    assert set(sorts(found).values()) == {"matched"}
    assert "not_at_bank" not in await breaks(till)
