"""Money that comes in and goes back, in any order and however often it is told: each line of a statement counts once.

After every step each invariant holds, nothing acknowledged has changed, and our wallets hold what the statements say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from core.domain.money import Money
from core.domain.ticket import Ticket
from core.domain.wallet import Wallet
from core.refusal import Refusal
from core.services.card_top_up import credit, quoted
from core.services.take_back import take_back_set_aside, take_back_top_up
from core.services.ticket import open_ticket, post_ticket
from core.services.top_up import top_up_wallet
from tests.properties.machine_room import MachineRoom
from tests.services.till import Fire
from tests.support.invariants import Memory, broken

STEPS = 25
PEOPLE = {"+6281234567890": "w7890", "+6281234567891": "w7891"}
Result = TypeVar("Result")

people = st.sampled_from(sorted(PEOPLE.values()))
asked = st.sampled_from((50_000, 51_000))
lines = st.sampled_from(("1", "2", "3"))
places = st.integers(0, 20)


class MoneyIn(MachineRoom):
    """`came` holds each line that was posted: what it was, whose, and how much; `gone` those that went back."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[tuple[str, str], tuple[str, Money]] = {}
        self.gone: set[tuple[str, str]] = set()
        self.closed: set[str] = set()
        self.memory = Memory()

    @initialize()
    def people_come(self) -> None:
        for number in PEOPLE:
            self.run(self.at.customer(number, rupiah=0))

    @rule(who=people, rupiah=asked, first=st.integers(0, 3))
    def somebody_asks_for_a_sum(self, who: str, rupiah: int, first: int) -> None:
        now = self.at.clock.now()
        change = self.run(open_ticket(self.at.counter, who, Money.of(rupiah, "IDR"), now=now))
        for ticket in self.done([self.at.store.commit(replace(change, first=first))]):
            assert ticket.wallet_id == who
            assert ticket.good_at(now)

    @precondition(lambda self: self.tickets())
    @rule(place=places, line=lines, times=st.integers(1, 2))
    def her_transfer_comes(self, place: int, line: str, times: int) -> None:
        """One that is awaited, on a line that may have been read before, and by several operators at once."""
        tickets = self.tickets()
        ticket = tickets[place % len(tickets)]
        post = [post_ticket(self.at.counter, ticket.amount, bank="BCA", evidence=line, by="ani") for _ in range(times)]
        for _ in self.done(post):
            self.comes_in("BCA", line, ticket.wallet_id, ticket.amount)

    @rule(who=people, line=lines)
    def money_is_posted_by_hand(self, who: str, line: str) -> None:
        amount = Money.of(20_000, "IDR")
        if self.done([top_up_wallet(self.at.counter, who, amount, bank="BCA", evidence=line, by="ani")]):
            self.comes_in("BCA", line, who, amount)

    @rule(who=people, charge=lines, times=st.integers(1, 3))
    def a_card_is_charged(self, who: str, charge: str, times: int) -> None:
        amount = Money.of(50_000, "IDR")
        wallet = self.read(Wallet, who)
        payload = quoted(wallet, amount, self.at.clock.now())
        told = [credit(self.at.counter, payload, amount, charge_id=charge, bank="telegram") for _ in range(times)]
        assert len(self.done(told)) == times, "money that is there is never refused"
        self.came.setdefault(("TELEGRAM", charge), ("" if who in self.closed else who, amount))

    @precondition(lambda self: self.came)
    @rule(place=places, times=st.integers(1, 2))
    def it_goes_back(self, place: int, times: int) -> None:
        bank, line = sorted(self.came)[place % len(self.came)]
        who, amount = self.came[bank, line]
        counter = self.at.counter
        back: list[Coroutine[Any, Any, object]] = [
            take_back_top_up(counter, who, amount, bank=bank, evidence=line, by="ani")
            if who
            else take_back_set_aside(counter, amount, bank=bank, evidence=line, by="ani")
            for _ in range(times)
        ]
        went = self.done(back)
        assert len(went) <= ((bank, line) not in self.gone)
        self.gone |= {(bank, line)} if went else set()

    @rule(who=people)
    def an_empty_wallet_is_closed(self, who: str) -> None:
        if who not in self.closed and self.done([self.at.store.commit(Fire(who, "close"))]):
            self.closed.add(who)

    @rule(days=st.sampled_from((1, 8, 31)))
    def time_passes(self, days: int) -> None:
        self.at.clock.pass_by(days=days)

    @rule()
    def the_machine_restarts(self) -> None:
        self.run(self.restart(orderly=False))

    @invariant()
    def every_invariant_holds(self) -> None:
        assert self.run(broken(self.at.store)) == []

    @invariant()
    def nothing_acknowledged_is_lost_or_changed(self) -> None:
        assert self.run(self.memory.changed(self.at.store)) == []

    @invariant()
    def every_line_counts_once(self) -> None:
        for who in PEOPLE.values():
            wallet = self.read(Wallet, who)
            assert wallet is None or wallet.available_minor == self.due(who)
        assert -self.run(self.at.store.balance_of("unidentified")) == self.due("")

    def due(self, who: str) -> int:
        """What the lines say somebody has; a blank: nobody."""
        return sum(
            amount.minor for line, (whose, amount) in self.came.items() if whose == who and line not in self.gone
        )

    def tickets(self) -> list[Ticket]:
        return list(self.run(self.at.store.tickets_awaited(limit=100)))

    def comes_in(self, bank: str, line: str, who: str, amount: Money) -> None:
        assert (bank, line) not in self.came, "a line was posted twice"
        self.came[bank, line] = who, amount

    def done(self, work: Sequence[Coroutine[Any, Any, Result]]) -> list[Result]:
        """All at once; what came of those that were not refused."""

        async def doing() -> list[Result | BaseException]:
            return await asyncio.gather(*work, return_exceptions=True)

        done: list[Result] = []
        for outcome in self.run(doing()):
            if isinstance(outcome, BaseException):
                if not isinstance(outcome, Refusal):
                    raise outcome
            else:
                done.append(outcome)
        return done

    def teardown(self) -> None:
        self.run(self.close())
        self.runner.close()
        self.folder.cleanup()


TestMoneyIn = MoneyIn.TestCase
TestMoneyIn.settings = settings(
    max_examples=15,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
