"""Updates that wait for the bot, and getUpdates."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.botapi.refusals import conflict

REMEMBERED = 1_000
USUAL = frozenset({"message", "edited_message", "callback_query", "pre_checkout_query", "my_chat_member"})


@dataclass(frozen=True, slots=True)
class Update:
    """`queue` names what must be delivered in order: messages of one chat, or queries of one person."""

    update_id: int
    kind: str
    body: dict[str, Any]
    queue: tuple[str, int]

    def as_json(self) -> dict[str, Any]:
        return {"update_id": self.update_id, self.kind: self.body}


class Updates:
    """What waits, in order. `take` is told of each new update; it is the webhook's way in."""

    def __init__(self, first_id: int) -> None:
        self.waiting: OrderedDict[int, Update] = OrderedDict()
        self.remembered: OrderedDict[int, Update] = OrderedDict()
        self.allowed = USUAL
        self.allowed_given: list[str] = []
        self.take: Callable[[Update], None] | None = None
        self.change: Callable[[int], None] = lambda _chat_id: None
        self.polled = False
        self._numbers = itertools.count(first_id)
        self._arrived = asyncio.Event()
        self._poll: asyncio.Future[str] | None = None
        self._of_person: Counter[int] = Counter()

    def add(self, kind: str, body: dict[str, Any], *, queue: tuple[str, int]) -> Update | None:
        """None where the bot did not ask for updates of this kind."""
        if kind not in self.allowed:
            return None
        update = Update(next(self._numbers), kind, body, queue)
        self.waiting[update.update_id] = self.remembered[update.update_id] = update
        self._of_person[queue[1]] += 1
        if len(self.remembered) > REMEMBERED:
            self.remembered.popitem(last=False)
        self._arrived.set()
        if self.take is not None:
            self.take(update)
        return update

    def done(self, update: Update) -> None:
        """The bot has it, or nobody will try any longer."""
        if self.waiting.pop(update.update_id, None) is not None:
            self._of_person[update.queue[1]] -= 1
            if not self._of_person[update.queue[1]]:
                del self._of_person[update.queue[1]]
            self.change(update.queue[1])

    def drop_all(self) -> None:
        for update in list(self.waiting.values()):
            self.done(update)

    def waiting_for(self, chat_id: int) -> int:
        """How many updates of a chat or a person wait."""
        return self._of_person.get(chat_id, 0)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """None leaves it as it is; an empty list asks for the usual kinds."""
        if kinds is not None:
            self.allowed_given = list(kinds)
            self.allowed = frozenset(kinds) or USUAL

    async def poll(self, *, offset: int, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """What waits from `offset` on. Everything before it counts as received."""
        self.polled = True
        self._confirm(offset)
        self.end_poll("other getUpdates request; make sure that only one bot instance is running")
        if not self.waiting and timeout_s > 0:
            await self._wait(timeout_s)
        return [update.as_json() for update in itertools.islice(self.waiting.values(), limit)]

    def end_poll(self, by: str) -> None:
        """A second poll, or a webhook, sends away the bot that is waiting."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(by)

    def close(self) -> None:
        """Let the bot that is waiting go with nothing."""
        self._arrived.set()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = next(itertools.islice(reversed(self.waiting), -offset - 1, None), 0)
        while self.waiting and next(iter(self.waiting)) < offset:
            self.done(next(iter(self.waiting.values())))

    async def _wait(self, timeout_s: float) -> None:
        self._arrived.clear()
        sent_away = self._poll = asyncio.get_running_loop().create_future()
        arrived = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait([arrived, sent_away], timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()
        if sent_away.done():
            raise conflict(f"terminated by {sent_away.result()}")
        sent_away.cancel()
