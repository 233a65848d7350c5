"""Something is wrong: a case with a short number, for the operator to pick up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.evidence import Case
from core.ports import Book, Key


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case, about a payment or about none. A payment has one open case at a time, under the same number."""

    number: str
    wallet_id: str
    payment_id: str | None
    topic: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Case, (self.number,)),)

    def decide(self, book: Book) -> Case:
        return book.get(Case, self.number) or book.put(
            Case(self.number, self.wallet_id, self.payment_id, self.topic, self.now)
        )
