"""An event loop without clock, selector or thread: time jumps to the next timer, and the seed says who goes first.

Every process of the simulation lives on it. A handle knows by its context whose it is, so that a process can be killed
between any two of its steps, or held still while the others go on.
"""
# ruff: noqa: SLF001  # a loop runs handles, and those have no other doors for it

from __future__ import annotations

import asyncio
import heapq
from asyncio import events
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from random import Random
from typing import Any

# More than any seed needs: whoever makes more steps goes round in circles.
MOST_STEPS = 400_000


class Crash(BaseException):
    """The process is gone. No `except Exception` may hear of it."""


class Restless(AssertionError):
    """The simulated counter does not come to rest."""


class Life:
    """One process, from its start to its end. `steps_left` counts down to a kill between two of its steps."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False
        self.frozen = False
        self.steps_left = -1
        self.killed: Callable[[], None] = lambda: None
        self.context = copy_context()
        self.context.run(LIFE.set, self)
        self.tasks: list[asyncio.Task[Any]] = []

    def check(self) -> None:
        """Called by all that is outside of the process: the dead do nothing more."""
        if self.dead:
            raise Crash


LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


class SeededLoop(asyncio.AbstractEventLoop):
    """Only what the counter asks of a loop. `in_order` keeps asyncio's own order."""

    def __init__(self, chance: Random, *, in_order: bool = False) -> None:
        self._chance = chance
        self._in_order = in_order
        self._now = 0.0
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._count = 0
        self._held: list[asyncio.Handle] = []
        self.steps = 0
        self._stop: BaseException | None = None

    # ---- what asyncio asks for

    def time(self) -> float:
        return self._now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]  # the two arguments that are used
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: Context | None = None
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        life = (context or copy_context()).get(LIFE)
        if life is not None:
            life.tasks.append(task)
        return task

    def call_soon(self, callback: Any, *args: Any, context: Context | None = None) -> asyncio.Handle:  # type: ignore[override]
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Context | None = None) -> asyncio.Handle:  # type: ignore[override]
        return self.call_soon(callback, *args, context=context)

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Any, *args: Any, context: Context | None = None) -> asyncio.TimerHandle:  # type: ignore[override]
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        heapq.heappush(self._timers, (when, self._count, timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        trouble = context.get("exception")
        if isinstance(trouble, AssertionError):
            self.stop_with(trouble)

    # ---- how it goes on

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Until this work is done."""
        before = events._get_running_loop()
        events._set_running_loop(self)
        try:
            task = self.create_task(work)
            while not task.done() and self._stop is None:
                self._step()
            if self._stop is not None:
                raise self._stop
            return task.result()
        finally:
            events._set_running_loop(before)

    def stop_with(self, why: BaseException) -> None:
        """Nothing goes on from here; the first reason counts."""
        self._stop = self._stop or why

    def thaw(self) -> None:
        """Whoever may go on does."""
        self._ready += self._held
        self._held.clear()

    def _step(self) -> None:
        if not self._ready:
            self._go_to_next_timer()
            return
        handle = self._next()
        life = handle._context.get(LIFE)  # type: ignore[attr-defined]
        if handle._cancelled or (life is not None and not self._may_step(life, handle)):
            return
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Restless(f"{MOST_STEPS} steps, and still there is something to do")
        handle._run()

    def _may_step(self, life: Life, handle: asyncio.Handle) -> bool:
        """Not the dead; and who is held still not now."""
        if life.frozen and not life.dead:
            self._held.append(handle)
        if life.dead or life.frozen:
            return False
        if life.steps_left == 0:
            life.killed()
            return False
        life.steps_left -= life.steps_left > 0
        return True

    def _next(self) -> asyncio.Handle:
        ready = self._ready
        if self._in_order or len(ready) == 1:
            return ready.pop(0)
        place = int(self._chance.random() * len(ready))
        ready[place], ready[-1] = ready[-1], ready[place]
        return ready.pop()

    def _go_to_next_timer(self) -> None:
        if not self._timers:
            raise Restless("everybody waits, and nobody will ever be called")
        when, _, timer = heapq.heappop(self._timers)
        self._now = max(self._now, when)
        self._ready.append(timer)
        while self._timers and self._timers[0][0] <= self._now:
            self._ready.append(heapq.heappop(self._timers)[2])
