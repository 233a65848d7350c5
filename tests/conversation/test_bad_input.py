"""Whatever is typed on whatever question: a clear sentence, the same question again, and nothing posted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.wallet import Wallet
from core.ports import Book, PriceLine
from core.services.prices import KeepPrices
from tests.support.counters import PIN, Bench, bench
from tests.support.walk import Phone

QUESTIONS = {
    "the main menu": (),
    "a meter number": ("1",),
    "an amount": ("1", "12345678901"),
    "a PIN": ("1", "12345678901", "1"),
    "a phone number": ("2", "2"),
    "a biller": ("3", "4"),
    "a customer number": ("3", "1", "2"),
}
HOSTILE = {
    "letters": "abc",
    "an emoji": "🙏🙏",
    "NUL": "1\x002345678901\x00\x00",
    "5,000 characters": "7" * 5_000,
    "a raised digit": "²",
    "underscores": "1_000",
    "a negative number": "-5",
    "two scripts": "٣4",
    "a formula": "=1+1",
    "SQL": "'; DROP TABLE wallets; --",
    "a bidi mark": "\u202e12",
    "a lone surrogate": "\ud800",
    "a star": "*#*",
    "a placeholder": "{available}",
}


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("hostile", HOSTILE)
async def test_anything_may_be_typed(counter: Bench, question: str, hostile: str) -> None:
    phone = await _asked(counter, *QUESTIONS[question])
    before, asked = await _money(counter), phone.page

    page = await phone.type(HOSTILE[hostile])

    assert asked is not None
    assert _last_line(asked.words) in page.words, "the question is asked again, or the way back is offered"
    assert not page.final
    assert "our side" not in page.words, "a bug, told to a customer"
    assert await _money(counter) == before
    assert not counter.provider.sent


async def test_what_is_off_sale_at_the_provider_is_refused_before_the_pin(counter: Bench) -> None:
    phone = await _asked(counter, "1", "12345678901")
    line = PriceLine("digiflazz", "pln20", "PLN 20.000", False, 2_012_500, "IDR", "", counter.clock.now())
    await counter.store.commit(KeepPrices("digiflazz", (line,), ()))

    page = await phone.type("1")

    assert "cannot be bought just now. Your money has not moved." in page.words
    assert "PIN" not in page.words


async def test_what_would_be_sold_at_a_loss_is_refused_before_the_pin(counter: Bench) -> None:
    phone = await _asked(counter, "1", "12345678901")
    line = PriceLine("digiflazz", "pln20", "PLN 20.000", True, 9_900_000, "IDR", "", counter.clock.now())
    await counter.store.commit(KeepPrices("digiflazz", (line,), ()))

    page = await phone.type("1")

    assert "cannot be bought just now" in page.words


async def test_a_biller_in_its_nightly_pause_says_when_it_opens(counter: Bench) -> None:
    phone = await _asked(counter, "3", "1", "2")
    counter.clock.pass_by(hours=11, minutes=30)  # 23:30 in Jakarta

    page = await phone.type("530000000001")

    assert "PLN is closed until 01:00" in page.words


async def test_an_sku_in_the_providers_own_pause_is_not_sold(counter: Bench) -> None:
    phone = await _asked(counter, "1", "12345678901")
    line = PriceLine("digiflazz", "pln20", "PLN 20.000", True, 2_012_500, "IDR", "11:00-13:00", counter.clock.now())
    await counter.store.commit(KeepPrices("digiflazz", (line,), ()))

    page = await phone.type("1")

    assert "cannot be bought just now" in page.words


@pytest.mark.parametrize("state", ["frozen", "locked"])
async def test_a_wallet_that_may_not_pay_holds_nothing(counter: Bench, state: str) -> None:
    phone = await _asked(counter, "1", "12345678901", "1")
    await counter.store.commit(_Put(state))

    page = await phone.type(PIN)

    assert "Your wallet cannot pay now" in page.words
    assert not counter.provider.sent


async def _asked(counter: Bench, *keys: str) -> Phone:
    await counter.customer()
    phone = Phone(counter)
    await phone.dial()
    for key in keys:
        await phone.type(key)
    return phone


async def _money(counter: Bench) -> tuple[int, int, int]:
    entries = [entry async for entry in counter.store.journal()]
    wallet = await counter.store.read(Wallet, "w7890")
    assert wallet is not None
    return len(entries), wallet.available_minor, await counter.store.balance_of("held")


def _last_line(words: str) -> str:
    return words.splitlines()[-1]


class _Put:
    """The wallet in another state, as an operator would leave it."""

    def __init__(self, state: str) -> None:
        self.state = state

    def wants(self) -> tuple[()]:
        return ()

    def decide(self, book: Book) -> None:
        wallet = book.get(Wallet, "w7890")
        assert wallet is not None
        book.put(replace(wallet, state=self.state))
