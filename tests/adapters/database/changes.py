"""Small changes to try a store with, and what they are about."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar

from core.domain.journal import Entry, entry, wallet_account
from core.domain.message import Message
from core.domain.msisdn import Msisdn
from core.domain.payment import Attempt, Payment, attempt_key
from core.domain.wallet import NotEnoughMoney, Wallet
from core.ports import Book, Key

NOW = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 3, 2)
RUPIAH = 100
_serial = itertools.count(1)


Record = TypeVar("Record")


@dataclass(frozen=True)
class Put(Generic[Record]):
    """Write records as they are; answers the last."""

    records: tuple[Record, ...]

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> Record:
        return [book.put(record) for record in self.records][-1]


def put(*records: Record) -> Put[Record]:
    return Put(records)


@dataclass(frozen=True)
class Do(Generic[Record]):
    """Whatever a test wants done with the book."""

    what: Callable[[Book], Record]

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> Record:
        return self.what(book)


@dataclass(frozen=True)
class Transfer:
    """Move rupiah from one wallet to another, refused below zero."""

    payer: str
    payee: str
    rupiah: int
    key: str = ""

    def wants(self) -> Sequence[Key[object]]:
        return Key(Wallet, (self.payer,)), Key(Wallet, (self.payee,))

    def decide(self, book: Book) -> Entry:
        minor = self.rupiah * RUPIAH
        posted = book.post(transferred(self.payer, self.payee, self.rupiah, self.key or f"transfer:{next(_serial)}"))
        payer, payee = book.get(Wallet, self.payer), book.get(Wallet, self.payee)
        assert payer is not None
        assert payee is not None
        if payer.available_minor < minor:
            raise NotEnoughMoney
        book.put(replace(payer, available_minor=payer.available_minor - minor))
        if payer != payee:
            book.put(replace(payee, available_minor=payee.available_minor + minor))
        return posted


def transferred(payer: str, payee: str, rupiah: int, key: str) -> Entry:
    return entry(
        "transfer",
        (wallet_account(payer), rupiah * RUPIAH),
        (wallet_account(payee), -rupiah * RUPIAH),
        key=key,
        currency="IDR",
        at=NOW,
        day=DAY,
    )


def a_wallet(wallet_id: str = "w1", rupiah: int = 0) -> Wallet:
    number = Msisdn("+6281234567890")
    return Wallet(wallet_id, number, "id", "IDR", "active", rupiah * RUPIAH, "hash", "", NOW)


def a_payment(payment_id: str = "p1", wallet_id: str = "w1", *, state: str = "authorized", minutes: int = 0) -> Payment:
    at = NOW + timedelta(minutes=minutes)
    return Payment(
        payment_id=payment_id,
        wallet_id=wallet_id,
        product_id="pln_prepaid",
        denomination_id="20k",
        reference="12345678901",
        holder="SITI AMINAH",
        amount_minor=20_000 * RUPIAH,
        fee_minor=2_500 * RUPIAH,
        most_minor=21_000 * RUPIAH,
        currency="IDR",
        provider="digiflazz",
        code="pln20",
        kind="prepaid",
        channel="ussd",
        state=state,
        authorized_at=at,
        changed_at=at,
    )


def an_attempt(payment_id: str = "p1", number: int = 1) -> Attempt:
    key = attempt_key(payment_id, number)
    return Attempt(payment_id, number, "digiflazz", key, "pln20", "12345678901", 2_100_000, "IDR", "prepaid", NOW)


def a_message(message_id: str, wallet_id: str = "w1", *, minutes: int = 0) -> Message:
    at = NOW + timedelta(minutes=minutes)
    return Message(message_id, wallet_id, "+6281234567890", "Lunas.", at, due_at=at)
