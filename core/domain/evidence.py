"""What came from outside and what did not fit: kept as it came, never changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer about one attempt; `digest` names it, so that the same word said twice is one row.

    `source` is `reply`, `poll`, `webhook`, `operator` or `statement`.
    """

    payment_id: str
    attempt: int
    digest: str
    source: str
    proves: str
    code: str
    body: str
    at: datetime


def digest_of(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Something an operator must look at: an answer that contradicts the book, an amount that differs."""

    break_id: str
    payment_id: str | None
    kind: str
    detail: str
    opened_at: datetime
    closed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A customer said that something is wrong. `number` is short enough to say over the phone."""

    number: str
    wallet_id: str
    payment_id: str | None
    topic: str
    opened_at: datetime
    closed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A callback as it came in, kept before it is acknowledged. `key` is the attempt key it speaks of."""

    digest: str
    provider: str
    key: str
    reference: str
    body: str
    received_at: datetime
