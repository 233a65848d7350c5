"""Which days are over, and what day it is in the book."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.day_cut import days_to_cut, first_open

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - as hypothesis wants it
    datetime(2026, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


@given(last=DAYS, now=MOMENTS, after=st.timedeltas(timedelta(0), timedelta(hours=6)))
@settings(max_examples=200)
def test_days_are_cut_in_a_row_and_only_when_they_are_over(last: date, now: datetime, after: timedelta):
    days = days_to_cut(last, now=now, after=after)

    assert list(days) == [last + timedelta(days=place + 1) for place in range(len(days))]
    assert all(day < now.date() for day in days)
    assert len(days) <= 7


@given(day=DAYS, cut=DAYS)
def test_nothing_is_dated_on_a_day_that_was_cut(day: date, cut: date):
    assert first_open(day, cut) > cut
    assert first_open(day, None) == day
