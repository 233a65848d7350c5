"""What waits in the store is sealed: it says nothing, and it cannot be changed or moved."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from bot.seal import Broken, Seal

SECRET = b"a-secret-key-of-the-tests-only"
PLAIN = b'{"message": {"text": "739182"}}'


def test_what_was_sealed_opens_in_any_process_with_the_secret():
    sealed = Seal(SECRET).sealed(PLAIN, belongs_to="7")

    assert Seal(SECRET).opened(sealed, belongs_to="7") == PLAIN


def test_it_shows_nothing_and_is_never_twice_the_same():
    seal = Seal(SECRET)
    sealed = {seal.sealed(PLAIN, belongs_to="7") for _time in range(20)}

    assert len(sealed) == 20
    assert not any(b"739182" in b64decode(one) for one in sealed)


def test_it_opens_for_what_it_belongs_to_only():
    sealed = Seal(SECRET).sealed(PLAIN, belongs_to="7")

    with pytest.raises(Broken):
        Seal(SECRET).opened(sealed, belongs_to="8")


def test_another_secret_opens_nothing():
    sealed = Seal(SECRET).sealed(PLAIN, belongs_to="7")

    with pytest.raises(Broken):
        Seal(b"another-secret-of-the-tests-only").opened(sealed, belongs_to="7")


def test_no_bit_of_it_may_change():
    raw = b64decode(Seal(SECRET).sealed(PLAIN, belongs_to="7"))

    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(Broken):
            Seal(SECRET).opened(b64encode(changed).decode(), belongs_to="7")


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base 64", "A", "ü"])
def test_what_was_never_sealed_is_broken(sealed: str):
    with pytest.raises(Broken):
        Seal(SECRET).opened(sealed, belongs_to="7")
