"""A number a customer has paid at a biller: what *pay again* offers, and what guards against paying twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Payee:
    """`saved` when the customer asked to keep it. `last_payment_id` is the newest payment authorized for it."""

    wallet_id: str
    product_id: str
    reference: str
    holder: str
    last_payment_id: str
    last_at: datetime
    saved: bool = False
    version: int = 0
