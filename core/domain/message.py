"""A message to a phone, written in the same commit as what it tells, and sent at least once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600))


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

    def sent(self, now: datetime) -> Message:
        return replace(self, sent_at=now, due_at=None, tries=self.tries + 1)

    def failed(self, now: datetime) -> Message:
        """Try again later, less and less often; a receipt is never given up."""
        return replace(self, tries=self.tries + 1, due_at=now + RETRY_AFTER[min(self.tries, len(RETRY_AFTER) - 1)])
