"""One process of the counter: the real store, services and conversation, with doubles for what is outside.

It begins as the running server does, with `recover` and its rounds, and ends when it is killed, when its store is lost,
or in good order.
"""
# ruff: noqa: SLF001  # the store's batches are given another way to commit, and tasks of the dead are put away quietly

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from adapters.database import batches
from adapters.database.batches import Batches
from adapters.database.store import DatabaseStore, open_store
from bot.inbox import Inbox
from bot.seal import Seal
from core.conversation.listen import Listener
from core.domain.chat import Arrival
from core.ports import StoreDown, StoreLost
from core.refusal import Fault
from core.services.counter import Counter
from core.services.deliver import deliver
from core.services.follow_up import Follower, recover
from tests.simulation.loop import Life
from tests.simulation.providers import Askable, ByWire
from tests.support.second_provider import sold_by
from ussd.pages import UssdChannel

if TYPE_CHECKING:
    from tests.simulation.world import World

# The event whose work is being done: ids are made from it, so that leaving out one event changes no id of another.
EVENT: ContextVar[str] = ContextVar("event", default="r")
PATIENCE_S = 5.0
SEAL = Seal(b"a secret of the simulation, long enough")
SHORTEST_REST_S = 0.5
LONGEST_REST_S = 3_600.0


class Process(Life):
    """`owner` of the store, or a guest that works beside it. `ready` once it serves."""

    def __init__(self, world: World, name: str, *, owner: bool) -> None:
        super().__init__(name)
        self.world, self.owner = world, owner
        self.killed = lambda: world.kill(self)
        self.ready = False
        self._opened: AbstractAsyncContextManager[DatabaseStore] | None = None

    def task(self, work: Coroutine[Any, Any, Any], event: str = "r") -> asyncio.Task[Any]:
        """Something that this process does."""
        context = self.context.copy()
        context.run(EVENT.set, event)
        return self.world.loop.create_task(work, context=context)

    async def begin(self) -> None:
        """Open the store, take up what a crash left, and start the rounds. Whoever began it tries again what fails."""
        self._opened = open_store(self.world.disk.url, owner=self.owner, inline=True)
        store = await self._opened.__aenter__()
        _in_batches(store, self.world)
        self.store = store
        self.counter = self._counter(store)
        self.listener = Listener(self.counter, [UssdChannel()])
        self.follower = Follower(self.counter)
        self.inbox = Inbox(store, self.world.clock, SEAL, self._handle, _give_up)
        if self.owner:
            await recover(self.counter)
            await self.inbox.take_up()
        self.task(self._rounds(self.follower.round, self.world.next_look))
        self.task(self._rounds(self._deliver, self.world.next_message))
        self.ready = True

    async def end(self) -> None:
        """In good order: what was begun is finished, then the store is closed."""
        self.ready = False
        await self.inbox.finish(40.0)
        await self.listener.finish()
        await self.follower.finish(40.0)
        assert self._opened is not None
        await self._opened.__aexit__(None, None, None)

    def bury(self) -> None:
        """Once the simulation is over: nothing of it is left to be collected while another one runs."""
        for task in self.tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            with suppress(BaseException):  # whatever is left of a dead process is of no interest
                task.get_coro().close()
        if self._opened is not None:
            _close_by_hand(self._opened.__aexit__(None, None, None))

    async def _handle(self, arrival: Arrival, update: dict[str, Any]) -> None:
        await self.world.people.handle(self, arrival.number, update["message"]["text"])

    async def _deliver(self) -> int:
        return await deliver(self.counter, self.world.phones, {"telegram": self.world.chats})

    async def _rounds(self, work: Callable[[], Awaitable[int]], due: Callable[[], float]) -> None:
        """As `console.rounds` does it, but resting until something is due."""
        while True:
            found = 0
            try:
                found = await work()
            except StoreLost:
                self.world.leave(self)
                return
            except StoreDown:
                self.world.happened("round met a store that was down")
            except Fault as fault:
                self.world.bug(fault)
            if not found:
                self.world.still_usable(self)
                await self.world.rest(due)

    def _counter(self, store: DatabaseStore) -> Counter:
        world = self.world
        gateways = (
            ByWire(world.sales["digiflazz"], world, self, world.clock),
            Askable(world.sales["other"], world, self),
        )
        return sold_by(
            Counter(
                store=store,
                catalogue=world.catalogue,
                gateways={},
                words=world.words,
                vault=world.vault,
                clock=world.clock,
                ids=world.ids,
                terms=world.terms,
                bank="BCA 1234567890",
                # Where a second process may come, each claims what it is at.
                worker=self.name if "second_process" in world.kinds else "",
            ),
            *gateways,
        )


async def _give_up(_arrival: Arrival) -> None:
    """Nobody is told that her message was not answered."""


def _in_batches(store: DatabaseStore, world: World) -> None:
    """The real batches, though without their thread: a commit takes its time on the simulated loop."""
    store._batches = Batches(store._transactions, PATIENCE_S)
    store._batches._committing = _Commits(store._transactions, world)  # type: ignore[assignment]


class _Commits:
    """Stands in for `CommitThread`."""

    def __init__(self, transactions: Any, world: World) -> None:
        self._transactions, self._world = transactions, world

    def start(self, then: Callable[[Exception | None], None]) -> None:
        self._world.loop.call_later(self._world.chance.choice((0.0, 0.0, 0.002, 0.02)), self._commit, then)

    def _commit(self, then: Callable[[Exception | None], None]) -> None:
        failure = None
        try:
            self._transactions.commit()
        except Exception as error:  # noqa: BLE001  # as the thread does: nobody may wait for ever
            failure = error
        self._world.loop.call_soon(then, failure)

    async def close(self) -> None:
        """There is no thread."""


class _NoThread:
    """What `Batches` makes before it is given `_Commits`."""

    def __init__(self, _transactions: Any) -> None:
        pass


def without_threads() -> None:
    setattr(batches, "CommitThread", _NoThread)  # noqa: B010  # which is a detail of that module, and stays one


def _close_by_hand(work: Coroutine[Any, Any, Any]) -> None:
    with suppress(BaseException):
        work.send(None)
    with suppress(BaseException):
        work.close()
