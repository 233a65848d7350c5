"""Send what waits in the outbox, at least once; what cannot be sent now is tried again, less and less often.

A message is claimed before it is handed over: its next try is written down first. So a store that takes nothing sends
nothing, where a mark made afterwards would have it sent again at every round; and two processes rarely send the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from core.domain.message import Message
from core.ports import Book, Key, Notifier
from core.refusal import Fault
from core.services.counter import Counter

log = structlog.get_logger(__name__)

AT_ONCE = 20
SENT = ""


async def deliver(counter: Counter, notifier: Notifier) -> int:
    """One round over the messages that are due; answers how many went out."""
    now = counter.clock.now()
    due = await counter.store.messages_due(now, limit=AT_ONCE)
    if not due:
        return 0
    claimed = await counter.store.commit(ClaimMessages(tuple(one.message_id for one in due), now))
    fates = await asyncio.gather(*(_hand_over(counter, notifier, one) for one in claimed), return_exceptions=True)
    for fate in fates:
        if isinstance(fate, BaseException):
            raise fate
    if kept := [fate for fate in fates if fate != SENT]:
        log.warning("messages_not_sent", count=len(kept), why=kept[0])
    return fates.count(SENT)


async def _hand_over(counter: Counter, notifier: Notifier, message: Message) -> str:
    """`SENT`, or why it was not."""
    try:
        await notifier.send(message.to, message.words, message_id=message.message_id)
    except Fault as fault:
        return str(fault) or type(fault).__name__
    await counter.store.commit(MarkSent(message.message_id, counter.clock.now()))
    return SENT


@dataclass(frozen=True, slots=True)
class ClaimMessages:
    """Put the next try of each off; answers those that nobody else has claimed meanwhile."""

    message_ids: tuple[str, ...]
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return tuple(Key(Message, (message_id,)) for message_id in self.message_ids)

    def decide(self, book: Book) -> list[Message]:
        found = [book.get(Message, message_id) for message_id in self.message_ids]
        return [book.put(one.claimed(self.now)) for one in found if one is not None and one.is_due(self.now)]


@dataclass(frozen=True, slots=True)
class MarkSent:
    message_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Message, (self.message_id,)),)

    def decide(self, book: Book) -> Message:
        message = book.get(Message, self.message_id)
        assert message is not None, f"no message {self.message_id}"
        return book.put(message.sent(self.now))
