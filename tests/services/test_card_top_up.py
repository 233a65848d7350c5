"""Money of a card is in the book once, whatever became of the offer and the wallet meanwhile."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.botapi.limits import MINIMA
from core.domain.money import EXPONENT, Money
from core.domain.ticket import AMOUNTS
from core.domain.wallet import WalletCannotReceive
from core.refusal import Refusal
from core.services.card_top_up import (
    LASTS,
    LONGEST_BYTES,
    SMALLEST,
    Asked,
    CardPaid,
    OfferOver,
    OtherAmount,
    by_card,
    check,
    credit,
    quoted,
)
from core.services.take_back import take_back_top_up
from tests.services.till import Till
from tests.support.ledger import ledger

AMOUNT = Money.of(50_000, "IDR")
CHARGE = "5634_aBc-17"


def offer(till: Till, amount: Money = AMOUNT) -> str:
    return quoted(till.owner, amount, till.at.clock.now())


async def charged(till: Till, payload: str, amount: Money = AMOUNT, *, charge: str = CHARGE) -> CardPaid:
    return await credit(till.at.counter, payload, amount, charge_id=charge, bank="telegram")


async def a_closed_one(till: Till) -> Till:
    """Her offer was made before the wallet was closed."""
    empty = Till(till.at, await till.at.customer("+6281234567891", rupiah=0))
    await empty.change("close")
    return empty


# ---- what goes out comes back


@given(
    st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=1, max_size=26),
    st.integers(1, 10**14),
    st.sampled_from(sorted(EXPONENT)),
    st.integers(0, 9_999_999_999),
)
def test_an_invoice_carries_what_was_asked_for(wallet_id: str, minor: int, currency: str, until: int):
    asked = Asked(wallet_id, Money(minor, currency), datetime.fromtimestamp(until, UTC))

    assert Asked.of(asked.payload) == asked
    assert len(asked.payload.encode()) <= LONGEST_BYTES


@given(st.text(max_size=64))
def test_what_we_did_not_write_is_no_offer(payload: str):
    assert Asked.of(payload) is None


@pytest.mark.parametrize(
    "payload",
    ["2:w:1:IDR:1", "1:w:1:IDR:99999999999", "1:w:1:XXX:1", "1:w:-1:IDR:1", "1:w:²:IDR:1", "1:w:1:IDR:1:", "1:w:1:IDR"],
)
def test_another_version_or_a_broken_one_is_no_offer(payload: str):
    assert Asked.of(payload) is None


@pytest.mark.parametrize("currency", AMOUNTS)
def test_a_card_brings_no_less_than_the_network_lets_it(currency: str):
    smallest = SMALLEST[currency]

    assert AMOUNTS[currency].take(smallest) == smallest
    assert smallest.minor > MINIMA[currency]
    assert by_card(smallest)
    assert not by_card(smallest - Money(1, currency))


def test_a_currency_without_a_smallest_amount_is_not_brought_by_card():
    assert not by_card(Money.of(1_000_000, "UGX" if "UGX" in EXPONENT else "USD"))


# ---- before the card is charged


async def test_a_fresh_offer_may_be_paid(till: Till):
    await check(till.at.counter, offer(till), AMOUNT)


async def test_an_offer_runs_out(till: Till):
    payload = offer(till)
    till.at.clock.pass_by(seconds=LASTS.total_seconds())

    with pytest.raises(OfferOver):
        await check(till.at.counter, payload, AMOUNT)


@pytest.mark.parametrize("amount", [Money.of(50_001, "IDR"), Money.of(50_000, "KES")])
async def test_another_amount_is_refused(till: Till, amount: Money):
    with pytest.raises(OtherAmount):
        await check(till.at.counter, offer(till), amount)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ("1:nobody:5000000:IDR:9999999999", WalletCannotReceive),
        ("not ours", OfferOver),
    ],
)
async def test_what_names_no_wallet_is_refused(till: Till, payload: str, why: type[Refusal]):
    with pytest.raises(why):
        await check(till.at.counter, payload, AMOUNT)


async def test_a_closed_wallet_is_refused(till: Till):
    empty = await a_closed_one(till)

    with pytest.raises(WalletCannotReceive):
        await check(till.at.counter, offer(empty), AMOUNT)


# ---- once it was


async def test_the_money_is_in_the_wallet_in_the_book_and_told(till: Till):
    paid = await charged(till, offer(till))

    assert await till.available() == 250_000
    assert ledger(paid.entry) == dedent("""
        top_up
            bank:TELEGRAM 50000
            wallet:w7890 -50000
        """)
    assert "Rp50,000 has come into your wallet." in await till.delivered()


async def test_a_charge_that_is_told_again_is_not_posted_again(till: Till):
    payload = offer(till)
    paid = await charged(till, payload)

    assert await charged(till, payload) == paid
    assert await till.available() == 250_000


async def test_a_charge_that_is_told_many_times_at_once_is_posted_once(till: Till):
    payload = offer(till)

    outcomes = await asyncio.gather(*(charged(till, payload) for _ in range(16)))

    assert len({one.entry.index for one in outcomes}) == 1
    assert await till.available() == 250_000


async def test_an_offer_that_is_paid_twice_is_two_charges(till: Till):
    """An invoice that was passed on may be paid by two people."""
    payload = offer(till)
    await charged(till, payload)
    await charged(till, payload, charge="another")

    assert await till.available() == 300_000


async def test_the_money_counts_even_when_the_offer_has_run_out(till: Till):
    payload = offer(till)
    till.at.clock.pass_by(days=1)

    await charged(till, payload)

    assert await till.available() == 250_000


async def test_what_a_closed_wallet_cannot_take_is_set_aside_for_an_operator(till: Till):
    empty = await a_closed_one(till)

    paid = await charged(till, offer(empty))

    assert paid.wallet is None
    assert ledger(paid.entry) == dedent("""
        set_aside
            bank:TELEGRAM 50000
            unidentified -50000
        """)
    [opened] = await till.at.store.open_breaks(limit=10)
    assert (opened.kind, opened.payment_id) == ("set_aside", None)
    assert opened.detail == f"TELEGRAM 5634_ABC-17: 50000 IDR, entry {paid.entry.index}; wallet w7891 cannot take it"


@pytest.mark.parametrize("payload", ["not ours", "1:nobody:5000000:IDR:9999999999", ""])
async def test_money_without_a_name_is_set_aside_once(till: Till, payload: str):
    first = await charged(till, payload)

    assert await charged(till, payload) == first
    assert await till.at.store.balance_of("unidentified") == -AMOUNT.minor
    assert len(await till.at.store.open_breaks(limit=10)) == 1


async def test_money_of_a_strange_currency_is_set_aside(till: Till):
    paid = await charged(till, offer(till), Money.of(500, "KES"))

    assert (paid.entry.kind, paid.wallet) == ("set_aside", None)


async def test_a_charge_keeps_its_place_when_the_wallet_closes_after_it(till: Till):
    """It was credited, taken back and the wallet closed; then the network tells of it once more."""
    empty = Till(till.at, await till.at.customer("+6281234567891", rupiah=0))
    payload = offer(empty)
    paid = await charged(empty, payload)
    await take_back_top_up(
        till.at.counter, empty.owner.wallet_id, AMOUNT, bank="TELEGRAM", evidence="5634_ABC-17", by="ani"
    )
    await empty.change("close")

    again = await charged(empty, payload)

    assert again.entry == paid.entry
    assert await till.at.store.open_breaks(limit=10) == []
