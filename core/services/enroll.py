"""A new customer: a wallet, and the address it answers at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.msisdn import Msisdn
from core.domain.wallet import WALLET, Wallet
from core.ports import Book, Contact, Key


@dataclass(frozen=True, slots=True)
class Enroll:
    """Open a wallet for a number. Asked twice for one address, it answers the wallet that is there."""

    wallet_id: str
    channel: str
    address: str
    msisdn: Msisdn
    language: str
    currency: str
    pin_hash: str
    proof_hash: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Contact, (self.channel, self.address)),)

    def decide(self, book: Book) -> Wallet:
        if (known := book.get(Contact, self.channel, self.address)) and (wallet := book.get(Wallet, known.wallet_id)):
            return wallet
        book.put(Contact(self.channel, self.address, self.wallet_id, self.now))
        opened = Wallet(
            wallet_id=self.wallet_id,
            msisdn=self.msisdn,
            language=self.language,
            currency=self.currency,
            state=WALLET.start,
            available_minor=0,
            pin_hash=self.pin_hash,
            proof_hash=self.proof_hash,
            opened_at=self.now,
        )
        return book.put(opened.fire("activate"))
