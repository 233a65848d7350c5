"""Any customers, any providers, any order of what can happen: no rupiah is ever lost, doubled or forgotten.

The real services on a real store, against providers that remember what they truly sold. After every step each
invariant must hold and nothing acknowledged may have changed. At the end, when all faults have healed and all
statements have been read, the providers' books and ours say the same. `LOKET_MACHINE_RUNS=2000` looks longer.
"""

from __future__ import annotations

import os
import sys

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, precondition, rule

from core.domain.money import Money
from core.domain.payment import attempt_key
from core.domain.wallet import WALLET, Wallet
from core.services.deliver import deliver
from core.services.follow_up import follow, follow_up
from core.services.hear_callback import hear_callback
from core.services.top_up import PostedBefore, top_up_wallet
from tests.properties.machine_room import MachineRoom, together
from tests.properties.true_provider import COURSES, WAYS, Plan
from tests.services.panel import ANI, BUDI, Panel, panel
from tests.services.till import Fire
from tests.support.agreement import disagreements
from tests.support.counters import PIN
from tests.support.invariants import Memory, broken

RUNS = int(os.environ.get("LOKET_MACHINE_RUNS", "20"))
STEPS = 40

PEOPLE = {"+6281234567890": "w7890", "+6281234567891": "w7891"}
METERS = tuple(f"1234567890{digit}" for digit in range(1, 6))

# A second attempt that turns out paid when the first has come to its end: there is no arrow for it, but a break.
LEFT_TO_PEOPLE = {"contradiction": ("disputed", "refunded", "late", "written_off")}
# Her money is gone in these.
PAID_FOR = ("captured", "disputed")

payments = Bundle("payments")
people = st.sampled_from(sorted(PEOPLE.values()))
amounts = st.sampled_from(("20", "50"))
mostly = st.sampled_from((True, True, True, False))
plans = st.builds(Plan, arrives=mostly, course=st.sampled_from(COURSES), way=st.sampled_from(WAYS), lags=st.booleans())
places = st.integers(0, 20)


class TheCounter(MachineRoom):
    """Two customers, five meters, two providers: one that sells whenever it is asked, and one that can be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.put_in = dict.fromkeys(PEOPLE.values(), 0)
        self.memory = Memory()

    # ---- people

    @initialize()
    def people_come(self) -> None:
        for number, wallet_id in PEOPLE.items():
            self.run(self.at.customer(number, rupiah=150_000))
            self.put_in[wallet_id] += 150_000_00
        self.run(panel(self.at))

    @rule(target=payments, who=people, meter=st.sampled_from(METERS), amount=amounts, again=st.booleans(), plan=plans)
    def somebody_pays(self, who: str, meter: str, amount: str, again: bool, plan: Plan) -> str:
        return self.pay(who, meter, amount, again=again, plan=plan)

    @rule(target=payments, who=people, meter=st.sampled_from(METERS), plan=plans)
    def somebody_pays_and_the_first_provider_refuses(self, who: str, meter: str, plan: Plan) -> str:
        """And then sells it all the same."""
        payment_id = self.pay(who, meter, "20", again=True, plan=Plan(course=("refused", "sold")))
        self.send(payment_id, plan)
        return payment_id

    @rule(target=payments, who=people, meter=st.sampled_from(METERS), amount=amounts, times=st.integers(1, 3))
    def somebody_confirms_and_we_fall(self, who: str, meter: str, amount: str, times: int) -> str:
        payment_id = f"p{len(self.offers)}"
        self.offers[payment_id] = who, self.run(self.quote(payment_id, meter, amount))
        self.run(together([self.authorize(payment_id, again=True) for _ in range(times)]))
        return payment_id

    @rule(payment_id=payments, again=st.booleans())
    def it_is_confirmed_once_more(self, payment_id: str, again: bool) -> None:
        self.run(self.authorize(payment_id, again=again))

    @rule(who=people, rupiah=st.sampled_from((10_000, 60_000)), evidence=st.integers(1, 3))
    def money_comes_in(self, who: str, rupiah: int, evidence: int) -> None:
        amount = Money.of(rupiah, "IDR")
        try:
            self.run(top_up_wallet(self.at.counter, who, amount, bank="BCA", evidence=f"TRX-{evidence}", by="ani"))
            self.put_in[who] += amount.minor
        except PostedBefore:
            pass

    @rule(who=people, meter=st.sampled_from(METERS), event=st.sampled_from(("freeze", "lock")))
    def somebody_pays_from_a_stopped_wallet(self, who: str, meter: str, event: str) -> None:
        if not WALLET.allows(self.read(Wallet, who).state, event):
            return
        self.run(self.at.store.commit(Fire(who, event)))
        self.pay(who, meter, "20", again=True, plan=Plan())
        self.run(self.at.store.commit(Fire(who, {"freeze": "thaw", "lock": "unlock"}[event])))

    @rule(who=people, pins=st.lists(st.sampled_from((PIN, "4826")), min_size=1, max_size=8))
    def pins_are_typed_at_once(self, who: str, pins: list[str]) -> None:
        wallet = self.read(Wallet, who)
        self.run(together([self.guess(wallet, pin) for pin in pins]))

    # ---- what we do

    @rule(payment_id=payments, plan=plans)
    def it_is_sent(self, payment_id: str, plan: Plan) -> None:
        self.send(payment_id, plan)

    @rule(payment_id=payments, plan=plans)
    def it_is_looked_at(self, payment_id: str, plan: Plan) -> None:
        payment = self.find(payment_id)
        if payment and payment.look_at:
            self.go_by(plan)
            self.run(self.begin(follow(self.at.counter, payment)))

    @rule(plan=plans.filter(lambda plan: plan.way != "held"))
    def a_round_is_made(self, plan: Plan) -> None:
        self.go_by(plan)
        self.run(follow_up(self.at.counter))

    @rule(course=st.sampled_from(COURSES))
    def all_is_well_for_an_hour(self, course: tuple[str, ...]) -> None:
        self.go_by(Plan(course=course))
        self.at.clock.pass_by(hours=1)
        self.run(follow_up(self.at.counter))

    @rule(broken_line=st.booleans())
    def messages_are_sent(self, broken_line: bool) -> None:
        self.at.phones.broken = broken_line
        self.run(deliver(self.at.counter, self.at.phones))

    @rule(orderly=st.booleans())
    def the_machine_restarts(self, orderly: bool) -> None:
        self.run(self.restart(orderly=orderly))

    # ---- what happens meanwhile

    @rule(minutes=st.sampled_from((1, 5, 16, 60, 1500)))
    def time_passes(self, minutes: int) -> None:
        self.at.clock.pass_by(minutes=minutes)

    @precondition(lambda self: any(provider.held for provider in self.providers))
    @rule()
    def late_answers_arrive(self) -> None:
        self.run(self.let_go())

    @precondition(lambda self: any(self.sales()))
    @rule(place=places)
    def a_sale_goes_on(self, place: int) -> None:
        _, sale = self.sale_at(place)
        sale.move_on()

    @precondition(lambda self: any(self.sales()))
    @rule(place=places, times=st.integers(1, 3))
    def a_callback_comes(self, place: int, times: int) -> None:
        provider, sale = self.sale_at(place)
        hint = provider.callback(sale.attempt.key)
        self.run(together([hear_callback(self.at.counter, hint) for _ in range(times)]))

    @precondition(lambda self: any(self.sales()))
    @rule(place=places)
    def a_line_of_a_statement_is_read(self, place: int) -> None:
        provider, sale = self.sale_at(place)
        self.run(self.read_statement(provider, sale.attempt))

    # ---- what operators decide

    @precondition(lambda self: any(self.in_state("review")))
    @rule(place=places)
    def two_read_in_the_providers_panel_what_became_of_one(self, place: int) -> None:
        waits = self.in_state("review")
        payment = waits[place % len(waits)]
        sale = self.sale_under(attempt_key(payment.payment_id, payment.attempt))
        if sale is None or sale.state in ("failed", "refused", "given_back"):
            if sale is not None:
                sale.said_no = True
            self.decided(f"payment:{payment.payment_id}", "voided")
        elif sale.kept:
            self.decided(f"payment:{payment.payment_id}", "captured", cost=f"{sale.cost.major}")

    @precondition(lambda self: any(self.in_state("late")))
    @rule(place=places)
    def what_came_late_is_written_off(self, place: int) -> None:
        late = self.in_state("late")
        self.decided(f"payment:{late[place % len(late)].payment_id}", "write_off")

    @rule(payment_id=payments)
    def one_operator_disputes_it(self, payment_id: str) -> None:
        payment = self.find(payment_id)
        if payment and payment.state == "captured":
            self.run(Panel(self.at, [ANI, BUDI]).say(ANI, f"payment:{payment_id}", "dispute"))

    @precondition(lambda self: any(self.in_state("disputed")))
    @rule(place=places, verdict=st.sampled_from(("uphold", "reject")))
    def two_end_a_dispute(self, place: int, verdict: str) -> None:
        disputed = self.in_state("disputed")
        self.decided(f"payment:{disputed[place % len(disputed)].payment_id}", verdict)

    @rule(payment_id=payments, verdict=st.sampled_from(("voided", "write_off", "undo", "uphold", "dispute")))
    def one_alone_proposes_and_another_one_rejects_it(self, payment_id: str, verdict: str) -> None:
        self.only_proposed(f"payment:{payment_id}", verdict)

    @precondition(lambda self: any(self.open_claims()))
    @rule(place=places, verdict=st.sampled_from(("paid", "lost")))
    def a_claim_ends(self, place: int, verdict: str) -> None:
        claims = self.open_claims()
        self.decided(f"break:{claims[place % len(claims)]}", verdict)

    # ---- what must always be true

    @invariant()
    def every_invariant_holds(self) -> None:
        assert self.run(broken(self.at.store)) == []

    @invariant()
    def nothing_acknowledged_is_lost_or_changed(self) -> None:
        assert self.run(self.memory.changed(self.at.store)) == []

    # ---- and what must be true at the end

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.run(self._heal())
                self.every_invariant_holds()
                self.run(self._compare())
        finally:
            self.run(self.close())
            self.runner.close()
            self.folder.cleanup()

    async def _heal(self) -> None:
        """All is well again, everything comes to its end, and the statements are read."""
        self.go_by(Plan())
        await self.let_go()
        for provider, sale in list(self.sales()):
            while len(sale.states) > 1:
                sale.move_on()
            await hear_callback(self.at.counter, provider.callback(sale.attempt.key))
        for _ in range(12):
            self.at.clock.pass_by(hours=1)
            while await follow_up(self.at.counter):
                pass
        for provider, sale in list(self.sales()):
            await self.read_statement(provider, sale.attempt)
        self.at.phones.broken = False
        while await deliver(self.at.counter, self.at.phones):
            pass

    async def _compare(self) -> None:
        """Nothing is open, every provider kept money exactly where our book says so, and nobody lost a rupiah."""
        sales = {sale.attempt.key: sale for _, sale in self.sales()}
        kept = {key for key, sale in sales.items() if sale.kept}
        assert await disagreements(self.at.store, kept, left_to_people=LEFT_TO_PEOPLE) == []
        for who, much in self.put_in.items():
            wallet = await self.at.store.read(Wallet, who)
            paid = await self.at.store.payments_of(who, limit=2 * STEPS)
            assert wallet is not None
            assert wallet.available_minor == much - sum(one.total.minor for one in paid if one.state in PAID_FOR)
        for payment in await self.at.store.payments_in("late"):
            bought = [sale for sale in sales.values() if sale.kept and sale.attempt.payment_id == payment.payment_id]
            assert all(sale.said_no for sale in bought), f"{payment.payment_id} was given up before anybody said no"


TestTheCounter = TheCounter.TestCase
TestTheCounter.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
