"""The language a customer is spoken to in, on the screen and by message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.wallet import Wallet
from core.ports import Book, Key


@dataclass(frozen=True, slots=True)
class SetLanguage:
    wallet_id: str
    language: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.wallet_id,)),)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        return book.put(replace(wallet, language=self.language))
