"""The sums that may stand for an amount: as many as there are below the next amount, and none of another's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.money import Money
from core.domain.ticket import AMOUNTS, LASTS, RESTS_FOR, TAKEN_FOR, NotBrought, Ticket
from tests.domain.payments import NOON

CURRENCIES = st.sampled_from(sorted(AMOUNTS))
MOMENT = timedelta(microseconds=1)
OPENED = Ticket("IDR", 5_037_100, "w1", 5_000_000, NOON, NOON + LASTS)


def rupiah(whole: int) -> Money:
    return Money.of(whole, "IDR")


@pytest.mark.parametrize("whole", [10_000, 11_000, 50_000, 2_000_000])
def test_whole_steps_within_the_bounds_are_taken(whole: int):
    assert AMOUNTS["IDR"].take(rupiah(whole)) == rupiah(whole)


@pytest.mark.parametrize("whole", [1, 9_000, 10_500, 2_000_001, 2_001_000])
def test_anything_else_is_refused_with_what_would_be_taken(whole: int):
    with pytest.raises(NotBrought) as refused:
        AMOUNTS["IDR"].take(rupiah(whole))
    assert refused.value.values == {
        "smallest": rupiah(10_000),
        "largest": rupiah(2_000_000),
        "step": rupiah(1_000),
    }


@pytest.mark.parametrize("currency", AMOUNTS)
def test_what_is_offered_may_be_brought(currency: str):
    amounts = AMOUNTS[currency]

    assert [amounts.take(one) for one in amounts.offered] == list(amounts.offered)
    assert amounts.take(amounts.smallest) < amounts.take(amounts.largest)


@given(CURRENCIES, st.integers(0, 999_999))
def test_each_sum_is_there_once_wherever_chance_begins(currency: str, first: int):
    amounts = AMOUNTS[currency]
    sums = list(amounts.sums(amounts.smallest, first))

    assert sorted(sums) == sorted(amounts.sums(amounts.smallest, 0))
    assert len(set(sums)) == len(sums) == amounts.step.major - 1


@given(CURRENCIES, st.integers(0, 999_999))
def test_a_sum_is_above_its_amount_and_below_the_next(currency: str, first: int):
    amounts = AMOUNTS[currency]
    asked = amounts.offered[0]

    assert all(asked < sum_ < asked + amounts.step and sum_.major for sum_ in amounts.sums(asked, first))


def test_a_sum_stays_taken_long_after_its_ticket_ran_out():
    assert OPENED.good_at(OPENED.good_until - MOMENT)
    assert not OPENED.good_at(OPENED.good_until)
    assert OPENED.taken_at(NOON + TAKEN_FOR - MOMENT)
    assert not OPENED.taken_at(NOON + TAKEN_FOR)


def test_a_sum_rests_after_it_came():
    posted = OPENED.posted("BCA:1", NOON + timedelta(hours=1))

    assert not posted.good_at(NOON + timedelta(hours=1))
    assert posted.taken_at(NOON + timedelta(hours=1) + RESTS_FOR - MOMENT)
    assert not posted.taken_at(NOON + timedelta(hours=1) + RESTS_FOR)
