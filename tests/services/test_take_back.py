"""What came in can go back whole, once, while it is there; the owner hears of it."""

from __future__ import annotations

import asyncio
from textwrap import dedent

import pytest

from core.domain.journal import Entry
from core.domain.money import Money
from core.domain.wallet import SpentAlready
from core.services.card_top_up import credit, quoted
from core.services.take_back import (
    CameOtherwise,
    NeverCame,
    WentBackBefore,
    take_back_set_aside,
    take_back_top_up,
)
from core.services.top_up import PostedBefore
from tests.services.till import Till
from tests.support.ledger import ledger


async def back(till: Till, rupiah: int = 50_000, *, evidence: str = "TRX-1", bank: str = "BCA") -> Entry:
    amount = Money.of(rupiah, "IDR")
    _, entry = await take_back_top_up(
        till.at.counter, till.owner.wallet_id, amount, bank=bank, evidence=evidence, by="ani"
    )
    return entry


async def test_a_top_up_is_taken_back_and_its_owner_told(till: Till):
    await till.top_up(50_000)

    entry = await back(till)

    assert await till.available() == 200_000
    assert entry.memo == "ani"
    assert ledger(entry) == dedent("""
        take_back
            bank:BCA -50000
            wallet:w7890 50000
        """)
    assert "Rp50,000 has left your wallet and goes back to where it came from." in await till.delivered()


async def test_it_goes_back_once(till: Till):
    await till.top_up(50_000)
    entry = await back(till)

    with pytest.raises(WentBackBefore) as refused:
        await back(till)
    assert refused.value.values == {"bank": "BCA", "evidence": "TRX-1", "index": entry.index}
    assert await till.available() == 200_000


async def test_operators_who_take_back_at_once_take_back_once(till: Till):
    await till.top_up(50_000)

    outcomes = await asyncio.gather(*(back(till) for _ in range(8)), return_exceptions=True)

    assert sum(isinstance(one, Entry) for one in outcomes) == 1
    assert await till.available() == 200_000


async def test_what_went_back_does_not_come_in_again_under_its_number(till: Till):
    await till.top_up(50_000)
    await back(till)

    with pytest.raises(PostedBefore):
        await till.top_up(50_000)


@pytest.mark.parametrize(("evidence", "bank"), [("TRX-2", "BCA"), ("TRX-1", "BRI")])
async def test_what_never_came_cannot_go_back(till: Till, evidence: str, bank: str):
    await till.top_up(50_000)

    with pytest.raises(NeverCame):
        await back(till, evidence=evidence, bank=bank)
    assert await till.available() == 250_000


@pytest.mark.parametrize("rupiah", [49_999, 50_001])
async def test_it_goes_back_whole(till: Till, rupiah: int):
    entry = await till.top_up(50_000)

    with pytest.raises(CameOtherwise) as refused:
        await back(till, rupiah)
    assert refused.value.values["index"] == entry.index


async def test_it_goes_back_from_the_wallet_that_got_it(till: Till):
    await till.top_up(50_000)
    other = Till(till.at, await till.at.customer("+6281234567891"))

    with pytest.raises(CameOtherwise):
        await back(other)
    assert await other.available() == 200_000


async def test_what_is_spent_or_on_hold_cannot_go_back(till: Till):
    await till.top_up(50_000)
    await till.hold(amount="200")

    with pytest.raises(SpentAlready):
        await back(till)


@pytest.mark.parametrize("event", ["lock", "freeze"])
async def test_a_stopped_wallet_gives_back_all_the_same(till: Till, event: str):
    await till.top_up(50_000)
    await till.change(event)

    await back(till)

    assert await till.available() == 200_000


# ---- what no wallet could take


async def test_what_was_set_aside_goes_back_and_its_break_is_closed(till: Till):
    amount = Money.of(50_000, "IDR")
    await credit(till.at.counter, "not ours", amount, charge_id="c-1", bank="telegram")

    entry = await take_back_set_aside(till.at.counter, amount, bank="TELEGRAM", evidence="C-1", by="ani")

    assert ledger(entry) == dedent("""
        take_back
            bank:TELEGRAM -50000
            unidentified 50000
        """)
    assert await till.at.store.balance_of("unidentified") == 0
    assert await till.at.store.open_breaks(limit=10) == []
    with pytest.raises(WentBackBefore):
        await take_back_set_aside(till.at.counter, amount, bank="TELEGRAM", evidence="C-1", by="ani")


async def test_a_top_up_is_no_money_set_aside(till: Till):
    amount = Money.of(50_000, "IDR")
    await credit(
        till.at.counter, quoted(till.owner, amount, till.at.clock.now()), amount, charge_id="c-1", bank="telegram"
    )

    with pytest.raises(NeverCame):
        await take_back_set_aside(till.at.counter, amount, bank="TELEGRAM", evidence="C-1", by="ani")
    await back(till, bank="TELEGRAM", evidence="C-1")
