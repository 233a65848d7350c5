"""A circuit breaker: a provider that keeps failing is left in peace for a while, so that nobody's money is held for it.

Closed, every call goes through. Open, none does until `rest_s` has passed; then one call goes as a probe, and its
outcome closes the breaker or opens it anew. Everything happens between two awaits, so no lock is needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How much is too much: faults in a row, or faults among the last `window` calls. Rest in seconds."""

    in_a_row: int = 5
    among: int = 10
    window: int = 20
    rest_s: float = 10.0


class Breaker:
    """`seconds` is a clock that only goes forward; the wall clock may jump and would keep a breaker open for days."""

    def __init__(self, seconds: Callable[[], float], patience: Patience | None = None) -> None:
        self._seconds = seconds
        self._patience = patience or Patience()
        self._latest: deque[bool] = deque(maxlen=self._patience.window)
        self._opened_at: float | None = None
        self._probing = False
        self._era = 0

    @property
    def available(self) -> bool:
        """Whether a call would be let through now."""
        return self._opened_at is None or (self._has_rested(self._opened_at) and not self._probing)

    def enter(self, *, anyway: bool = False) -> int | None:
        """A ticket for one call, None when it must not be made. `anyway` is for a call that cannot be left undone."""
        if not self.available:
            return self._era if anyway else None
        self._probing = self._opened_at is not None
        return self._era

    def leave(self, ticket: int, *, fault: bool | None) -> None:
        """Hand the ticket back with how the call went; None when nobody knows, because it was called off.

        A call from before the breaker last opened or closed says nothing about now.
        """
        if ticket != self._era:
            return
        self._probing = False
        if fault is None:
            return
        if self._opened_at is not None:
            self._turn(opened=fault)
            return
        self._latest.append(fault)
        if self._is_too_much():
            self._turn(opened=True)

    def _turn(self, *, opened: bool) -> None:
        self._opened_at = self._seconds() if opened else None
        self._latest.clear()
        self._era += 1

    def _is_too_much(self) -> bool:
        last = list(self._latest)[-self._patience.in_a_row :]
        in_a_row = len(last) == self._patience.in_a_row and all(last)
        return in_a_row or sum(self._latest) >= self._patience.among

    def _has_rested(self, opened_at: float) -> bool:
        return self._seconds() >= opened_at + self._patience.rest_s
