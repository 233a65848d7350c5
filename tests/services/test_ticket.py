"""A transfer is known again by its sum: nobody else has it, it is posted once, and a late one is nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from textwrap import dedent

import pytest

from core.domain.money import Money
from core.domain.ticket import AMOUNTS, LASTS, NotBrought, Ticket
from core.domain.wallet import Wallet, WalletCannotReceive
from core.ports import Book, Key
from core.services.ticket import (
    NoSumFree,
    NoTicket,
    OpenTicket,
    TicketForgotten,
    TicketMet,
    TicketPosted,
    open_ticket,
    post_ticket,
)
from core.services.top_up import OtherCurrency, PostedBefore
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.ledger import ledger

OTHER = "+6281234567891"
A_THIRD = "+6281234567892"


def rupiah(whole: int) -> Money:
    return Money.of(whole, "IDR")


async def asked(till: Till, whole: int = 50_000, *, first: int = 370) -> Ticket:
    """The customer asks; chance says which sum is tried first."""
    change = await open_ticket(till.at.counter, till.owner.wallet_id, rupiah(whole), now=till.at.clock.now())
    return await till.at.store.commit(replace(change, first=first))


async def found(till: Till, whole: int, *, evidence: str = "TRX-1") -> TicketMet:
    """An operator sees this sum on the statement."""
    return await post_ticket(till.at.counter, rupiah(whole), bank="BCA", evidence=evidence, by="ani")


async def another(till: Till, number: str = OTHER) -> Till:
    return Till(till.at, await till.at.customer(number, rupiah=0))


@dataclass(frozen=True, slots=True)
class TakeEverySum:
    """As if 999 people were bringing 50,000."""

    wallet_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> None:
        asked = rupiah(50_000)
        for sum_ in AMOUNTS["IDR"].sums(asked, 0):
            book.put(Ticket("IDR", sum_.minor, self.wallet_id, asked.minor, self.now, self.now + LASTS))


# ---- asking


async def test_a_sum_of_her_own_is_to_be_sent_within_a_day(till: Till):
    ticket = await asked(till)

    assert (ticket.amount, ticket.asked) == (rupiah(50_371), rupiah(50_000))
    assert ticket.good_until == till.at.clock.now() + LASTS


async def test_asked_again_it_is_the_same_one(till: Till):
    first = await asked(till)
    till.at.clock.pass_by(hours=23)

    again = await asked(till, first=5)

    assert (again.amount, again.good_until) == (first.amount, till.at.clock.now() + LASTS)
    assert await till.at.store.tickets_awaited(limit=10) == [again]


async def test_whoever_asks_each_week_takes_up_one_sum(till: Till):
    sums = set()
    for week in range(10):
        sums.add((await asked(till, first=week)).amount)
        till.at.clock.pass_by(days=7)

    assert sums == {rupiah(50_001)}
    assert (await found(till, 50_001)).late


async def test_after_a_month_she_is_given_another_sum(till: Till):
    await asked(till)
    till.at.clock.pass_by(days=30)

    assert (await asked(till, first=5)).amount == rupiah(50_006)


async def test_what_has_come_is_not_asked_for_again(till: Till):
    await asked(till)
    await found(till, 50_371)

    assert (await asked(till)).amount == rupiah(50_372)


async def test_a_sum_that_is_somebody_elses_by_now_is_not_hers_again(till: Till):
    """Two who ask at the same moment, one of whom was given this sum long ago."""
    await asked(till)
    till.at.clock.pass_by(days=30)
    change = await open_ticket(till.at.counter, till.owner.wallet_id, rupiah(50_000), now=till.at.clock.now())
    await asked(await another(till))

    assert (await till.at.store.commit(replace(change, first=370))).amount == rupiah(50_372)


async def test_of_a_thousand_sums_hardly_one_is_read(till: Till):
    change = await open_ticket(till.at.counter, till.owner.wallet_id, rupiah(50_000), now=till.at.clock.now())

    assert [key.kind for key in change.wants()] == [Wallet]


async def test_another_amount_is_another_ticket(till: Till):
    first, second = await asked(till), await asked(till, 51_000)

    assert (first.amount, second.amount) == (rupiah(50_371), rupiah(51_371))


async def test_nobody_else_gets_her_sum(till: Till):
    other = await another(till)

    first, second = await asked(till), await asked(other)

    assert (first.amount, second.amount) == (rupiah(50_371), rupiah(50_372))


async def test_many_who_ask_at_once_get_a_sum_each(till: Till):
    people = [await till.at.customer(f"+62812345700{place:02}", rupiah=0) for place in range(12)]

    tickets = await asyncio.gather(*(asked(Till(till.at, one), first=998) for one in people))

    assert {one.amount for one in tickets} == {rupiah(50_000 + tail) for tail in (999, *range(1, 12))}


async def test_chance_says_where_to_begin(till: Till):
    other = await another(till)
    for one in (till, other):
        await till.at.store.commit(
            await open_ticket(till.at.counter, one.owner.wallet_id, rupiah(50_000), now=till.at.clock.now())
        )

    sums = {one.amount for one in await till.at.store.tickets_awaited(limit=10)}
    assert len(sums) == 2
    assert all(rupiah(50_000) < sum_ < rupiah(51_000) for sum_ in sums)


async def test_a_ticket_that_ran_out_keeps_its_sum_for_a_month(till: Till):
    ran_out = await asked(till)
    till.at.clock.pass_by(days=2)
    second = await asked(await another(till, A_THIRD))
    till.at.clock.pass_by(days=28)

    assert second.amount == rupiah(50_372)
    again = await asked(await another(till))
    assert (again.amount, again.wallet_id) == (ran_out.amount, "w7891")


async def test_when_no_sum_is_free_she_is_sent_to_the_counter(till: Till):
    await till.at.store.commit(TakeEverySum(till.owner.wallet_id, till.at.clock.now()))

    with pytest.raises(NoSumFree):
        await asked(await another(till))
    assert (await asked(await another(till, A_THIRD), 51_000)).amount == rupiah(51_371)


@pytest.mark.parametrize("whole", [9_000, 50_500, 3_000_000])
async def test_an_amount_out_of_bounds_is_refused(till: Till, whole: int):
    with pytest.raises(NotBrought):
        await asked(till, whole)


async def test_a_closed_wallet_and_a_strange_currency_have_no_ticket(till: Till):
    empty = await another(till)
    await empty.change("close")

    with pytest.raises(WalletCannotReceive):
        await asked(empty)
    with pytest.raises(OtherCurrency):
        await till.at.store.commit(OpenTicket(till.owner.wallet_id, Money.of(500, "KES"), 1, till.at.clock.now()))


# ---- posting


async def test_what_came_is_in_the_wallet_to_the_last_digit_and_on_the_phone(till: Till):
    await asked(till)

    met = await found(till, 50_371)

    assert await till.available() == 250_371
    assert not met.late
    assert ledger(met.entry) == dedent("""
        top_up
            bank:BCA 50371
            wallet:w7890 -50371
        """)
    assert "Rp50,371 has come into your wallet." in await till.delivered()
    assert await till.at.store.tickets_awaited(limit=10) == []


async def test_a_sum_that_nobody_was_asked_for_posts_nothing(till: Till):
    await asked(till)

    with pytest.raises(NoTicket):
        await found(till, 50_372)
    assert await till.available() == 200_000


async def test_the_same_sum_a_second_time_names_the_entry(till: Till):
    await asked(till)
    met = await found(till, 50_371)

    with pytest.raises(TicketPosted) as refused:
        await found(till, 50_371, evidence="TRX-2")
    assert refused.value.values == {"amount": rupiah(50_371), "index": met.entry.index}
    assert await till.available() == 250_371


async def test_a_line_of_the_statement_meets_one_ticket(till: Till):
    await asked(till)
    await asked(till, 100_000)
    await found(till, 50_371)

    with pytest.raises(PostedBefore):
        await found(till, 100_371)
    assert [one.amount for one in await till.at.store.tickets_awaited(limit=10)] == [rupiah(100_371)]


async def test_operators_who_post_at_once_post_once(till: Till):
    await asked(till)

    outcomes = await asyncio.gather(
        *(found(till, 50_371, evidence=f"TRX-{place}") for place in range(8)), return_exceptions=True
    )

    assert sum(isinstance(one, TicketMet) for one in outcomes) == 1
    assert await till.available() == 250_371


async def test_a_late_transfer_is_hers_and_the_operator_sees_that_it_is_late(till: Till):
    await asked(till)
    till.at.clock.pass_by(days=3)

    met = await found(till, 50_371)

    assert (met.late, met.wallet.wallet_id) == (True, till.owner.wallet_id)


async def test_after_a_month_nobody_can_be_sure(till: Till):
    await asked(till)
    till.at.clock.pass_by(days=30)

    with pytest.raises(TicketForgotten):
        await found(till, 50_371)


async def test_a_sum_rests_for_a_day_after_it_came(till: Till):
    await asked(till)
    await found(till, 50_371)
    resting = await asked(await another(till))
    till.at.clock.pass_by(days=1, seconds=1)

    assert resting.amount == rupiah(50_372)
    assert (await asked(await another(till, A_THIRD))).amount == rupiah(50_371)


async def test_a_wallet_closed_meanwhile_leaves_the_ticket_awaited(till: Till):
    empty = await another(till)
    await asked(empty)
    await empty.change("close")

    with pytest.raises(WalletCannotReceive):
        await found(till, 50_371)
    [awaited] = await till.at.store.tickets_awaited(limit=10)
    assert awaited.posted_at is None


async def test_a_ticket_survives_a_restart(tmp_path: Path):
    async with bench(tmp_path) as at:
        till = Till(at, await at.customer())
        await asked(till)
    async with bench(tmp_path) as at:
        owner = await at.store.read(Wallet, "w7890")
        assert owner is not None
        assert (await found(Till(at, owner), 50_371)).wallet.available == rupiah(250_371)
