"""The accounting days that are over: what was kept of each is what the journal still says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from core.domain.day_cut import DayBalance
from core.domain.invariants.rules import Days, Violation

Balances = dict[tuple[str, str], int]


def broken_by_days(days: Days) -> Iterator[Violation]:
    """A day that is cut and not closed yet may lack balances, and no other."""
    for before, after in pairwise(days.cuts):
        if after.last_index < before.last_index:
            yield Violation("days_stay_cut", after.day, f"was cut at entry {after.last_index}, before {before.day}")
    standing: defaultdict[tuple[str, str], int] = defaultdict(int)
    sums, kept = iter(days.sums), iter(days.balances)
    moved, row = next(sums, None), next(kept, None)
    for cut in days.cuts:
        touched: Balances = {}
        while moved is not None and moved.day <= cut.day:
            name = moved.account, moved.currency
            standing[name] += moved.minor
            touched[name] = standing[name]
            if moved.last_index > cut.last_index:
                yield Violation("days_stay_cut", cut.day, f"entry {moved.last_index} was posted after its cut")
            moved = next(sums, None)
        mine: Balances = {}
        while row is not None and row.day <= cut.day:
            yield from _of_no_cut(row, cut.day)
            mine[row.account, row.currency] = row.minor
            row = next(kept, None)
        yield from _differing(cut.day, mine, touched, days.closings.get(cut.day))
    if row is not None:
        yield from _of_no_cut(row, "")


def _of_no_cut(row: DayBalance, day: str) -> Iterator[Violation]:
    if row.day != day:
        yield Violation("days_stay_closed", row.day, f"has a balance of {row.account} and was never cut")


def _differing(day: str, kept: Balances, touched: Balances, accounts: int | None) -> Iterator[Violation]:
    for name, minor in kept.items():
        if touched.get(name) != minor:
            account, currency = name
            said = "nothing" if name not in touched else f"{touched[name]} {currency}"
            yield Violation("days_stay_closed", day, f"kept {minor} {currency} for {account}, the journal says {said}")
    if accounts is not None and not accounts == len(kept) == len(touched):
        detail = f"was closed with {accounts} accounts, {len(kept)} are kept, the journal moved {len(touched)}"
        yield Violation("days_stay_closed", day, detail)
