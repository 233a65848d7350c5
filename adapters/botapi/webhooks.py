"""Delivery to the bot's webhook, as Telegram's server does it.

What belongs together goes in order and one at a time; up to `max_connections` such queues are served at once. An update
that is not answered with 2xx is tried again, and holds up its own queue only.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.botapi.options import BotApiOptions
from adapters.botapi.updates import Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_REPLY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    secret_token: str = ""
    max_connections: int = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot's webhook said; the status is 0 where it said nothing."""

    status: int
    retry_after_s: float = 0.0


@dataclass(slots=True)
class Trouble:
    """The last delivery that failed; times are those of the double's world."""

    at: float = 0.0
    message: str = ""


@dataclass(slots=True)
class Webhooks:
    """`carry_out` does what a bot answered to an update: a webhook may be answered with a call."""

    options: BotApiOptions
    updates: Updates
    carry_out: Callable[[dict[str, Any]], None]
    hook: Webhook | None = None
    trouble: Trouble = field(default_factory=Trouble)
    held: list[Update] | None = None
    in_flight: int = 0
    _queues: dict[tuple[str, int], deque[Update]] = field(default_factory=dict)
    _working: dict[tuple[str, int], asyncio.Task[None]] = field(default_factory=dict)
    _seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))
    _session: aiohttp.ClientSession | None = None

    def connect(self, hook: Webhook) -> None:
        """Deliver to this webhook from now on, what waits already included."""
        self.hook = hook
        self.trouble = Trouble()
        self._stop()
        self._seats = asyncio.Semaphore(hook.max_connections)
        self.updates.take = self.enqueue
        for update in self.updates.waiting.values():
            self.enqueue(update)

    def disconnect(self) -> None:
        self.hook = None
        self.trouble = Trouble()
        self.updates.take = None
        self._stop()

    def enqueue(self, update: Update) -> None:
        if self.held is not None:
            self.held.append(update)
        else:
            self._line_up(update, update.queue)

    def release(self, order: Sequence[int] | None) -> None:
        """Deliver what was held, one after the other in the order of these update ids."""
        held, self.held = self.held or [], None
        if order is None:
            for update in held:
                self._line_up(update, update.queue)
            return
        by_id = {update.update_id: update for update in held}
        for update_id in order:
            self._line_up(by_id.pop(update_id), ("released", 0))
        for update in by_id.values():
            self._line_up(update, ("released", 0))

    async def again(self, update: Update) -> int:
        """Deliver once more what was delivered before; answers the HTTP status, 0 if there was none."""
        assert self.hook is not None, "There is no webhook."
        return (await self._post(self.hook, update)).status

    async def close(self) -> None:
        working = list(self._working.values())
        self._stop()
        await asyncio.gather(*working, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _stop(self) -> None:
        for task in self._working.values():
            task.cancel()
        self._working.clear()
        self._queues.clear()

    def _line_up(self, update: Update, queue: tuple[str, int]) -> None:
        if queue in self._queues:
            self._queues[queue].append(update)
            return
        self._queues[queue] = deque([update])
        self._working[queue] = asyncio.create_task(self._work(queue, self._queues[queue]))

    async def _work(self, queue: tuple[str, int], line: deque[Update]) -> None:
        while line and self.hook is not None:
            await self._deliver(self.hook, line[0])
            line.popleft()
        if self._queues.get(queue) is line:
            del self._queues[queue], self._working[queue]

    async def _deliver(self, hook: Webhook, update: Update) -> None:
        wait_s, waited_s = self.options.retry_first_s, 0.0
        while update.update_id in self.updates.waiting:
            async with self._seats:
                answer = await self._post(hook, update)
            if 200 <= answer.status < 300 or waited_s >= self.options.give_up_after_s:
                self.updates.done(update)
                return
            await asyncio.sleep(answer.retry_after_s or wait_s)
            waited_s += answer.retry_after_s or wait_s
            wait_s = min(wait_s * 2, self.options.retry_most_s)

    async def _post(self, hook: Webhook, update: Update) -> Answer:
        headers = {"Content-Type": "application/json"}
        if hook.secret_token:
            headers[SECRET_HEADER] = hook.secret_token
        body = json.dumps(update.as_json(), ensure_ascii=False).encode()
        self.in_flight += 1
        try:
            async with self._client().post(hook.url, data=body, headers=headers, allow_redirects=False) as response:
                await self._read(response)
                return Answer(response.status, _seconds(response.headers.get("Retry-After", "")))
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            self._failed(_named(trouble))
            return Answer(0)
        finally:
            self.in_flight -= 1
            self.updates.change(update.queue[1])

    async def _read(self, response: aiohttp.ClientResponse) -> None:
        if not 200 <= response.status < 300:
            self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
            return
        reply = await response.content.read(LONGEST_REPLY)
        if reply and response.content_type == "application/json":
            self._obey(reply)

    def _obey(self, reply: bytes) -> None:
        try:
            call = json.loads(reply)
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            self.carry_out(call)

    def _failed(self, message: str) -> None:
        self.trouble = Trouble(self.options.now(), message)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            patience = aiohttp.ClientTimeout(total=self.options.webhook_patience_s)
            self._session = aiohttp.ClientSession(timeout=patience, connector=aiohttp.TCPConnector(limit=0))
        return self._session


def _seconds(header: str) -> float:
    return float(header) if header.isdigit() else 0.0


def _named(trouble: Exception) -> str:
    if isinstance(trouble, TimeoutError):
        return "Read timeout expired"
    if isinstance(trouble, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Webhook connection closed"
