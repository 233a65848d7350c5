"""What a message says of a payment, and whether it can still reach its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.domain.invariants.rules import Violation
from core.domain.invariants.trail import MARK, Trail
from core.domain.message import Message


def broken_by_message(message: Message, trails: Mapping[str, Trail]) -> Iterator[Violation]:
    if (message.due_at is None) == (message.sent_at is None):
        how = "was sent and still waits" if message.sent_at else "was not sent and does not wait"
        yield Violation("messages_are_not_forgotten", message.message_id, how)
    state, _, payment_id = message.message_id.partition(":")
    if mark := MARK.get(state):
        trail = trails[payment_id]
        if trail.told & mark:
            yield Violation("outcomes_are_told", payment_id, f"{state} is told twice")
        trail.told |= mark
