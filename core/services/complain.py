"""Something is wrong: a case with a short number, for the operator to pick up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.evidence import Case
from core.ports import Book, Key


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case, about a payment or about none. A number that is taken gives way to the next."""

    number: str
    wallet_id: str
    payment_id: str | None
    topic: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Case, (self.number,)),)

    def decide(self, book: Book) -> Case:
        number = int(self.number)
        while book.get(Case, str(number)) is not None:
            number += 1
        return book.put(Case(str(number), self.wallet_id, self.payment_id, self.topic, self.now))
