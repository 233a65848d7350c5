"""What the demo begins with: wallets, two of them open in chats, money, a meter that is kept, and a deposit.

Everything is posted as an operator would, and once: begun again on the same store, nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot import CHANNEL
from console.demo.people import PEOPLE, Person
from core.domain.chat import Chat, Link
from core.domain.money import Money
from core.domain.payee import Payee
from core.domain.wallet import Wallet
from core.ports import Book, Contact, Key
from core.services.counter import Counter
from core.services.enroll import Enroll
from core.services.link import seat_at
from core.services.top_up import PostedBefore, fund_provider, top_up_wallet

BANK = "DEMO"
OPERATOR = "demo"
DEPOSIT = 5_000_000
YEAR_OF_BIRTH = "1985"
TOKENS = "pln-token"


async def begin(counter: Counter) -> None:
    """Seed a store. Safe to call on one that is seeded, or was half seeded when something fell over."""
    currency = counter.catalogue.currency
    for provider in counter.gateways:
        with suppress(PostedBefore):
            sum_ = Money.of(DEPOSIT, currency)
            await fund_provider(counter, provider, sum_, bank=BANK, evidence=f"opening-{provider}", by=OPERATOR)
    for person in PEOPLE.values():
        if person.enrolled:
            await _introduce(counter, person)


async def _introduce(counter: Counter, person: Person) -> None:
    wallet = await _enrolled(counter, person)
    with suppress(PostedBefore):
        money = Money.of(person.opening, wallet.currency)
        evidence = f"opening-{person.key}"
        await top_up_wallet(counter, wallet.wallet_id, money, bank=BANK, evidence=evidence, by=OPERATOR)
    if person.chats:
        await counter.store.commit(OpenInChat(wallet.wallet_id, str(person.telegram), person.name, counter.clock.now()))
    if person.kept:
        await counter.store.commit(KeepNumber(wallet.wallet_id, TOKENS, person.reference, counter.clock.now()))


async def _enrolled(counter: Counter, person: Person) -> Wallet:
    return await counter.store.commit(
        Enroll(
            wallet_id=counter.ids.new(),
            channel="ussd",
            address=person.msisdn,
            msisdn=person.msisdn,
            language=person.language,
            currency=counter.catalogue.currency,
            pin_hash=await counter.vault.hashed(person.pin),
            proof_hash=await counter.vault.hashed(YEAR_OF_BIRTH),
            now=counter.clock.now(),
        )
    )


@dataclass(frozen=True, slots=True)
class OpenInChat:
    """A wallet that was opened at a chat before anybody remembers. What a visitor closed there stays closed."""

    wallet_id: str
    address: str
    name: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (
            Key(Link, (CHANNEL, self.address, self.wallet_id)),
            Key(Contact, (CHANNEL, self.address)),
            Key(Chat, (self.wallet_id,)),
        )

    def decide(self, book: Book) -> None:
        if book.get(Link, CHANNEL, self.address, self.wallet_id) is None:
            book.put(Link(CHANNEL, self.address, self.wallet_id, self.name, since=self.now, trusted=True))
            seat_at(book, CHANNEL, self.address, self.wallet_id, self.now)


@dataclass(frozen=True, slots=True)
class KeepNumber:
    """A number under *pay again* that was paid before anybody remembers."""

    wallet_id: str
    product_id: str
    reference: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Payee, self._key),)

    def decide(self, book: Book) -> Payee:
        known = book.get(Payee, *self._key)
        return known or book.put(Payee(*self._key, holder="", last_payment_id="", last_at=self.now, saved=True))

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.wallet_id, self.product_id, self.reference
