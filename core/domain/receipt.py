"""What a receipt says, and the commitment to it in the journal: proven to whoever has the receipt, dark to all others.

The salt of a receipt is made from the store's key and the payment's id. It travels with the receipt; without it nobody
can find out a meter number from the journal by trying all there are.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core.domain import luhn
from core.domain.canonical import EPOCH, MICROSECOND, RECEIPT
from core.domain.digits import only_digits
from core.domain.money import Money
from core.domain.payment import Payment

SALT_SIZE = 16


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """The store's key for salts: made with its first receipt, kept as long as the store."""

    name: str
    secret: str
    version: int = 0


def entry_of_receipt(number: str) -> int | None:
    """The index of the entry that a receipt's number is of; None where a digit is wrong or it is no number at all."""
    digits = only_digits(number)
    return int(digits[:-1]) if digits and len(digits) > 1 and luhn.holds(digits) else None


OURS = "receipts"  # the name of the only one


@dataclass(frozen=True, slots=True)
class Receipt:
    """`at` is when the customer said yes, as the receipt shows it. Its number is its entry's place in the journal."""

    product_id: str
    denomination_id: str
    reference: str
    total: Money
    at: datetime

    @classmethod
    def of(cls, payment: Payment) -> Receipt:
        return cls(payment.product_id, payment.denomination_id, payment.reference, payment.total, payment.authorized_at)

    @property
    def written(self) -> str:
        """JSON by RFC 8785, of strings and whole numbers only."""
        said = {
            "at": (self.at - EPOCH) // MICROSECOND,
            "currency": self.total.currency,
            "denomination_id": self.denomination_id,
            "product_id": self.product_id,
            "reference": self.reference,
            "total_minor": self.total.minor,
            "v": 1,
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A receipt with the salt that opens the commitment to it."""

    receipt: Receipt
    salt: bytes

    @classmethod
    def of(cls, payment: Payment, key: ReceiptKey) -> Opened:
        salt = hmac.digest(key.secret.encode(), payment.payment_id.encode(), "sha256")[:SALT_SIZE]
        return cls(Receipt.of(payment), salt)

    @property
    def commitment(self) -> str:
        """SHA-256 over a name, the salt and what the receipt says; hexadecimal."""
        return sha256(b"loket-receipt-v1\n" + self.salt + self.receipt.written.encode()).hexdigest()

    @property
    def memo(self) -> str:
        """What the entry that captures remembers."""
        return f"{RECEIPT}{self.commitment}"
