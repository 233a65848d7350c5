"""Where an accounting day ends for good: what is posted later belongs to a later day, whenever it happened.

An entry bears two times: `at`, when it happened, and `day`, the day whose balances it is in. They part only when a day
was cut before the entry came: then it is dated on the first day that is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.operator import OperatorRefusal

ONE_DAY = timedelta(days=1)
# Nobody notices for a week that no day was cut; a clock that jumped ahead by years must not close them.
MOST_AT_ONCE = 7


class DayNotOver(OperatorRefusal):
    says = "{day} is not over in this counter's time zone. Nothing was cut."


class DayCutBefore(OperatorRefusal):
    says = "{day} was cut before, with all days until {until}. Nothing was changed."


@dataclass(frozen=True, slots=True)
class DayCut:
    """From this commit on nothing is posted on `day` or before it. `last_index`: the newest entry at that moment.

    `day` is in ISO 8601, as all keys are text or numbers.
    """

    day: str
    last_index: int
    at: datetime
    by: str

    @property
    def date(self) -> date:
        return date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class DayBalance:
    """What an account came to at a cut, debits positive. Written for the accounts that moved since the cut before."""

    account: str
    currency: str
    day: str
    minor: int


@dataclass(frozen=True, slots=True)
class DayClosing:
    """All balances of a day that was cut are written: so many."""

    day: str
    accounts: int


# What stands on each account, by account and currency.
Sums = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class DaySum:
    """All that the journal posts on an account on a day, and the newest of those entries."""

    day: str
    account: str
    currency: str
    minor: int
    last_index: int


def first_open(day: date, cut: date | None) -> date:
    """The accounting date of what happened on a day."""
    return day if cut is None or day > cut else cut + ONE_DAY


def days_to_cut(last: date | None, *, now: datetime, after: timedelta) -> Sequence[date]:
    """Which days are over and not cut, at a moment in the counter's own zone: yesterday, `after` some minutes of today.

    Without a cut so far, yesterday alone. None when there are more than a working counter can have left.
    """
    so_far = timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
    newest = now.date() - ONE_DAY * (1 if so_far >= after else 2)
    if last is None:
        return (newest,)
    due = (newest - last).days
    return [last + ONE_DAY * (place + 1) for place in range(due)] if due <= MOST_AT_ONCE else ()
