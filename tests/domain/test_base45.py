"""Bytes in the alphabet of QR codes: the examples of RFC 9285, and what it forbids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.base45 import decoded, encoded


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
)
def test_the_examples_of_the_rfc(raw: bytes, words: str):
    assert (encoded(raw), decoded(words)) == (words, raw)


@given(st.binary(max_size=80))
def test_what_is_written_is_read_back(raw: bytes):
    assert decoded(encoded(raw)) == raw


@pytest.mark.parametrize("words", ["GGW", ":::", "A", "AB8C", "::", "a00", "BB8é"])
def test_what_is_never_written_is_refused(words: str):
    with pytest.raises(ValueError, match="base 45"):
        decoded(words)
