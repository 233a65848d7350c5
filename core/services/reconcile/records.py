"""What the reconciliation of a provider's statement must read of the store besides single records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.judging import Booked
from core.domain.matching import Funding
from core.domain.statement import Absence, SeenLine


class Records(Protocol):
    """As last committed; it may read much, apart from the hot path."""

    async def booked_between(self, provider: str, since: datetime, until: datetime) -> Sequence[Booked]:
        """Attempts at a provider that were made in `[since, until)`, with where their payments stand."""

    async def booked_under(self, provider: str, keys: Collection[str]) -> Sequence[Booked]:
        """Attempts at a provider with these keys, however old."""

    async def lines_about(self, source: str, about: Collection[str]) -> Sequence[SeenLine]:
        """Lines that were reconciled before, about these keys."""

    async def absences_of(self, source: str) -> Sequence[Absence]:
        """Attempts that no statement told of when it should have, once or more."""

    async def fundings_of(self, provider: str, since: datetime, until: datetime) -> Sequence[Funding]:
        """Transfers of ours to a provider that were noted in `[since, until)`."""

    async def deposit_at(self, provider: str, until: datetime) -> int:
        """Our deposit by the book at a moment: a sale counts from when it was confirmed, whenever it was booked."""

    async def queued_minor(self, source: str, *, but: str) -> int:
        """By how much open differences of other statements than this say that the provider took more than booked."""
