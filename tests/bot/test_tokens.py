"""A button's token means one key on one screen of one chat, and nothing to anybody else."""

from __future__ import annotations

import pytest

from bot.tokens import DELETE, ENTER, KEYS, PAD, Tokens

SECRET = b"a-secret-key-of-the-tests-only"


@pytest.mark.parametrize("key", KEYS)
def test_a_token_is_known_again_on_its_own_screen(key: str):
    token = Tokens(SECRET).token("1001", 7, key)

    assert Tokens(SECRET).key(token, "1001", 7) == key


@pytest.mark.parametrize(("address", "screen"), [("1001", 8), ("1001", 6), ("1002", 7), ("100", 17)])
def test_it_means_nothing_on_another_screen_or_in_another_chat(address: str, screen: int):
    token = Tokens(SECRET).token("1001", 7, "1")

    assert Tokens(SECRET).key(token, address, screen) is None


def test_a_new_secret_makes_every_button_old():
    token = Tokens(SECRET).token("1001", 7, "1")

    assert Tokens(b"another-secret-of-the-tests-only").key(token, "1001", 7) is None


def test_all_of_one_screen_differ_are_short_and_have_one_length():
    tokens = [Tokens(SECRET).token("1001", 7, key) for key in KEYS]

    assert len(set(tokens)) == len(KEYS)
    assert {len(token.encode()) for token in tokens} == {16}


def test_the_pad_has_other_tokens_on_each_screen():
    """Whoever sees two of them cannot tell that the same digit was pressed."""
    keys = (*PAD, DELETE, ENTER)
    tokens = [Tokens(SECRET).token("1001", screen, key) for screen in range(50) for key in keys]

    assert len(set(tokens)) == len(tokens)


@pytest.mark.parametrize("data", ["", "1", "pad 7", "🔹", "\ud83d", "x" * 64, "go:pay-pln-1"])
def test_what_is_no_token_means_nothing(data: str):
    assert Tokens(SECRET).key(data, "1001", 7) is None
