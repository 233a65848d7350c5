"""A new customer: a wallet, and the address it answers at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.chat import Link
from core.domain.message import Message
from core.domain.msisdn import PHONE, Msisdn
from core.domain.wallet import WALLET, Wallet
from core.ports import Book, Contact, Key
from core.refusal import Refusal
from core.services.link import legible, seat_at
from core.text import _

# Before the id of a message that tells a phone of the wallet that a chat opened for it.
ENROLLED = "enrolled:"


class NumberTaken(Refusal):
    text = _("This number has a wallet already. Please begin again.")


@dataclass(frozen=True, slots=True)
class Enroll:
    """Open a wallet for a number. Asked twice for one address, it answers the wallet that is there.

    In a chat, whose network vouches for the number as it was once, the wallet is opened on the phone as well: a number
    has one wallet. So whoever has that phone today is told, and the chat begins with the cap of any other. `name` is
    what its network calls who is there, `notice` what the phone is told.
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
    notice: str = ""

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Contact, (PHONE, self.msisdn)),)

    def decide(self, book: Book) -> Wallet:
        if known := book.get(Contact, PHONE, self.msisdn):
            return self._known(known, book)
        wallet = book.put(self._opened())
        book.put(Contact(PHONE, self.msisdn, self.wallet_id, self.now))
        if self.channel != PHONE:
            self._at_chat(wallet, book)
        return wallet

    def _known(self, known: Contact, book: Book) -> Wallet:
        wallet = book.get(Wallet, known.wallet_id)
        assert wallet is not None, f"no wallet {known.wallet_id}"
        if self.channel != PHONE and not (book.get(Link, self.channel, self.address, wallet.wallet_id)):
            raise NumberTaken
        return wallet

    def _at_chat(self, wallet: Wallet, book: Book) -> None:
        book.put(Link(self.channel, self.address, self.wallet_id, legible(self.name), since=self.now))
        seat_at(book, self.channel, self.address, self.wallet_id, self.now)
        about = f"{ENROLLED}{self.wallet_id}"
        book.put(Message(about, self.wallet_id, wallet.msisdn, self.notice, self.now, due_at=self.now))

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
