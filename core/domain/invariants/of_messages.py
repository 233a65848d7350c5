"""What a message says of a payment, and whether it can still reach its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.domain.invariants.rules import Violation
from core.domain.invariants.trail import MARK, Trail
from core.domain.message import COPY, Message


def broken_by_message(message: Message, trails: Mapping[str, Trail]) -> Iterator[Violation]:
    waits, was_sent = message.due_at is not None, message.sent_at is not None
    if waits == was_sent and (waits or not message.dispensable):
        how = "was sent and still waits" if was_sent else "was not sent and does not wait"
        yield Violation("messages_are_not_forgotten", message.message_id, how)
    if message.message_id.endswith(COPY):
        return  # it says what another message says
    state, _, payment_id = message.message_id.partition(":")
    if mark := MARK.get(state):
        trail = trails[payment_id]
        if trail.told & mark:
            yield Violation("outcomes_are_told", payment_id, f"{state} is told twice")
        trail.told |= mark
