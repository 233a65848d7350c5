"""Send what waits in the outbox, at least once; what cannot be sent now is tried again, less and less often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.message import Message
from core.ports import Book, Key, Notifier
from core.refusal import Fault
from core.services.counter import Counter

AT_ONCE = 50


async def deliver(counter: Counter, notifier: Notifier) -> int:
    """One round over the messages that are due; answers how many went out."""
    sent = 0
    for message in await counter.store.messages_due(counter.clock.now(), limit=AT_ONCE):
        try:
            await notifier.send(message.to, message.words, message_id=message.message_id)
        except Fault:
            await counter.store.commit(MarkMessage(message.message_id, sent=False, now=counter.clock.now()))
        else:
            await counter.store.commit(MarkMessage(message.message_id, sent=True, now=counter.clock.now()))
            sent += 1
    return sent


@dataclass(frozen=True, slots=True)
class MarkMessage:
    message_id: str
    sent: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Message, (self.message_id,)),)

    def decide(self, book: Book) -> Message:
        message = book.get(Message, self.message_id)
        assert message is not None, f"no message {self.message_id}"
        return book.put(message.sent(self.now) if self.sent else message.failed(self.now))
