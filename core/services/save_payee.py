"""Keep a number that was paid, so that paying it again takes three keys and a PIN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.payee import Payee
from core.ports import Book, Key


@dataclass(frozen=True, slots=True)
class SavePayee:
    wallet_id: str
    product_id: str
    reference: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Payee, (self.wallet_id, self.product_id, self.reference)),)

    def decide(self, book: Book) -> Payee:
        payee = book.get(Payee, self.wallet_id, self.product_id, self.reference)
        assert payee is not None, "only a number that was paid can be saved"
        return book.put(replace(payee, saved=True))
