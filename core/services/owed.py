"""What a provider owes us back: open as a break from the entry that claims it until it was paid, or is lost."""

from __future__ import annotations

from core.domain.evidence import Break
from core.domain.journal import Entry
from core.ports import Book

CLAIM = "claim"


def open_claim(claimed: Entry, book: Book) -> Break:
    """The break is named after the entry, so that whoever ends it knows how much, of whom."""
    minor = {leg.account: leg.minor for leg in claimed.postings if leg.account.startswith(f"{CLAIM}:")}
    told = ", ".join(f"{account.partition(':')[2]} owes {amount} minor" for account, amount in minor.items())
    opened = Break(claim_break(claimed.key), claimed.payment_id, CLAIM, f"{told} {claimed.currency}", claimed.at)
    book.add(opened)
    return opened


def claim_break(entry_key: str) -> str:
    return f"{CLAIM}:{entry_key}"


def claimed_by(break_id: str) -> str:
    """The key of the entry that a claim's break is named after."""
    return break_id.partition(":")[2]
