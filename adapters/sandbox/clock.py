"""The sandbox's clock: real time plus what a test has moved it by. Days are those of Jakarta, as at the provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

JAKARTA = timezone(timedelta(hours=7), "WIB")  # no daylight saving time, so no time zone data is needed


class Clock:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._moved = timedelta()

    def now(self) -> datetime:
        return self._now() + self._moved

    def move(self, by: timedelta) -> None:
        self._moved += by

    def set(self, to: datetime) -> None:
        self._moved += to - self.now()

    def reset(self) -> None:
        self._moved = timedelta()


def day_of(moment: datetime) -> date:
    """The provider's accounting day."""
    return moment.astimezone(JAKARTA).date()


def is_paused(moment: datetime, start: str, end: str) -> bool:
    """Whether a moment lies in a daily cut-off of two `HH:MM`; `00:00` to `00:00` means there is none."""
    if start == end:
        return False
    at = f"{moment.astimezone(JAKARTA):%H:%M}"
    return start <= at < end if start < end else at >= start or at < end
