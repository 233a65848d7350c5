"""Keep a number that was paid, so that paying it again takes three keys and a PIN, and be told of the next bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.payee import Payee
from core.ports import Book, Key
from core.services.next_bill import NextBill


@dataclass(frozen=True, slots=True)
class SavePayee:
    wallet_id: str
    product_id: str
    reference: str
    next_bill: NextBill | None = None

    def wants(self) -> Sequence[Key[object]]:
        payee = Key(Payee, (self.wallet_id, self.product_id, self.reference))
        return self.next_bill.wants() if self.next_bill else (payee,)

    def decide(self, book: Book) -> Payee:
        payee = book.get(Payee, self.wallet_id, self.product_id, self.reference)
        assert payee is not None, "only a number that was paid can be saved"
        if self.next_bill:
            self.next_bill.expect(book)
        return book.put(replace(payee, saved=True))
