"""A message to a phone, written in the same commit as what it tells, and sent at least once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# The first wait is longer than a gateway may take to answer: nobody sends what another process is just sending.
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (20, 40, 60, 300, 900, 3600))


@dataclass(frozen=True, slots=True)
class Message:
    """`message_id` is made from what the message is about, so that the same news is never two rows."""

    message_id: str
    wallet_id: str
    to: str
    words: str
    created_at: datetime
    due_at: datetime | None
    tries: int = 0
    sent_at: datetime | None = None
    version: int = 0

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now

    def claimed(self, now: datetime) -> Message:
        """About to be tried. Should that fail it is tried later, less and less often; a receipt is never given up."""
        return replace(self, tries=self.tries + 1, due_at=now + RETRY_AFTER[min(self.tries, len(RETRY_AFTER) - 1)])

    def sent(self, now: datetime) -> Message:
        return replace(self, sent_at=now, due_at=None)
