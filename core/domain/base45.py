"""Bytes in the alphabet of a QR code's alphanumeric mode, two in three signs: RFC 9285."""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {sign: value for value, sign in enumerate(SIGNS)}


def encoded(raw: bytes) -> str:
    return "".join(_signs(raw[place : place + 2]) for place in range(0, len(raw), 2))


def decoded(words: str) -> bytes:
    """Raises `ValueError` for what `encoded` never writes."""
    return b"".join(_bytes(words[place : place + 3]) for place in range(0, len(words), 3))


def _signs(some: bytes) -> str:
    number, signs = int.from_bytes(some), ""
    for _ in range(len(some) + 1):
        number, value = divmod(number, len(SIGNS))
        signs += SIGNS[value]
    return signs


def _bytes(signs: str) -> bytes:
    if len(signs) == 1 or not set(signs) <= _VALUE.keys():
        raise ValueError("not base 45")
    number = 0
    for sign in reversed(signs):
        number = number * len(SIGNS) + _VALUE[sign]
    size = len(signs) - 1
    if number >= 1 << 8 * size:
        raise ValueError("not base 45")
    return number.to_bytes(size)
