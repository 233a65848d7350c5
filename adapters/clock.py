"""Time and chance as they really are."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case: no i, l, o, u to mistake


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """Twenty signs: nine of milliseconds, so that ids sort by time, and eleven (55 bits) of chance."""

    def new(self) -> str:
        return _written(int(time.time() * 1000), 9) + _written(secrets.randbits(55), 11)

    def case_number(self) -> str:
        return f"{secrets.randbelow(900_000) + 100_000}"

    def secret(self) -> str:
        return secrets.token_hex(32)


def _written(number: int, signs: int) -> str:
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in reversed(range(signs)))
