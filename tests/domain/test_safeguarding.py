"""The book balances, so what is neither owed nor in trust explains why the one is not the other."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.domain.safeguarding import position

ACCOUNTS = st.sampled_from(
    ["wallet", "held", "float", "unidentified", "bank:BCA", "bank:X", "deposit:d", "margin:p", "payable:b", "claim:d"]
)


@given(st.dictionaries(ACCOUNTS, st.integers(-(10**9), 10**9)))
def test_whatever_the_balances_the_cover_explains_the_difference(balances: dict[str, int]):
    balances["capital"] = -sum(balances.values())
    sums = {(account, "IDR"): minor for account, minor in balances.items()}

    found = position(date(2026, 11, 20), "IDR", sums, {"BCA": None})

    assert found.booked_minor - found.owed_minor == sum(item.minor for item in found.cover)
    assert found.short_minor == max(0, found.owed_minor - found.booked_minor)
    assert found.banked_minor is None
