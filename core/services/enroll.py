"""A new customer: a wallet, and the address it answers at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.chat import Link
from core.domain.msisdn import Msisdn
from core.domain.wallet import WALLET, Wallet
from core.ports import Book, Contact, Key
from core.refusal import Refusal
from core.services.link import legible, seat_at
from core.text import _

PHONE = "ussd"


class NumberTaken(Refusal):
    text = _("This number has a wallet already. Please begin again.")


@dataclass(frozen=True, slots=True)
class Enroll:
    """Open a wallet for a number. Asked twice for one address, it answers the wallet that is there.

    In a chat, whose network vouches for the number, the wallet is opened on the phone as well: a number has one wallet.
    `name` is what that network calls its owner.
    """

    wallet_id: str
    channel: str
    address: str
    msisdn: Msisdn
    language: str
    currency: str
    pin_hash: str
    proof_hash: str
    now: datetime
    name: str = ""

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Contact, (PHONE, self.msisdn)),)

    def decide(self, book: Book) -> Wallet:
        if known := book.get(Contact, PHONE, self.msisdn):
            return self._known(known, book)
        wallet = book.put(self._opened())
        book.put(Contact(PHONE, self.msisdn, self.wallet_id, self.now))
        if self.channel != PHONE:
            self._at_chat(book)
        return wallet

    def _known(self, known: Contact, book: Book) -> Wallet:
        wallet = book.get(Wallet, known.wallet_id)
        assert wallet is not None, f"no wallet {known.wallet_id}"
        if self.channel != PHONE and not (book.get(Link, self.channel, self.address, wallet.wallet_id)):
            raise NumberTaken
        return wallet

    def _at_chat(self, book: Book) -> None:
        before = book.get(Link, self.channel, self.address, self.wallet_id)
        assert before is None, "a wallet that is new has no links"
        name = legible(self.name)
        book.put(Link(self.channel, self.address, self.wallet_id, name, since=self.now, trusted=True))
        seat_at(book, self.channel, self.address, self.wallet_id, self.now)

    def _opened(self) -> Wallet:
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
        return opened.fire("activate")
