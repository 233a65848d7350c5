"""Threats 7 and 8: a thief gets few guesses, and an enemy cannot spend them in her name."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.pin import PinTries, Place
from core.domain.wallet import Wallet
from core.ports import Book, Contact, Key
from core.services.pins import PinTry, reset_pin
from tests.security.callers import Caller, listener_of
from tests.support.chats import OpenedThere
from tests.support.counters import PIN, WANJIKU, Bench, bench
from tests.support.invariants import invariants_kept

METER, MONEY = "12345678901", "5"
STRANGERS_CHAT = "1666"
# `make check-security`: the same by the whole length of the way.
THOROUGH = bool(os.environ.get("THOROUGH"))


@dataclass
class Victim:
    """Her wallet, her phone; and those who would like to be her: one who forges her number, one with a chat."""

    at: Bench
    wallet: Wallet
    phone: Caller = field(init=False)
    forger: Caller = field(init=False)
    stranger: Caller = field(init=False)

    def __post_init__(self) -> None:
        listener = listener_of(self.at)
        self.phone = Caller(listener)
        self.forger = Caller(listener, "voice")
        self.stranger = Caller(listener, "telegram", STRANGERS_CHAT)

    async def state(self) -> str:
        found = await self.at.store.read(Wallet, self.wallet.wallet_id)
        assert found is not None
        return found.state

    async def wrong_at(self, channel: str, address: str = "") -> int:
        tries = await self.at.store.read(PinTries, self.wallet.wallet_id, channel, address)
        return tries.wrong if tries else 0


@pytest.fixture
async def victim(tmp_path: Path) -> AsyncIterator[Victim]:
    async with bench(tmp_path) as at, invariants_kept(at.store):
        wallet = await at.customer()
        await at.store.commit(KnownByNumber(wallet.wallet_id))
        await at.store.commit(OpenedThere(wallet.wallet_id, STRANGERS_CHAT, "Mallory", at.clock.now()))
        yield Victim(at, wallet)


async def test_a_thousand_wrong_pins_elsewhere_leave_her_own_phone_as_it_was(victim: Victim):
    """Five hundred by her forged number, five hundred by a chat that was once let in; at all hours of some days."""
    by_key = 500 if THOROUGH else 25
    for enemy, place in ((victim.forger, Place("voice")), (victim.stranger, Place("telegram", STRANGERS_CHAT))):
        await enemy.dials(MONEY)
        for guess in range(by_key):
            await enemy.types(f"{2_000 + guess}")
            victim.at.clock.pass_by(minutes=20)
        wrong = PinTry(victim.wallet.wallet_id, place, right=False, now=victim.at.clock.now())
        await asyncio.gather(*(victim.at.store.commit(wrong) for _ in range(500 - by_key)))

    assert await victim.state() == "active"
    assert "Token 1234" in await victim.phone.dials("1", METER, "2", PIN)


async def test_a_stranger_whom_nobody_let_in_is_never_asked_for_a_pin(victim: Victim):
    nobody = Caller(victim.forger.listener, "telegram", "1999")

    screens = [await nobody.dials(), *[await nobody.types(PIN) for _ in range(20)]]

    assert not any("PIN" in screen for screen in screens)
    assert await victim.wrong_at("telegram", "1999") == 0


@pytest.mark.parametrize("minutes", [1, 4, 60, 60 * 24 * 2])
async def test_at_one_place_there_are_three_guesses_between_pauses_and_ten_in_all(victim: Victim, minutes: int):
    """However long a thief waits between guesses, until somebody proves who she is."""
    judged: list[int] = []
    await victim.forger.dials(MONEY)
    for _ in range(30):
        before = await victim.wrong_at("voice")
        await victim.forger.types("2846")
        judged.append(await victim.wrong_at("voice") - before)
        victim.at.clock.pass_by(minutes=minutes)

    five_minutes = max(1, -(-5 // minutes))
    assert max(sum(judged[at : at + five_minutes]) for at in range(len(judged))) <= 3
    assert sum(judged) <= 10


async def test_the_closed_place_is_closed_for_the_right_pin_too_and_to_nobody_else(victim: Victim):
    wrong = await victim.stranger.dials(MONEY)
    for _ in range(10):
        wrong = await victim.stranger.types("2846")
        victim.at.clock.pass_by(hours=25)

    assert await victim.stranger.types(PIN) == wrong
    assert wrong.startswith("⚠️ Too many wrong PINs here. Dial from your own phone, or ask at the counter.")
    assert "You have Rp200,000" in await victim.phone.dials(MONEY, PIN)
    assert "You have Rp200,000" in await victim.forger.dials(MONEY, PIN)


async def test_one_chat_does_not_pause_another(victim: Victim):
    hers = Caller(victim.forger.listener, "telegram", "1001")
    await victim.at.store.commit(OpenedThere(victim.wallet.wallet_id, "1001", "Siti", victim.at.clock.now()))
    await victim.stranger.dials(MONEY)
    for _ in range(3):
        await victim.stranger.types("2846")

    assert "You have Rp200,000" in await hers.dials(MONEY, PIN)


async def test_on_her_own_phone_the_tenth_one_locks_the_wallet_and_it_still_receives(victim: Victim):
    await victim.phone.dials(MONEY)
    for _ in range(10):
        victim.at.clock.pass_by(hours=25)
        await victim.phone.types("2846")

    assert await victim.state() == "locked"
    assert "Your wallet is locked" in await victim.phone.types(PIN)
    assert "Your wallet cannot pay now" in await victim.forger.dials("1", METER, "2", PIN)


async def test_in_a_pause_the_right_pin_is_compared_as_long_and_refused_in_the_same_words(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
):
    compared: list[str] = []
    vault = type(victim.at.counter.vault)
    matches = vault.matches

    async def counted(self: object, secret: str, hashed: str) -> bool:
        compared.append(secret)
        return await matches(victim.at.counter.vault, secret, hashed)

    monkeypatch.setattr(vault, "matches", counted)
    await victim.phone.dials(MONEY)
    for _ in range(3):
        await victim.phone.types("2846")
    compared.clear()

    right, wrong = await victim.phone.types(PIN), await victim.phone.types("2846")

    assert right == wrong
    assert compared == [PIN, "2846"]


async def test_proof_at_the_counter_opens_every_place_again(victim: Victim):
    await victim.forger.dials(MONEY)
    for _ in range(10):
        await victim.forger.types("2846")
        victim.at.clock.pass_by(hours=25)

    await reset_pin(victim.at.counter, victim.wallet.wallet_id)

    assert await victim.wrong_at("voice") == 0


async def test_a_number_that_can_be_forged_sets_no_pin_and_closes_no_chat(victim: Victim):
    assert "Your wallet is open in these chats." in await victim.forger.dials("8", "3")
    assert "Type your PIN." in await victim.forger.types("1")

    await reset_pin(victim.at.counter, victim.wallet.wallet_id)

    assert "Choose a new one on your phone first" in await victim.forger.dials()


async def test_a_number_that_can_be_forged_takes_over_nothing_that_she_began(victim: Victim):
    assert "To pay, type your PIN." in await victim.phone.dials("1", METER, "2")
    victim.at.clock.at += timedelta(seconds=30)

    assert "What do you want to do?" in await victim.forger.dials()
    assert "Token 1234" in await victim.phone.types(PIN)


@dataclass(frozen=True)
class KnownByNumber:
    """The wallet answers to its number on a voice call as well."""

    wallet_id: str

    def wants(self) -> tuple[Key[object], ...]:
        return ()

    def decide(self, book: Book) -> None:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None
        book.put(Contact("voice", WANJIKU, self.wallet_id, wallet.opened_at))
