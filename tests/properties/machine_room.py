"""What stands behind the machine's rules: one event loop, one store that is closed and opened, answers that wait."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from core.domain.approval import NotPossible
from core.domain.payment import Attempt, Payment
from core.domain.pin import Place
from core.domain.pricing import Quote
from core.domain.wallet import Wallet
from core.services.follow_up import recover
from core.services.inquire import priced
from core.services.pay import Authorize, same_bill
from core.services.pins import tried
from core.services.settle import settle
from core.services.submit import submit
from tests.properties.true_provider import Plan, Sale, TrueProvider
from tests.services.panel import ANI, BUDI, Panel
from tests.support.counters import Bench, bench
from tests.support.second_provider import TOKEN, sold_by

A_LOOK = 0.0005


class MachineRoom(RuleBasedStateMachine):
    """`offers` are the quotes by payment, each with whose it is; `running` is what waits for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = AsyncExitStack()
        self.offers: dict[str, tuple[str, Quote]] = {}
        self.running: set[asyncio.Task[Any]] = set()
        self.providers: list[TrueProvider] = []
        self.at = self.run(self._open())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def pay(self, who: str, meter: str, amount: str, *, again: bool, plan: Plan) -> str:
        """As the conversation does it: price, hold, send."""
        payment_id = f"p{len(self.offers)}"
        self.offers[payment_id] = who, self.run(self.quote(payment_id, meter, amount))
        self.run(self.authorize(payment_id, again=again))
        self.send(payment_id, plan)
        return payment_id

    def send(self, payment_id: str, plan: Plan) -> None:
        if self.find(payment_id):
            self.go_by(plan)
            self.run(self.begin(submit(self.at.counter, payment_id)))

    async def _open(self) -> Bench:
        at = await self.opened.enter_async_context(bench(Path(self.folder.name)))
        names = {"digiflazz": True, "other": False}
        self.providers += [TrueProvider(name, at.clock, resends=resends) for name, resends in names.items()]
        return replace(at, counter=sold_by(at.counter, *self.providers))

    async def restart(self, *, orderly: bool) -> None:
        if orderly:
            await self.let_go()
        await self.close()
        before, again = self.at, await self.opened.enter_async_context(bench(Path(self.folder.name)))
        self.at = replace(before, store=again.store, counter=replace(before.counter, store=again.store))
        await recover(self.at.counter)

    async def close(self) -> None:
        """Whoever waits for an answer is gone, and so is the answer."""
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()
        for provider in self.providers:
            provider.held.clear()
        await self.opened.aclose()

    async def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Go on until it is done, or waits for an answer that is held back."""
        waited = self._waiting()
        task = asyncio.create_task(work)
        self.running.add(task)
        while not task.done() and self._waiting() == waited:
            await asyncio.wait({task}, timeout=A_LOOK)
        self._reap()

    async def let_go(self) -> None:
        for provider in self.providers:
            provider.let_go()
        if self.running:
            await asyncio.wait(self.running)
        self._reap()

    def _reap(self) -> None:
        for task in [task for task in self.running if task.done()]:
            self.running.remove(task)
            task.result()

    def _waiting(self) -> int:
        return sum(len(provider.held) for provider in self.providers)

    def go_by(self, plan: Plan) -> None:
        for provider in self.providers:
            provider.plan = plan

    def sales(self) -> Iterator[tuple[TrueProvider, Sale]]:
        return ((provider, sale) for provider in self.providers for sale in provider.sales.values())

    def decided(self, subject: str, verdict: str, **details: str) -> None:
        """Two operators say the same; what cannot be is refused to them, and nothing is left proposed."""
        with contextlib.suppress(NotPossible):
            self.run(Panel(self.at, [ANI, BUDI]).both_say(subject, verdict, **details))

    def only_proposed(self, subject: str, verdict: str) -> None:
        """One operator proposes what the other one rejects; to look into a payment takes one alone, and is ended."""
        operators = Panel(self.at, [ANI, BUDI])
        try:
            said = self.run(operators.say(ANI, subject, verdict))
        except NotPossible:
            return
        if said.done:
            self.decided(subject, "reject")
        else:
            self.run(operators.reject(BUDI, subject))

    def in_state(self, state: str) -> list[Payment]:
        return sorted(self.run(self.at.store.payments_in(state)), key=lambda one: one.payment_id)

    def open_claims(self) -> list[str]:
        breaks = self.run(self.at.store.open_breaks(limit=500))
        return sorted(one.break_id for one in breaks if one.kind == "claim")

    def sale_under(self, key: str) -> Sale | None:
        return next((sale for _, sale in self.sales() if sale.attempt.key == key), None)

    def sale_at(self, place: int) -> tuple[TrueProvider, Sale]:
        sales = list(self.sales())
        return sales[place % len(sales)]

    async def read_statement(self, provider: TrueProvider, attempt: Attempt) -> None:
        await settle(self.at.counter, attempt, provider.statement(attempt), source="operator")

    async def guess(self, wallet: Wallet, pin: str) -> None:
        await self.at.store.commit(await tried(self.at.counter, wallet, pin, place=Place("ussd", proven=True)))

    async def quote(self, payment_id: str, meter: str, amount: str) -> Quote:
        sold = self.at.counter.catalogue.product(TOKEN)
        return await priced(
            self.at.counter, sold, payment_id=payment_id, reference=meter, denomination_id=amount, bill=None
        )

    async def authorize(self, payment_id: str, *, again: bool) -> None:
        who, offer = self.offers[payment_id]
        now = self.at.clock.now()
        day = self.at.counter.day(now)
        earlier = tuple(one.payment_id for one in await same_bill(self.at.store, who, offer))
        await self.at.store.commit(Authorize(offer, who, "prepaid", "ussd", now, day, again=again, earlier=earlier))

    def find(self, payment_id: str) -> Payment | None:
        found: Payment | None = self.run(self.at.store.read(Payment, payment_id))
        return found

    def read(self, kind: type[Any], *parts: str) -> Any:
        return self.run(self.at.store.read(kind, *parts))


async def together(work: list[Coroutine[Any, Any, Any]]) -> None:
    await asyncio.gather(*work)
