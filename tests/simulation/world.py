"""The world of one seed: a machine with a disk, the processes on it, two providers, customers, an operator, and all
that can go wrong between them. The same seed is the same world, step by step."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections import Counter as Count
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from core.conversation.view import Page
from core.domain.claim import Fenced
from core.domain.payment import Payment
from core.ports import StoreDown
from core.refusal import Fault, Refusal
from core.services.counter import Terms
from core.services.hear_callback import hear_callback
from tests.simulation import stage
from tests.simulation.disk import DISK, Disk, room
from tests.simulation.loop import LIFE, Crash, SeededLoop
from tests.simulation.people import Chats, People, Phones, last_words
from tests.simulation.plan import STRIKES, Event, Plan
from tests.simulation.process import EVENT, LONGEST_REST_S, SHORTEST_REST_S, Process
from tests.simulation.providers import callback_of
from tests.simulation.sales import Sale, Sales
from tests.simulation.strikes import strike
from tests.simulation.truth import settled_everywhere
from tests.simulation.watch import Broken, Watch
from tests.support.fakes import NOON, QuickVault


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a seed. `failure` is empty when all held; `digest` is of everything that happened, in order."""

    plan: Plan
    failure: str
    digest: str
    steps: int
    commits: int
    happened: Count[str]


class WorldClock:
    """The machine's clock: the time of the world, and how wrong it is. One that went ahead stays ahead."""

    def __init__(self, loop: SeededLoop) -> None:
        self._loop = loop
        self._wrong = self._ahead = timedelta(0)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self._loop.time()) + self._wrong

    def go_wrong(self, by: timedelta) -> None:
        self._wrong += by
        self._ahead = max(self._ahead, self._wrong)

    def put_right(self) -> None:
        self._wrong = self._ahead


class EventIds:
    """Ids in a row for each event, so that an event left out changes no id of another."""

    def __init__(self) -> None:
        self._counts: Count[str] = Count()

    def new(self) -> str:
        event = EVENT.get()
        self._counts[event] += 1
        return f"{event}x{self._counts[event]}"

    def case_number(self) -> str:
        self._counts["case"] += 1
        return f"{100_000 + self._counts['case']}"

    def secret(self) -> str:
        return "secret"


class World:
    """One simulation. `happened` counts faults and failures by name."""

    def __init__(self, plan: Plan, folder: Path, *, told: Callable[[str], None] | None = None) -> None:
        self.plan, self.kinds = plan, plan.kinds
        self.chance = Random(f"world {plan.seed}")
        self.loop = SeededLoop(  # type: ignore[abstract]  # it is asked for nothing else
            Random(f"loop {plan.seed}"), in_order=plan.in_order
        )
        self.clock, self.ids, self.terms = WorldClock(self.loop), EventIds(), Terms()
        self.catalogue, self.words, self.vault = stage.catalogue(), stage.words(), QuickVault()
        self.disk = Disk(folder)
        self.disk.committed, self.disk.happened = self._committed, self.happened
        self.watch = Watch(self.disk)
        self.sales = {name: self._sales(name) for name in ("digiflazz", "other")}
        self.people, self.phones, self.chats = People(self), Phones(self), Chats(self)
        self.counts: Count[str] = Count()
        self.asked: set[tuple[str, str]] = set()
        self.came: dict[str, list[tuple[str, str]]] = {}
        self.calls = 0
        self.partitioned = False
        self.healed = False
        self.server: Process | None = None
        self.processes: list[Process] = []
        self._ends: dict[Process, asyncio.Future[None]] = {}
        self._sleepers: list[tuple[float, Callable[[], float], asyncio.Future[None]]] = []
        self._digest = hashlib.blake2b(digest_size=12)
        self._told = told

    def _sales(self, name: str) -> Sales:
        return Sales(
            name,
            self.plan.seed,
            self.kinds,
            self.loop.time,
            self.happened,
            self._sold if name == "digiflazz" else _nothing,
        )

    # ---- what is written down of it

    def trace(self, *words: object) -> None:
        line = f"{self.loop.time():.3f} {' '.join(map(str, words))}"
        self._digest.update(line.encode())
        if self._told:
            self._told(line)

    def happened(self, what: str) -> None:
        self.counts[what] += 1
        self.trace("!", what)

    def fail(self, why: str) -> None:
        """The first thing that is wrong ends the run, whoever may catch what is raised meanwhile."""
        self.loop.stop_with(Broken(why))

    def bug(self, error: BaseException) -> None:
        self.fail(f"a bug: {error!r}")

    def logged(self, event: str, error: BaseException | None) -> None:
        """Of what the processes log as errors, only these are expected."""
        if isinstance(error, (Fault, Crash)) or (isinstance(error, LookupError) and "a bug that" in str(error)):
            return
        if error is not None:
            self.bug(error)

    # ---- chance

    def may(self, kind: str, chance: Random) -> bool:
        """Whether a fault of a kind happens now, if this seed allows it."""
        if self.healed or kind not in self.kinds or chance.random() >= 0.4:
            return False
        self.happened(kind)
        return True

    def fate(self, *kinds: str) -> str:
        return next((kind for kind in kinds if self.may(kind, self.chance)), "")

    # ---- the run

    def run(self) -> Outcome:
        DISK.append(self.disk)
        failure = ""
        try:
            with stage.errors_heard(self.logged):
                self.watch.open()
                self.watch.look()
                self.loop.run(self._live())
        except Exception as error:  # noqa: BLE001  # whatever it is, the seed is what must be told
            failure = f"{type(error).__name__}: {error}"
        finally:
            for process in self.processes:
                self._close(process)
            self.watch.close()
            DISK.remove(self.disk)
        return Outcome(self.plan, failure, self._digest.hexdigest(), self.loop.steps, self.watch.looks, self.counts)

    async def _live(self) -> None:
        self._needed(self._supervise())
        deeds = []
        for event in self.plan.events:
            await asyncio.sleep(event.after_s)
            self.trace("event", event.number, event.kind)
            work = strike(self, event) if event.kind in STRIKES else self._deed(event)
            deeds.append(self._needed(work))
        for deed in deeds:
            await asyncio.wait({deed})
        await self._heal()
        await settled_everywhere(self)

    def _needed(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A part of the world itself: what it raises ends the run."""
        task = self.loop.create_task(work)
        task.add_done_callback(self._is_well)
        return task

    def _is_well(self, task: asyncio.Task[None]) -> None:
        if error := task.exception():
            self.loop.stop_with(error)

    async def _deed(self, event: Event) -> None:
        match event.kind:
            case "call":
                await self.people.call(event)
            case "buy":
                await self.people.buy(event)
            case "update":
                await self.people.update(event)
            case "top_up":
                await self.people.top_up(event)
            case "take_back":
                await self.people.take_back(event)

    # ---- processes

    async def _supervise(self) -> None:
        while True:
            process = Process(self, f"server {len(self.processes)}", owner=True)
            self.server = process
            await self.began(process)
            await self._ends[process]
            await asyncio.sleep(self.chance.choice((0.1, 1.0, 3.0)))

    async def began(self, process: Process) -> bool:
        """Whether it serves now. One that cannot open its store is gone."""
        self.processes.append(process)
        self._ends[process] = self.loop.create_future()
        self.trace("begins", process.name)
        beginning = process.task(process.begin())
        await asyncio.wait({beginning, self._ends[process]}, return_when=asyncio.FIRST_COMPLETED)
        if beginning.done() and not process.dead and (error := beginning.exception()):
            if not isinstance(error, (Fault, OSError)) and "disk" not in str(error):
                self.bug(error)
            self.kill(process)
        return process.ready

    def kill(self, process: Process) -> None:
        """At once and without a word; what it held in memory is gone, and its locks with it."""
        if process.dead:
            return
        self.trace("killed", process.name)
        try:
            self._note_stages()
            self._gone(process)
            if not any(not one.dead for one in self.processes):
                self._find_files(power_cut=False)
        except Exception as error:  # noqa: BLE001  # the dying process may catch what it likes
            self.loop.stop_with(error)

    def _gone(self, process: Process) -> None:
        process.dead, process.ready = True, False
        self.disk.close_of(process)
        if not self._ends[process].done():
            self._ends[process].set_result(None)

    def leave(self, process: Process) -> None:
        """It ends because nobody knows what its store holds."""
        if not process.dead:
            self.happened("store lost, process ended")
            self.kill(process)

    def still_usable(self, process: Process) -> None:
        if not process.store.usable:
            self.leave(process)

    def _find_files(self, *, power_cut: bool) -> None:
        self.disk.start_afresh(chance=self.chance, power_cut=power_cut)
        self.watch.open()
        self.watch.look_at_all()

    def process_now(self) -> Process:
        """Whose step this is."""
        process = LIFE.get()
        assert isinstance(process, Process)
        return process

    async def serving(self) -> Process:
        while self.server is None or not self.server.ready:  # noqa: ASYNC110  # the loop has no time to lose
            await asyncio.sleep(0.5)
        return self.server

    async def some_process(self, chance: Random) -> Process:
        """The server, or any guest beside it."""
        server = await self.serving()
        guests = [one for one in self.processes if one.ready and not one.owner and not one.frozen]
        return chance.choice([server, *guests])

    async def wait_for(self, task: asyncio.Task[Any]) -> None:
        """As long as anybody would. What it raises is a bug, unless the store was down or another took over."""
        done, _ = await asyncio.wait({task}, timeout=120)
        if not done:
            return
        with suppress(StoreDown, Fenced, Crash, Refusal, LookupError if "poison" in self.kinds else StoreDown):
            task.result()

    async def rest(self, due: Callable[[], float]) -> None:
        """Until something is due, or a commit makes something due earlier."""
        wait_s = min(max(due(), SHORTEST_REST_S), LONGEST_REST_S) * (1 + 0.1 * self.chance.random())
        waiting: asyncio.Future[None] = self.loop.create_future()
        self._sleepers.append((self.loop.time() + wait_s, due, waiting))
        self.loop.call_later(wait_s, _wake, waiting)
        await waiting

    def next_look(self) -> float:
        """Seconds until the next payment is to be looked at, by the machine's clock."""
        return self._until(one.look_at for one in self.watch.payments)

    def next_message(self) -> float:
        return self._until(one.due_at for one in self.watch.messages if not one.patient)

    def _until(self, moments: Iterable[datetime | None]) -> float:
        first = min((moment for moment in moments if moment is not None), default=None)
        return LONGEST_REST_S if first is None else (first - self.clock.now()).total_seconds()

    def _nudge(self) -> None:
        """Whoever rests too long for what is due now is woken."""
        now, dues = self.loop.time(), dict[Callable[[], float], float]()
        staying = []
        for until, due, waiting in self._sleepers:
            if waiting.done():
                continue
            if due not in dues:
                dues[due] = due()
            if now + max(dues[due], SHORTEST_REST_S) < until - SHORTEST_REST_S:
                self.loop.call_later(0.05, _wake, waiting)
            else:
                staying.append((until, due, waiting))
        self._sleepers = staying

    def _committed(self) -> None:
        try:
            for line in self.watch.look():
                self.trace(line)
            self._nudge()
        except Exception as error:  # noqa: BLE001  # the committing process may catch what it likes
            self.loop.stop_with(error)

    def fall(self, *, power_cut: bool) -> None:
        """All processes of the machine at once."""
        living = [one for one in self.processes if not one.dead]
        if living:
            self._note_stages()
        for process in living:
            self._gone(process)
        self._find_files(power_cut=power_cut)

    def end_of(self, process: Process) -> asyncio.Future[None]:
        """Done once the process is gone."""
        return self._ends[process]

    def wake_all(self) -> None:
        """Whoever rests looks at the clock again."""
        for _until, _due, waiting in self._sleepers:
            _wake(waiting)
        self._sleepers.clear()

    # ---- providers call back

    def _sold(self, sale: Sale) -> None:
        """A call at each state of the sale, or what the line makes of it."""
        for begins, state in sale.course:
            chance = self.sales["digiflazz"].chance(sale.asked.key, "callback", state)
            if self.may("callback_lost", chance):
                continue
            after = begins - self.loop.time() + 1
            if self.may("callback_late", chance):
                after += chance.choice((0.0, 100.0, 5_000.0))
            times = 2 if self.may("callback_twice", chance) else 1
            forged = self.may("callback_forged", chance)
            for _time in range(times):
                self.loop.call_later(after, self._call_back, sale, state, chance, forged)

    def _call_back(self, sale: Sale, state: str, chance: Random, forged: bool) -> None:
        server = self.server
        hint = callback_of(sale, state, chance, forged=forged)
        if hint is not None and server is not None and server.ready:
            server.task(hear_callback(server.counter, hint), "cb")

    def about_to_be_asked(self, key: str, *, first: bool) -> None:
        """Nothing goes to a provider that a power cut could make us forget."""
        if not self.watch.knows_attempt(key):
            self.fail(f"{key} was sent before it was written down")

    # ---- what reaches people

    def arrived(self, message_id: str, to: str, words: str) -> None:
        self.trace("arrived", message_id)
        before = self.came.setdefault(message_id, [])
        if any(said != words for _to, said in before):
            self.fail(f"{message_id} says something else the second time")
        before.append((to, words))

    def agree(self, pages: Sequence[Page]) -> None:
        """The same delivery has the same answer, byte for byte; but after a year she is first asked who she is."""
        said = {page.words for page in pages if not last_words(page, self.words)}
        if len(said) > 1 and not self.counts["clock_ahead"]:
            self.fail(f"one delivery, two answers: {sorted(said)}")

    # ---- what a fall met, by the rows of the list of failures

    def _note_stages(self) -> None:
        known = {(one.wallet_id, one.reference) for one in self.watch.payments}
        for _place in self.asked - known:
            self.happened("fell before the hold")
        for payment in self.watch.payments:
            if payment.state == "authorized":
                self.happened("fell after the hold")
            if payment.state == "submitted":
                self.happened("fell after the answer" if self._is_sold(payment) else "fell while sending")
        for message in self.watch.messages:
            if message.due_at and message.message_id.startswith("captured:") and not message.tries:
                self.happened("fell before the message")
            if message.due_at and message.tries and message.message_id in self.came:
                self.happened("fell before the message was marked")

    def _is_sold(self, payment: Payment) -> bool:
        return any(f"{payment.payment_id}-{payment.attempt}" in sales.sales for sales in self.sales.values())

    # ---- the end

    async def _heal(self) -> None:
        """Everything works again, and everybody is honest."""
        self.trace("healed")
        self.healed = True
        self.partitioned = False
        self.disk.heal()
        self.clock.put_right()
        for sales in self.sales.values():
            sales.honest = True
        for process in self.processes:
            process.frozen = False
            process.steps_left = -1
        self.loop.thaw()
        self.wake_all()
        await self.serving()

    def _close(self, process: Process) -> None:
        process.dead = True
        self.disk.close_of(process)
        process.bury()


def _nothing(_sale: Sale) -> None:
    """The second provider calls nobody back."""


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def simulated(plan: Plan, *, told: Callable[[str], None] | None = None) -> Outcome:
    """One seed, from its first event until everything has come to its end."""
    stage.set_up()
    folder = Path(tempfile.mkdtemp(prefix="loket-sim-", dir=room()))
    try:
        return World(plan, folder, told=told).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
