"""Tries of a PIN are counted in the order of their commits, so that a burst gets no more than a slow thief."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from core.domain.pin import PinLocked, PinPaused, PinTries, Place, WrongPin
from core.domain.wallet import Wallet
from core.refusal import Refusal
from core.services.pins import PinTry, SetPin, reset_pin, tried
from tests.services.till import Till
from tests.support.counters import PIN
from tests.support.fakes import QuickVault

WRONG = "4826"


PHONE, VOICE = Place("ussd", proven=True), Place("voice")


async def guess(till: Till, pin: str, *, place: Place = PHONE) -> Refusal | None:
    return await till.at.store.commit(await tried(till.at.counter, till.owner, pin, place=place))


async def wallet(till: Till) -> Wallet:
    found = await till.at.store.read(Wallet, till.owner.wallet_id)
    assert found is not None
    return found


async def test_the_right_pin_is_no_refusal(till: Till):
    assert await guess(till, PIN) is None


async def test_a_wrong_one_says_how_many_tries_are_left(till: Till):
    refusals = [await guess(till, WRONG) for _ in range(3)]

    assert [type(one) for one in refusals] == [WrongPin, WrongPin, PinPaused]
    assert [one.values.get("left") for one in refusals if one] == [2, 1, None]


@pytest.mark.parametrize("seed", range(5))
async def test_of_64_guesses_at_once_three_are_judged(till: Till, seed: int):
    guesses = [PIN, *[WRONG] * 63]
    random.Random(seed).shuffle(guesses)
    tries = [await tried(till.at.counter, till.owner, pin, place=PHONE) for pin in guesses]

    outcomes = await asyncio.gather(*(till.at.store.commit(one) for one in tries))

    judged = [one for one in outcomes if not isinstance(one, PinPaused)]
    counted = await till.at.store.read(PinTries, till.owner.wallet_id, "ussd", "")
    assert counted is not None
    # The third wrong one is judged too; its answer is the pause.
    assert counted.wrong == 3
    first_three = guesses[:3] if PIN not in guesses[:3] else guesses[: guesses.index(PIN) + 4]
    assert len(judged) <= len(first_three)
    assert (None in outcomes) == (PIN in guesses[:3])


async def test_during_a_pause_the_right_one_sounds_like_a_wrong_one(till: Till):
    for _ in range(3):
        await guess(till, WRONG)

    right, wrong = await guess(till, PIN), await guess(till, WRONG)

    assert right is not None
    assert wrong is not None
    assert (type(right), right.values) == (type(wrong), wrong.values)


async def test_after_the_pause_the_right_one_is_right(till: Till):
    for _ in range(3):
        await guess(till, WRONG)
    till.at.clock.pass_by(minutes=5)

    assert await guess(till, PIN) is None


async def test_the_tenth_wrong_one_locks_the_wallet(till: Till):
    for _ in range(10):
        await guess(till, WRONG)
        till.at.clock.pass_by(hours=25)

    assert isinstance(await guess(till, PIN), PinLocked)
    assert (await wallet(till)).state == "locked"


async def test_a_locked_wallet_still_receives(till: Till):
    await till.change("lock")

    await till.top_up(50_000)

    assert await till.available() == 250_000


async def test_tries_from_elsewhere_do_not_pause_the_owners_phone(till: Till):
    for _ in range(3):
        await guess(till, WRONG, place=VOICE)

    assert isinstance(await guess(till, PIN, place=VOICE), PinPaused)
    assert await guess(till, PIN) is None


async def test_after_a_reset_the_owner_begins_anew(till: Till):
    for _ in range(10):
        await guess(till, WRONG)
        till.at.clock.pass_by(hours=25)

    await reset_pin(till.at.counter, till.owner.wallet_id)

    reset = await wallet(till)
    assert (reset.state, reset.has_pin, reset.pin_reset_at) == ("active", False, till.at.clock.now())
    await till.at.store.commit(SetPin(till.owner.wallet_id, await till.at.counter.vault.hashed("2849")))
    till.owner = await wallet(till)
    assert await guess(till, "2849") is None
    assert isinstance(await guess(till, PIN), WrongPin)


async def test_a_forgotten_pin_matches_nothing(till: Till):
    await reset_pin(till.at.counter, till.owner.wallet_id)
    till.owner = await wallet(till)

    for pin in ("", PIN, "0000"):
        assert await guess(till, pin) is not None


async def test_a_reset_does_not_thaw_a_frozen_wallet(till: Till):
    await till.change("freeze")

    await reset_pin(till.at.counter, till.owner.wallet_id)

    assert (await wallet(till)).state == "frozen"


async def test_a_right_pin_writes_nothing_when_there_is_nothing_to_forget(till: Till):
    await guess(till, PIN)
    before = await till.at.store.read(PinTries, till.owner.wallet_id, "ussd", "")
    await till.at.store.commit(PinTry(till.owner.wallet_id, PHONE, right=True, now=till.at.clock.now()))

    assert await till.at.store.read(PinTries, till.owner.wallet_id, "ussd", "") == before


class OtherPepper(QuickVault):
    """Two peppers: hashes of the newer end with a sign."""

    async def hashed(self, secret: str) -> str:
        return f"{await super().hashed(secret)}!"

    async def matches(self, secret: str, hashed: str) -> bool:
        return await super().hashed(secret) == hashed.removesuffix("!")

    def outdated(self, hashed: str) -> bool:
        return not hashed.endswith("!")


async def test_a_right_pin_is_hashed_anew_with_the_newest_pepper_and_a_wrong_one_is_not(till: Till):
    changed, old = replace(till.at.counter, vault=OtherPepper()), till.owner.pin_hash
    kept = []
    for pin in (WRONG, PIN, PIN):
        await till.at.store.commit(await tried(changed, await wallet(till), pin, place=PHONE))
        kept.append((await wallet(till)).pin_hash)

    assert kept == [old, f"{old}!", f"{old}!"]
    assert (await wallet(till)).version == till.owner.version + 1
