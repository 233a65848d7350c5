"""Entries as text, so that a test shows what an accountant would read. Compared with `dedent` of a text block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.domain.journal import Entry


def ledger(*entries: Entry | None) -> str:
    """Each entry under its kind: debits positive, in whole rupiah."""
    return "\n" + "".join(f"{entry.kind}\n{_legs(entry)}" for entry in entries if entry is not None)


def balances(entries: Iterable[Entry]) -> str:
    """What all entries come to, account by account; accounts that came to nothing are left out."""
    sums: Counter[str] = Counter()
    for entry in entries:
        for posting in entry.postings:
            sums[posting.account] += posting.minor
    return "\n" + "".join(_line(account, minor) for account, minor in sorted(sums.items()) if minor)


def _legs(entry: Entry) -> str:
    return "".join(f"    {_line(posting.account, posting.minor)}" for posting in entry.postings)


def _line(account: str, minor: int) -> str:
    whole, rest = divmod(abs(minor), 100)
    assert not rest, "whole rupiah only"
    return f"{account} {'-' if minor < 0 else ''}{whole}\n"
