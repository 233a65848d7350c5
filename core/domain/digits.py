"""Digits of any script. Many phones type ٢٥ or २५ where others type 25; all of them mean the same."""

from __future__ import annotations

import unicodedata

# Marks that a right-to-left keyboard leaves between digits; they are not visible and mean nothing here.
_BIDI = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def plain_digits(words: str) -> str:
    """The same words with every decimal digit written 0-9. Digits of two scripts in one input raise `ValueError`.

    Only true decimal digits count: `²` and `①` stay what they are, so that a later check refuses them.
    """
    if words.isascii():
        return words
    zeros: set[int] = set()
    plain: list[str] = []
    for sign in words.translate(_BIDI):
        value = unicodedata.decimal(sign, None)
        if value is None:
            plain.append(sign)
            continue
        zeros.add(ord(sign) - value)
        plain.append(str(value))
    if len(zeros) > 1:
        raise ValueError("digits of two scripts")
    return "".join(plain)


def only_digits(words: str) -> str | None:
    """The digits of a number typed with spaces, dots or dashes between them; None when anything else is in it."""
    try:
        plain = plain_digits(words.strip())
    except ValueError:
        return None
    bare = plain.translate({ord(sign): None for sign in " .-\u00a0"})
    return bare if bare.isascii() and bare.isdigit() else None
