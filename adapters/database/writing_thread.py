"""The writer's own thread: the event loop never waits for a disk, and whoever asks meanwhile goes into the next batch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from adapters.database.writer import Settled, Writer
from core.ports import Change, StoreDown

Outcome = TypeVar("Outcome")
Asked = tuple[Change[Any], "asyncio.Future[Any]"]

# More would keep the first of a batch waiting for the last, and gains little.
LARGEST_BATCH = 128


class WritingThread:
    """Settles changes a batch at a time, in the order they came."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._waiting: SimpleQueue[Asked | None] = SimpleQueue()
        self._closed = False
        self._thread = Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def commit(self, change: Change[Outcome]) -> Outcome:
        """Wait for the batch. A change is settled even when its asker goes away meanwhile."""
        if self._closed:
            raise StoreDown("the store is closed")
        asked: asyncio.Future[Outcome] = self._loop.create_future()
        self._waiting.put((change, asked))
        return await asked

    async def close(self) -> None:
        """Settle all that was asked, then end."""
        self._closed = True
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while batch := self._next_batch():
            settled = self._writer.settle([change for change, _ in batch])
            self._loop.call_soon_threadsafe(_answer, [asked for _, asked in batch], settled)
        self._writer.close()

    def _next_batch(self) -> list[Asked]:
        """What waits now, at least one; nothing at the end."""
        batch: list[Asked] = []
        asked = self._waiting.get()
        while asked is not None:
            batch.append(asked)
            if len(batch) == LARGEST_BATCH:
                return batch
            try:
                asked = self._waiting.get_nowait()
            except Empty:
                return batch
        if batch:
            self._waiting.put(None)
        return batch


def _answer(askers: Sequence[asyncio.Future[Any]], settled: Sequence[Settled]) -> None:
    for asked, each in zip(askers, settled, strict=True):
        if asked.done():
            continue
        if each.error is not None:
            asked.set_exception(each.error)
        else:
            asked.set_result(each.outcome)
