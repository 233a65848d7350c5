"""What went to a provider is confirmed when the bank and the provider both show it, and asked about when not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.domain.money import Money
from core.domain.statement import SeenLine, Statement
from core.services.reconcile.funds import moved_to
from core.services.top_up import fund_provider
from tests.adapters.database.changes import put
from tests.services.reconcile.statements import reads
from tests.services.till import Till
from tests.support.fakes import NOON

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def database() -> None:
    """On SQLite alone: the day's balances are asked of either."""


async def states(till: Till, *, today: date = TODAY) -> list[tuple[int, str]]:
    found = await moved_to(till.at.store.books, "digiflazz", today=today)
    return [(one.minor // 100, one.state(today)) for one in found]


async def provider_tells(till: Till, entry_key: str) -> None:
    """As its statement does once it was reconciled."""
    file = Statement("s1", "digiflazz", NOON, NOON, True, "IDR", 1, 0, None, None, NOON, "ani")
    line = SeenLine("digiflazz", "l1", "s1", 1, entry_key, "funded", -15_000_000, "matched")
    await till.at.store.commit(put(file, line))


async def test_a_transfer_is_in_transit_until_both_have_it(till: Till):
    await reads(till, "D150000,00 FT1 KE DIGIFLAZZ", opens=200_000)

    assert await states(till) == [(150_000, "in transit")]
    await provider_tells(till, "fund_deposit:BCA:FT1")
    assert await states(till) == [(150_000, "confirmed")]


async def test_a_transfer_that_only_we_know_of_is_missing_after_some_days(till: Till):
    await fund_provider(till.at.counter, "digiflazz", Money.of(150_000, "IDR"), bank="BCA", evidence="MINE", by="ani")

    assert await states(till, today=TODAY + timedelta(days=3)) == [(150_000, "in transit")]
    assert await states(till, today=TODAY + timedelta(days=4)) == [(150_000, "missing")]


async def test_what_payments_take_from_a_deposit_is_no_transfer(till: Till):
    await till.pay()

    assert await states(till) == []
