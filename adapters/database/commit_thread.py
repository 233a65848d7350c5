"""Commits beside the event loop, and brings the news back soon even when the loop is never idle.

A thread that wants the interpreter's lock from a busy loop may wait for hundreds of milliseconds: each system call of
the loop gives the lock up for less time than it takes to wake the thread, and starts its waiting anew. So while a
commit is on its way the loop looks in on it, and a look gives the lock away for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread

from adapters.database.below import Transactions

FIRST_LOOK_S = 0.0005
LOOK_S = 0.0002
LOOK_EVERY_S = 0.001

Then = Callable[[Exception | None], None]


class CommitThread:
    """One commit at a time."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._loop = asyncio.get_running_loop()
        self._asked, self._done = _held(), _held()
        self._then: Then | None = None
        self._failure: Exception | None = None
        self._next_look: asyncio.TimerHandle | None = None
        self._ending = False
        self._thread = Thread(target=self._run, name="store-commit", daemon=True)
        self._thread.start()

    def start(self, then: Then) -> None:
        """Commit; `then` is called in the loop, with None or with why nothing was kept."""
        self._then = then
        self._asked.release()
        self._look_in(FIRST_LOOK_S)

    async def close(self) -> None:
        self._ending = True
        self._asked.release()
        await asyncio.to_thread(self._thread.join)

    def _look_in(self, wait_s: float) -> None:
        then = self._then
        if then is None:
            return
        if self._done.acquire(timeout=wait_s):
            self._then = None
            if self._next_look is not None:
                self._next_look.cancel()
            then(self._failure)
        elif wait_s:
            self._next_look = self._loop.call_later(LOOK_EVERY_S, self._look_in, LOOK_S)

    def _run(self) -> None:
        while self._asked.acquire() and not self._ending:
            self._failure = None
            try:
                self._transactions.commit()
            except Exception as failure:  # noqa: BLE001  # nobody may wait for ever, whatever went wrong
                self._failure = failure
            self._done.release()
            with suppress(RuntimeError):  # the loop was closed before the store: nobody waits for this news
                self._loop.call_soon_threadsafe(self._look_in, 0)


def _held() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock
