"""Topping up where there is more than one way: the amount, how it is brought, and the thing that a chat shows of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from core.conversation.engine import Engine, Turn
from core.conversation.flows import FLOWS
from core.conversation.hearing import Heard
from core.conversation.session import Session
from core.conversation.talk import Talk
from core.conversation.view import Asks, View
from core.domain.money import Money
from core.domain.ticket import AMOUNTS
from core.services.card_top_up import Asked, check
from tests.support.counters import WANJIKU, Bench, bench

PRESETS = ["50000", "100000", "200000", "500000"]


@dataclass
class Customer:
    """Somebody in a chat who begins to top up, and what she sees."""

    at: Bench
    talk: Talk
    view: View

    async def answers(self, words: str) -> View:
        """By a button where one has this key, typed otherwise; a command is carried out as `listen` does."""
        option = words if words in {one.key for one in self.view.options} else None
        engine = Engine(FLOWS)
        turn = await engine.turn(self.talk, Heard(words, option=option))
        if turn.run and turn.run.command:
            step = engine.due(self.talk)
            assert step is not None
            outcome = await self.at.store.commit(turn.run.command)
            turn = await engine.go(self.talk, step.name, turn.run.then(outcome))
        return self._sees(turn)

    def _sees(self, turn: Turn) -> View:
        assert turn.view is not None
        self.talk, self.view = self.talk.at(turn.session), turn.view
        return turn.view


async def arrived(at: Bench, *, takes_cards: bool, bank: str = "BCA 1234567890") -> Customer:
    wallet = await at.customer()
    talk = Talk(
        session=Session("en", wallet.wallet_id, "main_menu").into("top_up"),
        channel="telegram",
        address="7",
        now=at.clock.now(),
        counter=replace(at.counter, bank=bank),
        inquiries=cast(Any, None),
        hurry_s=1,
        msisdn=WANJIKU,
        takes_cards=takes_cards,
    )
    turn = await Engine(FLOWS).show(talk)
    assert turn.view is not None
    return Customer(at, talk, turn.view)


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as at:
        yield at


async def test_what_is_offered_has_a_banknote_each(counter: Bench):
    customer = await arrived(counter, takes_cards=False)

    assert customer.view.asks is Asks.CHOICE
    assert [(one.key, one.picture) for one in customer.view.options] == [(key, f"banknote/{key}") for key in PRESETS]


async def test_without_cards_the_amount_is_all_that_is_asked(counter: Bench):
    customer = await arrived(counter, takes_cards=False)

    shown = await customer.answers("50000")

    [ticket] = await counter.store.tickets_awaited(limit=10)
    assert ticket.asked == Money.of(50_000, "IDR")
    assert shown.transfer is not None
    assert (shown.transfer.bank, shown.transfer.amount) == ("BCA 1234567890", ticket.amount)
    assert not shown.final


@pytest.mark.parametrize("typed", ["75000", "75.000", "75,000", " 75 000 ", "٧٥٠٠٠"])
async def test_an_amount_may_be_typed(counter: Bench, typed: str):
    await (await arrived(counter, takes_cards=False)).answers(typed)

    [ticket] = await counter.store.tickets_awaited(limit=10)
    assert ticket.asked == Money.of(75_000, "IDR")


@pytest.mark.parametrize("typed", ["7", "9999", "10500", "2001000", "-50000", "50000.50", "fifty", "50000 KES"])
async def test_what_is_no_amount_is_asked_again(counter: Bench, typed: str):
    customer = await arrived(counter, takes_cards=False)

    shown = await customer.answers(typed)

    assert shown.note == AMOUNTS["IDR"].refusal.words
    assert [one.key for one in shown.options] == PRESETS
    assert await counter.store.tickets_awaited(limit=10) == []


async def test_where_a_chat_takes_cards_the_way_is_chosen(counter: Bench):
    customer = await arrived(counter, takes_cards=True)

    shown = await customer.answers("200000")

    assert [one.key for one in shown.options] == ["transfer", "card"]
    assert await counter.store.tickets_awaited(limit=10) == []


async def test_less_than_a_card_may_bring_is_brought_by_transfer(counter: Bench):
    customer = await arrived(counter, takes_cards=True)

    shown = await customer.answers("19000")

    [ticket] = await counter.store.tickets_awaited(limit=10)
    assert shown.transfer is not None
    assert shown.transfer.amount == ticket.amount


async def test_by_transfer_a_ticket_is_opened(counter: Bench):
    customer = await arrived(counter, takes_cards=True)
    await customer.answers("200000")

    shown = await customer.answers("transfer")

    [ticket] = await counter.store.tickets_awaited(limit=10)
    assert shown.transfer is not None
    assert shown.transfer.amount == ticket.amount
    assert shown.invoice is None


async def test_by_card_an_invoice_is_shown_that_may_be_paid(counter: Bench):
    customer = await arrived(counter, takes_cards=True)
    await customer.answers("200000")

    shown = await customer.answers("card")

    assert shown.invoice is not None
    assert shown.transfer is None
    asked = Asked.of(shown.invoice.payload)
    assert asked is not None
    assert (asked.wallet_id, asked.amount) == ("w7890", Money.of(200_000, "IDR"))
    assert shown.invoice.amount == asked.amount
    await check(counter.counter, shown.invoice.payload, shown.invoice.amount)
    assert await counter.store.tickets_awaited(limit=10) == []


async def test_an_invoice_is_the_same_however_often_it_is_shown(counter: Bench):
    customer = await arrived(counter, takes_cards=True)
    await customer.answers("200000")
    first = await customer.answers("card")
    counter.clock.pass_by(minutes=5)
    later = replace(customer.talk, now=counter.clock.now())

    turn = await Engine(FLOWS).show(later)

    assert turn.view is not None
    assert turn.view.invoice == first.invoice


async def test_a_counter_without_a_bank_is_topped_up_at_the_counter(counter: Bench):
    customer = await arrived(counter, takes_cards=True, bank="")

    assert customer.view.options == ()
    assert "Give the money to the counter" in customer.view.body[0].message
