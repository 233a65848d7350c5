"""Threats 11 and 12: nobody collects names and bills, and whoever holds the phone for a moment learns nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.chat import LinkRequest
from core.domain.wallet import Wallet
from core.services.curiosity import DAY, HOUR, Curiosity
from tests.security.callers import Caller, listener_of
from tests.services.till import Till
from tests.support.chats import OpenedThere
from tests.support.counters import PIN, Bench, bench
from tests.support.fakes import NOON

TOO_MANY = "You have asked about many numbers. Please try again later."
CHAT = "1001"


@dataclass
class Scraper:
    """Somebody with a wallet of her own who types one meter after the other."""

    at: Bench
    wallet: Wallet
    phone: Caller

    @property
    def answered(self) -> int:
        return len(set(self.at.provider.inquired))


@pytest.fixture
async def scraper(tmp_path: Path) -> AsyncIterator[Scraper]:
    async with bench(tmp_path) as at:
        yield Scraper(at, await at.customer(), Caller(listener_of(at)))


async def meters(scraper: Scraper, count: int, *, every: timedelta = timedelta(0)) -> list[str]:
    """The screens for so many meters, typed one after the other at the same question."""
    await scraper.phone.dials("1")
    shown = []
    for meter in range(count):
        screen = await scraper.phone.types(f"{12345670000 + meter}")
        shown.append(screen)
        if "How much?" in screen:
            await scraper.phone.types("0")
        scraper.at.clock.at += every
    return shown


async def test_of_five_hundred_meters_in_a_day_thirty_are_answered(scraper: Scraper):
    shown = await meters(scraper, 500, every=timedelta(minutes=2.8))

    assert scraper.answered == 30
    assert sum(TOO_MANY in screen for screen in shown) == 470


async def test_within_an_hour_ten_are(scraper: Scraper):
    shown = await meters(scraper, 20, every=timedelta(minutes=1))

    assert scraper.answered == 10
    assert all(TOO_MANY in screen for screen in shown[10:])


async def test_by_phone_and_by_chat_it_is_the_same_person(scraper: Scraper):
    await scraper.at.store.commit(OpenedThere(scraper.wallet.wallet_id, CHAT, "Siti", scraper.at.clock.now()))
    await meters(scraper, 10)
    chat = Caller(scraper.phone.listener, "telegram", CHAT)

    assert TOO_MANY in await chat.dials("0", "1", "12345699999")


async def test_a_number_that_she_has_paid_before_can_always_be_paid(scraper: Scraper):
    await Till(scraper.at, scraper.wallet).pay("p1", reference="12345678901")
    assert "See it" in await scraper.phone.dials()
    await meters(scraper, 12)

    assert "How much?" in await scraper.phone.types("12345678901")


async def test_the_rest_of_a_name_is_masked_before_the_payment(scraper: Scraper):
    [screen] = await meters(scraper, 1)

    assert "SITI A***" in screen
    assert "AMINAH" not in screen


async def test_a_chat_asks_at_most_five_owners_a_day_and_learns_of_none(scraper: Scraper):
    """One of them has a wallet here; the screens are the same but for the number."""
    stranger = Caller(scraper.phone.listener, "telegram", "1666")
    await scraper.at.store.commit(
        OpenedThere((await scraper.at.customer("+6281211110000")).wallet_id, "1666", "M", NOON)
    )
    numbers = [scraper.wallet.msisdn, *(f"+62812000000{last:02}" for last in range(9))]
    screens = []
    for number in numbers:
        shown = await stranger.dials("0", "8", "4", "2", f"0{number[3:]}")
        screens.append(shown.replace(number[-2:], ".."))

    assert len(set(screens[1:5])) == 1
    assert all("Please try again tomorrow." in screen for screen in screens[5:])
    assert await scraper.at.store.read(LinkRequest, scraper.wallet.wallet_id) is not None


# ---- threat 11


@pytest.mark.parametrize("keys", [("5",), ("5", "1"), ("8", "2"), ("1", "12345678901", "2")])
async def test_no_balance_no_history_and_no_payment_without_the_pin(scraper: Scraper, keys: tuple[str, ...]):
    shown = await scraper.phone.dials(*keys)

    assert "PIN" in shown
    assert "200,000" not in shown


async def test_what_was_opened_by_a_pin_is_closed_when_the_call_is_over(scraper: Scraper):
    assert "You have Rp200,000" in await scraper.phone.dials("5", PIN)

    assert "You have" not in await scraper.phone.dials()


async def test_a_receipt_tells_no_balance(scraper: Scraper):
    receipt = await scraper.phone.dials("1", "12345678901", "2", PIN)

    assert "Token 1234" in receipt
    assert "147,500" not in receipt


# ---- the rule itself


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 180)), max_size=120))
def test_nobody_asks_about_more_new_numbers_than_the_limits(asked: list[tuple[int, int]]):
    """Those first asked about within a day; asking again about one of them is no news."""
    rule, now, first = Curiosity({HOUR: 10, DAY: 30}), NOON, dict[int, datetime]()
    for number, minutes in asked:
        now += timedelta(minutes=minutes)
        first = {one: at for one, at in first.items() if at > now - DAY}
        if rule.allows("w1", f"{number}", now):
            first.setdefault(number, now)
        assert sum(at > now - HOUR for at in first.values()) <= 10
        assert len(first) <= 30


def test_what_is_remembered_of_people_stays_bounded():
    rule = Curiosity({HOUR: 1}, most=10)
    for who in range(1000):
        rule.allows(f"w{who}", "1", NOON)

    assert not rule.allows("w999", "2", NOON)
    assert rule.allows("w1", "2", NOON)
