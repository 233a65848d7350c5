"""What the day's end and the bank's statements must read of the store besides single records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from core.domain.bank_line import BankBalance, BankLine
from core.domain.day_cut import DayBalance, DayClosing, DayCut, Sums
from core.domain.journal import Entry


class Books(Protocol):
    """As last committed; it may read the whole journal, apart from the hot path."""

    async def last_cut(self) -> DayCut | None:
        """The cut of the latest day."""

    async def cuts_not_closed(self) -> Sequence[DayCut]:
        """Days that were cut and whose balances are not all written yet, the oldest first."""

    async def last_closed(self, until: str) -> DayClosing | None:
        """The last day until this one whose balances are all written."""

    async def moved_until(self, day: str) -> Sequence[DayBalance]:
        """The balances at a cut, from the journal, of all accounts that moved since the cut before it."""

    async def balances_at(self, day: str) -> Sums:
        """What all accounts came to at the last closed cut until this day; customers' accounts as one a kind."""

    async def statements_of(self, bank: str) -> Sequence[BankBalance]:
        """What was kept of a bank's statements, in the order in which they were read."""

    async def lines_of(self, bank: str, *, since: date) -> Sequence[BankLine]:
        """Lines of a bank that were booked on this day or later, in the order of their dates."""

    async def funded_at(self, provider: str) -> Collection[str]:
        """The keys of entries whose money a provider's statements show as having come into our deposit."""

    async def entries_on(self, account: str, *, since: date) -> Sequence[Entry]:
        """Entries of this accounting day or later with a posting on an account, in the order of the book."""
