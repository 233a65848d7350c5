"""The journal as it grows, and every balance added up from it: what the page shows is a sum of what it shows."""

from __future__ import annotations

from collections import Counter, deque

from adapters.wiring import Wired
from core.domain.journal import Entry, wallet_account

SHOWN = 40

# What is left for the operator of what customers paid.
EARNINGS = ("margin", "fee", "commission")


class Books:
    """Debits are positive, as in the journal. Answers are minor units on the natural side of the account."""

    def __init__(self) -> None:
        self.newest: deque[Entry] = deque(maxlen=SHOWN)
        self.last = 0
        self._balances: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    async def read_on(self, parts: Wired) -> None:
        async for entry in parts.store.journal(first=self.last + 1):
            self._add(entry)

    def wallet(self, wallet_id: str) -> int:
        return -self._balances[wallet_account(wallet_id)]

    @property
    def held(self) -> int:
        return -self._kinds["held"]

    @property
    def deposit(self) -> int:
        return self._kinds["deposit"]

    @property
    def earned(self) -> int:
        return -sum(self._kinds[kind] for kind in EARNINGS)

    @property
    def sum(self) -> int:
        """Over all accounts: zero, or something is terribly wrong."""
        return sum(self._balances.values())

    def _add(self, entry: Entry) -> None:
        for posting in entry.postings:
            self._balances[posting.account] += posting.minor
            self._kinds[posting.account.partition(":")[0]] += posting.minor
        self.newest.append(entry)
        self.last = entry.index
