"""The fund check: what went from our banks to a provider's deposit, as the bank and as the provider has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.bank_sorting import moved_on
from core.domain.journal import Entry
from core.services.reconcile.bank import IN_TRANSIT, LOOK_BACK
from core.services.reconcile.books import Books


@dataclass(frozen=True, slots=True)
class Moved:
    """One transfer of ours. Whoever has not confirmed it within `IN_TRANSIT` is asked."""

    entry: Entry
    bank: str
    at_bank: bool
    at_provider: bool

    @property
    def minor(self) -> int:
        return -moved_on(self.entry, self.bank)

    def state(self, today: date) -> str:
        if self.at_bank and self.at_provider:
            return "confirmed"
        return "in transit" if today - self.entry.day <= IN_TRANSIT else "missing"


async def moved_to(books: Books, provider: str, *, today: date, back: timedelta = LOOK_BACK) -> Sequence[Moved]:
    """Our transfers to a provider within the last weeks, the newest last."""
    since = today - back
    entries = [
        entry for entry in await books.entries_on(f"deposit:{provider}", since=since) if _from_a_bank(entry, provider)
    ]
    banks = {bank for entry in entries for bank in _banks(entry)}
    at_banks = {line.entry_key for bank in banks for line in await books.lines_of(bank, since=since - back)}
    at_provider = await books.funded_at(provider)
    return [Moved(entry, _banks(entry)[0], entry.key in at_banks, entry.key in at_provider) for entry in entries]


def _from_a_bank(entry: Entry, provider: str) -> bool:
    return bool(_banks(entry)) and any(leg.account == f"deposit:{provider}" and leg.minor > 0 for leg in entry.postings)


def _banks(entry: Entry) -> list[str]:
    return [leg.account.partition(":")[2] for leg in entry.postings if leg.account.startswith("bank:")]
