"""What Telegram delivered: stored before it is acknowledged, then handled in order in each chat, once.

An update that was acknowledged survives any crash: what is not marked as done is found again at the next start. A
repetition is known by its number and does nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import CHANNEL
from bot.charge import Charge
from bot.seal import Broken, Seal
from core.domain.chat import SLOTS, Arrival
from core.ports import Book, Clock, Key, Store, StoreDown
from core.refusal import Fault

log = structlog.get_logger(__name__)

Json = dict[str, Any]
Handle = Callable[[Arrival, Json], Awaitable[None]]
GiveUp = Callable[[Arrival], Awaitable[None]]

MOST_FOUND = 10_000
A_MOMENT_S = 1.0
GIVEN_UP_AFTER = timedelta(minutes=10)
# Where each kind of update says whose it is. A press comes with the person, as her chat has her number.
WHOSE = {
    "message": "chat",
    "my_chat_member": "chat",
    "callback_query": "from",
}


@dataclass(frozen=True, slots=True)
class Keep:
    """Write an arrival down; None when it is known already.

    A slot whose arrival is not handled yet is not given to another: then the network is asked to come again.
    """

    arrival: Arrival

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Arrival, (self.arrival.channel, self.arrival.slot)),)

    def decide(self, book: Book) -> Arrival | None:
        known = book.get(Arrival, self.arrival.channel, self.arrival.slot)
        if known is None:
            return book.put(self.arrival)
        if known.number == self.arrival.number:
            return None
        if known.done_at is None:
            raise StoreDown("more waits to be handled than there is room for")
        return book.put(_in_place_of(known, self.arrival))


def _in_place_of(known: Arrival, arrival: Arrival) -> Arrival:
    return Arrival(
        arrival.channel,
        arrival.slot,
        arrival.number,
        arrival.address,
        arrival.sealed,
        arrival.came_at,
        version=known.version,
    )


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do about an arrival."""

    arrival: Arrival
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Arrival, (self.arrival.channel, self.arrival.slot)),)

    def decide(self, book: Book) -> None:
        known = book.get(Arrival, self.arrival.channel, self.arrival.slot)
        if known is not None and known.number == self.arrival.number and known.done_at is None:
            book.put(known.done(self.now))


class Inbox:
    """`handle` gets each arrival and what it holds; until it returns, nothing else of that chat is handled.

    `give_up` hears of each whose answer could not be shown. What is kept while the `charge` is another's is for that
    one to handle.
    """

    def __init__(
        self, store: Store, clock: Clock, seal: Seal, handle: Handle, give_up: GiveUp, charge: Charge | None = None
    ) -> None:
        self._store, self._clock, self._seal = store, clock, seal
        self._handle, self._give_up = handle, give_up
        self._charge = charge or Charge(None)
        self._waiting: dict[str, deque[Arrival]] = {}
        self._known: set[int] = set()
        self._chats: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    async def keep(self, update: Json) -> bool:
        """Store an update; True when it was new. Raises `StoreDown`: then it must not be acknowledged."""
        number = int(update["update_id"])
        arrival = Arrival(
            channel=CHANNEL,
            slot=number % SLOTS,
            number=number,
            address=address_of(update),
            sealed=self._seal.sealed(json.dumps(_brief(update)).encode(), belongs_to=str(number)),
            came_at=self._clock.now(),
        )
        kept = await self._store.commit(Keep(arrival))
        if kept is not None and self._charge.mine:
            self._queue(kept)
        return kept is not None

    async def take_up(self) -> int:
        """Go on with what another process acknowledged and did not finish; answers how much that was."""
        limit = MOST_FOUND
        while len(waiting := await self._store.arrivals_waiting(CHANNEL, limit=limit)) == limit:
            limit *= 2
        found = [one for one in waiting if one.number not in self._known]
        for arrival in found:
            self._queue(arrival)
        return len(found)

    async def finish(self, within_s: float) -> None:
        """Let those who are being answered be answered; the rest is found at the next start."""
        self._closing.set()
        if self._chats:
            await asyncio.wait(self._chats, timeout=within_s)
        for chat in self._chats:
            chat.cancel()

    @property
    def waiting(self) -> int:
        return len(self._known)

    def _queue(self, arrival: Arrival) -> None:
        self._known.add(arrival.number)
        queue = self._waiting.get(arrival.address)
        if queue is not None:
            _in_order(queue, arrival)
            return
        self._waiting[arrival.address] = deque((arrival,))
        chat = asyncio.create_task(self._go_through(arrival.address))
        self._chats.add(chat)
        chat.add_done_callback(self._chats.discard)

    async def _go_through(self, address: str) -> None:
        queue = self._waiting[address]
        try:
            while queue and self._charge.mine and not self._closing.is_set():
                arrival = queue.popleft()
                if not await self._settled(arrival):
                    queue.appendleft(arrival)
                    await asyncio.sleep(A_MOMENT_S)
                    continue
                self._known.discard(arrival.number)
        finally:
            del self._waiting[address]
            self._known.difference_update(left.number for left in queue)

    async def _settled(self, arrival: Arrival) -> bool:
        """Handle one and mark it done. False when store or network take nothing just now: then it is done again.

        What could not be shown for long is given up: whoever still looks presses again, and sees where she is.
        """
        try:
            await self._handled_or_given_up(arrival)
            await self._store.commit(Done(arrival, self._clock.now()))
        except StoreDown as down:
            log.warning("arrival_waits", number=arrival.number, why=str(down))
            return False
        except Fault:
            return False
        except Exception:
            # Whatever it is, the chat goes on: this one is handled again, and shows that it was.
            log.exception("arrival_not_done", number=arrival.number)
            return False
        return True

    async def _handled_or_given_up(self, arrival: Arrival) -> None:
        try:
            await self._handled(arrival)
        except StoreDown:
            raise
        except Fault as fault:
            log.warning("arrival_not_answered", number=arrival.number, why=str(fault))
            if self._clock.now() < arrival.came_at + GIVEN_UP_AFTER:
                raise
            await self._give_up(arrival)

    async def _handled(self, arrival: Arrival) -> None:
        try:
            update = json.loads(self._seal.opened(arrival.sealed, belongs_to=str(arrival.number)))
        except Broken:
            log.error("arrival_unreadable", number=arrival.number)
            return
        try:
            await self._handle(arrival, update)
        except Fault:
            raise
        except Exception:
            # A bug about one update must not hold up its chat for ever: it is loud, and the next one is handled.
            log.exception("arrival_failed", number=arrival.number)


def _in_order(queue: deque[Arrival], arrival: Arrival) -> None:
    """Behind what came before by the network's own count, where that has not been handled yet."""
    place = len(queue)
    while place and queue[place - 1].number > arrival.number:
        place -= 1
    queue.insert(place, arrival)


def _brief(update: Json) -> Json:
    """A press comes with the whole message it was made on, which we wrote ourselves: which one it was is enough."""
    match update:
        case {"callback_query": {"message": {"chat": chat, "message_id": message_id}} as query}:
            pressed = {"chat": chat, "message_id": message_id, "date": 0}
            return {**update, "callback_query": {**query, "message": pressed}}
    return update


def address_of(update: Json) -> str:
    """The chat an update belongs to, as far as order goes; updates of no chat have one line of their own."""
    for kind, whose in WHOSE.items():
        said = update.get(kind)
        place = said.get(whose) if isinstance(said, dict) else None
        if isinstance(place, dict):
            return str(place.get("id", ""))
    return ""
