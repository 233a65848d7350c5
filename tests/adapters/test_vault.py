"""PINs under argon2id and a pepper: real, but at the least cost argon2 has."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.vault import PepperedVault

PIN = "7391"
OLD, NEW = b"the pepper of the first year", b"the pepper of the second year"
# What a thief who copied the database would try first.
GUESSES = ["0000", "1234", "7392", "73910", "739", "", " 7391", "7391 ", "７３９１"]


@contextmanager
def vault_with(peppers: dict[int, bytes], *, threads: int = 2) -> Iterator[PepperedVault]:
    vault = PepperedVault(peppers, threads=threads, passes=1)
    try:
        yield vault
    finally:
        vault.close()


async def test_the_right_pin_matches_and_no_other():
    with vault_with({1: OLD}) as vault:
        kept = await vault.hashed(PIN)

        assert await vault.matches(PIN, kept)
        assert not any([await vault.matches(guess, kept) for guess in GUESSES])


async def test_the_hash_is_argon2id_behind_the_version_of_its_pepper_and_shows_nothing():
    with vault_with({3: OLD}) as vault:
        kept = await vault.hashed(PIN)

    assert kept.startswith("3$$argon2id$v=19$m=19456,t=1,p=1$")
    assert PIN not in kept


async def test_the_same_pin_never_has_the_same_hash_twice():
    with vault_with({1: OLD}) as vault:
        assert await vault.hashed(PIN) != await vault.hashed(PIN)


async def test_without_the_pepper_a_copied_hash_opens_nothing():
    with vault_with({1: OLD}) as vault, vault_with({1: NEW}) as thief:
        kept = await vault.hashed(PIN)

        assert not await thief.matches(PIN, kept)


async def test_the_highest_pepper_is_for_new_pins_and_the_others_still_open_old_ones():
    with vault_with({1: OLD}) as before, vault_with({1: OLD, 2: NEW}) as after:
        kept = await before.hashed(PIN)

        assert await after.matches(PIN, kept)
        assert (await after.hashed(PIN)).startswith("2$")


async def test_a_hash_of_an_older_pepper_is_outdated_and_what_is_no_hash_is_not():
    with vault_with({1: OLD}) as before, vault_with({1: OLD, 2: NEW}) as after:
        kept = await before.hashed(PIN)

        assert not before.outdated(kept)
        assert after.outdated(kept)
        assert not after.outdated(await after.hashed(PIN))
        assert not after.outdated("")


async def test_a_pepper_that_was_taken_away_takes_its_pins_along():
    with vault_with({1: OLD}) as before, vault_with({2: NEW}) as after:
        assert not await after.matches(PIN, await before.hashed(PIN))


@pytest.mark.parametrize(
    "odd", ["", "1", "1$", "x$y", "²$y", "-1$y", "1$$argon2id$", "9$$argon2id$v=19$m=8,t=1,p=1$a$b"]
)
async def test_what_is_no_hash_matches_nothing(odd: str):
    with vault_with({1: OLD}) as vault:
        assert not await vault.matches(PIN, odd)
        assert not await vault.matches("", odd)


async def test_no_hash_matches_not_even_the_word_it_is_compared_with():
    with vault_with({1: OLD}) as vault:
        assert not await vault.matches("nobody", "")


async def test_a_wallet_without_a_pin_takes_as_long_as_a_wrong_pin():
    """Measured in the middle of several, and with room: all that counts is that a hash is made in both."""
    with vault_with({1: OLD}) as vault:
        kept = await vault.hashed(PIN)
        times: dict[str, list[float]] = {"wrong": [], "none": [], "odd": []}
        for _ in range(7):
            for name, hashed in (("wrong", kept), ("none", ""), ("odd", "x$y")):
                started = asyncio.get_running_loop().time()
                await vault.matches("0000", hashed)
                times[name].append(asyncio.get_running_loop().time() - started)

    wrong, none, odd = (sorted(found)[3] for found in times.values())
    assert none > wrong / 3
    assert odd > wrong / 3


async def test_hashing_leaves_the_loop_free():
    with vault_with({1: OLD}, threads=1) as vault:
        hashing = asyncio.gather(*(vault.hashed(PIN) for _ in range(4)))
        turns = itertools.count()
        while not hashing.done():
            await asyncio.sleep(0)
            next(turns)

    assert next(turns) > 4


async def test_only_so_many_are_hashed_at_once():
    before = threading.active_count()
    with vault_with({1: OLD}, threads=2) as vault:
        await asyncio.gather(*(vault.hashed(PIN) for _ in range(8)))

        assert threading.active_count() - before <= 2
