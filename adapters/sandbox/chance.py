"""Chance that can be repeated: the same seed and the same words always draw the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def draw(*words: object) -> int:
    """A number below 2**64, spread evenly over what it is drawn for."""
    text = "\x1f".join(str(word) for word in words)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def between(low: int, high: int, *words: object) -> int:
    """A whole number from low to high, both possible."""
    return low + draw(*words) % (high - low + 1)


def one_of(choices: Sequence[T], *words: object) -> T:
    return choices[draw(*words) % len(choices)]


def digits(count: int, *words: object) -> str:
    """That many decimal digits, at most 19 of them from one draw."""
    return f"{draw(*words):020d}"[-count:]
