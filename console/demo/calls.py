"""Calls to the provider, as the wiring tells of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

KEPT = 20


@dataclass(frozen=True, slots=True)
class Call:
    number: int
    at: datetime
    call: str
    outcome: str
    ms: int


class Calls:
    """The latest ones, in memory: nobody's money hangs on them."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._made = 0
        self.latest: deque[Call] = deque(maxlen=KEPT)

    def heard(self, _provider: str, call: str, outcome: str, seconds: float) -> None:
        self._made += 1
        self.latest.append(Call(self._made, self._now(), call, outcome, round(seconds * 1000)))
