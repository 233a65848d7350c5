"""Money in: once per bank and evidence number, whoever posts it and however often."""

from __future__ import annotations

import asyncio
from textwrap import dedent

import pytest

from core.domain.journal import Entry
from core.domain.money import Money
from core.domain.wallet import WalletCannotReceive
from core.services.top_up import OtherCurrency, PostedBefore, fund_provider, top_up_wallet
from tests.services.till import Till
from tests.support.ledger import ledger


async def test_a_top_up_is_in_the_wallet_in_the_book_and_on_the_phone(till: Till):
    entry = await till.top_up(50_000)

    assert await till.available() == 250_000
    assert ledger(entry) == dedent("""
        top_up
            bank:BCA 50000
            wallet:w7890 -50000
        """)
    assert "Rp50,000 has come into your wallet." in await till.delivered()


async def test_the_same_evidence_is_posted_once(till: Till):
    posted = await till.top_up(50_000)

    with pytest.raises(PostedBefore) as refused:
        await till.top_up(50_000)
    assert refused.value.values == {"bank": "BCA", "evidence": "TRX-1", "index": posted.index}
    assert await till.available() == 250_000


async def test_the_same_evidence_many_times_at_once_is_posted_once(till: Till):
    outcomes = await asyncio.gather(*(till.top_up(50_000) for _ in range(16)), return_exceptions=True)

    assert sum(isinstance(one, Entry) for one in outcomes) == 1
    assert sum(isinstance(one, PostedBefore) for one in outcomes) == 15
    assert await till.available() == 250_000


async def test_the_same_number_at_another_bank_is_another_line(till: Till):
    await till.top_up(50_000)
    await till.top_up(50_000, bank="BRI")

    assert await till.available() == 300_000


async def test_a_wallet_takes_only_its_own_currency(till: Till):
    with pytest.raises(OtherCurrency):
        await top_up_wallet(
            till.at.counter, till.owner.wallet_id, Money.of(50, "KES"), bank="BCA", evidence="1", by="ani"
        )
    assert await till.available() == 200_000


async def test_a_closed_wallet_takes_nothing_and_nothing_is_posted(till: Till):
    empty = Till(till.at, await till.at.customer("+6281234567891", rupiah=0))
    await empty.change("close")

    with pytest.raises(WalletCannotReceive):
        await empty.top_up(50_000)
    assert (await till.top_up(50_000)).index == 2


async def test_a_providers_deposit_is_funded_likewise(till: Till):
    amount = Money.of(1_000_000, "IDR")
    entry = await fund_provider(till.at.counter, "digiflazz", amount, bank="BCA", evidence="D-1", by="ani")

    with pytest.raises(PostedBefore):
        await fund_provider(till.at.counter, "digiflazz", amount, bank="BCA", evidence="D-1", by="budi")
    assert (entry.memo, await till.at.store.balance_of("deposit:digiflazz")) == ("ani", amount.minor)


async def test_a_top_up_and_a_deposit_may_bear_the_same_number(till: Till):
    await till.top_up(50_000, evidence="X-1")

    await fund_provider(till.at.counter, "digiflazz", Money.of(1, "IDR"), bank="BCA", evidence="X-1", by="ani")
