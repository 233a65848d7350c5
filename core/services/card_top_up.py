"""Money paid inside a chat, to the chat's own payment provider: what we asked for, and its arrival.

What was asked for goes out with the invoice and comes back with the money, so nothing of it is kept here. Once the
money is there it is in the book, whatever has changed meanwhile; what no wallet can take is set aside for an operator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.domain.evidence import Break
from core.domain.journal import Entry, line_name, set_aside
from core.domain.money import EXPONENT, Money
from core.domain.wallet import Wallet, WalletCannotReceive
from core.ports import Book, Key, Words
from core.refusal import Refusal
from core.services.announce import wanted_to_announce
from core.services.counter import Counter
from core.services.top_up import TopUp
from core.text import _

LASTS = timedelta(hours=1)
# Ours, above the network's own: it refuses an invoice below about one US dollar, and its rates move. A currency that is
# not here is not brought by card.
SMALLEST = {one.currency: one for one in (Money.of(20_000, "IDR"), Money.of(200, "KES"), Money.of(3_000, "TZS"))}
VERSION = "1"
# What a network carries of it.
LONGEST_BYTES = 128
_PAYLOAD = re.compile(
    rf"{VERSION}:(?P<wallet>[0-9A-Za-z_-]+):(?P<minor>[0-9]{{1,15}}):(?P<currency>[A-Z]{{3}}):(?P<until>[0-9]{{1,10}})"
)


class OfferOver(Refusal):
    text = _("This offer has run out. Nothing was paid. Please choose Top up again.")


class OtherAmount(Refusal):
    text = _("This is not the amount that was asked for. Nothing was paid. Please choose Top up again.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invoice asks for, and for whom; a card may be charged until `good_until`."""

    wallet_id: str
    amount: Money
    good_until: datetime

    @property
    def payload(self) -> str:
        until = int(self.good_until.timestamp())
        words = ":".join((VERSION, self.wallet_id, str(self.amount.minor), self.amount.currency, str(until)))
        assert len(words.encode()) <= LONGEST_BYTES, f"an invoice cannot carry {words}"
        return words

    @classmethod
    def of(cls, payload: str) -> Asked | None:
        """None for a payload that this version did not write."""
        found = _PAYLOAD.fullmatch(payload)
        if found is None or found["currency"] not in EXPONENT:
            return None
        amount = Money(int(found["minor"]), found["currency"])
        return cls(found["wallet"], amount, datetime.fromtimestamp(int(found["until"]), UTC))


def by_card(amount: Money) -> bool:
    """Whether so much may be brought by card at all."""
    return amount.currency in SMALLEST and amount >= SMALLEST[amount.currency]


def quoted(wallet: Wallet, amount: Money, now: datetime) -> str:
    """The payload of an invoice over this amount, for this wallet."""
    return Asked(wallet.wallet_id, amount, now + LASTS).payload


async def check(counter: Counter, payload: str, amount: Money) -> None:
    """The last word before a card is charged. Raises the refusal that its owner reads."""
    asked = Asked.of(payload)
    if asked is None or counter.clock.now() >= asked.good_until:
        raise OfferOver
    if amount != asked.amount:
        raise OtherAmount
    wallet = await counter.store.read(Wallet, asked.wallet_id)
    if wallet is None or not _takes(wallet, amount):
        raise WalletCannotReceive


def _takes(wallet: Wallet, amount: Money) -> bool:
    return wallet.receives and wallet.currency == amount.currency


@dataclass(frozen=True, slots=True)
class CardPaid:
    """Money of a card as it stands in the book: in a wallet, or set aside when `wallet` is None."""

    entry: Entry
    wallet: Wallet | None


async def credit(counter: Counter, payload: str, amount: Money, *, charge_id: str, bank: str) -> CardPaid:
    """Write down that a card was charged: once for each charge, however often it is told."""
    now = counter.clock.now()
    return await counter.store.commit(
        CreditCard(
            asked=Asked.of(payload),
            amount=amount,
            bank=line_name(bank),
            evidence=line_name(charge_id),
            now=now,
            day=counter.day(now),
            words=counter.words,
        )
    )


@dataclass(frozen=True, slots=True)
class CreditCard:
    asked: Asked | None
    amount: Money
    bank: str
    evidence: str
    now: datetime
    day: date
    words: Words

    def wants(self) -> Sequence[Key[object]]:
        if self.asked is None:
            return ()
        return Key(Wallet, (self.asked.wallet_id,)), wanted_to_announce(self.asked.wallet_id)

    def decide(self, book: Book) -> CardPaid:
        wallet = book.get(Wallet, self.asked.wallet_id) if self.asked else None
        if posted := book.posted(f"top_up:{self.bank}:{self.evidence}"):
            return CardPaid(posted, wallet)
        if posted := book.posted(f"set_aside:{self.bank}:{self.evidence}"):
            return CardPaid(posted, None)
        if wallet is None or not _takes(wallet, self.amount):
            return CardPaid(self._set_aside(book), None)
        change = TopUp(
            wallet.wallet_id, self.amount, self.bank, self.evidence, self.bank, self.now, self.day, self.words
        )
        credited, entry = change.decide(book)
        return CardPaid(entry, credited)

    def _set_aside(self, book: Book) -> Entry:
        """Nobody's yet, and not lost: an operator gives it back to whoever paid."""
        entry = book.post(
            set_aside(self.amount, bank=self.bank, evidence=self.evidence, at=self.now, day=self.day, by=self.bank)
        )
        whose = f"wallet {self.asked.wallet_id} cannot take it" if self.asked else "it names no wallet"
        detail = f"{self.bank} {self.evidence}: {self.amount}, entry {entry.index}; {whose}"
        book.add(Break(entry.key, None, "set_aside", detail, self.now))
        return entry
