"""The life of a circuit breaker."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.billers.breaker import Breaker, Patience

PATIENCE = Patience(in_a_row=3, among=5, window=8, rest_s=10.0)


@dataclass
class Seconds:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> Breaker:
    return Breaker(seconds, PATIENCE)


def call(breaker: Breaker, *, fault: bool) -> None:
    ticket = breaker.enter()
    assert ticket is not None
    breaker.leave(ticket, fault=fault)


def opened(breaker: Breaker) -> None:
    for _ in range(PATIENCE.in_a_row):
        call(breaker, fault=True)


def test_faults_in_a_row_open_it_and_nothing_gets_through(breaker: Breaker):
    call(breaker, fault=True)
    call(breaker, fault=True)
    assert breaker.available

    call(breaker, fault=True)

    assert not breaker.available
    assert breaker.enter() is None


def test_a_success_in_between_starts_the_row_again(breaker: Breaker):
    for fault in (True, True, False, True, True):
        call(breaker, fault=fault)

    assert breaker.available


def test_many_faults_among_successes_open_it_too(breaker: Breaker):
    for fault in (True, False) * 4:
        call(breaker, fault=fault)
    assert breaker.available

    call(breaker, fault=True)
    call(breaker, fault=True)

    assert not breaker.available


def test_faults_of_long_ago_are_forgotten(breaker: Breaker):
    for _ in range(20):
        call(breaker, fault=True)
        call(breaker, fault=False)
        call(breaker, fault=False)

    assert breaker.available


def test_after_its_rest_one_probe_goes_through_and_no_second(breaker: Breaker, seconds: Seconds):
    opened(breaker)
    seconds.at = 9.9
    assert not breaker.available

    seconds.at = 10.0

    assert breaker.available
    assert breaker.enter() is not None
    assert not breaker.available
    assert breaker.enter() is None


def test_a_good_probe_closes_it(breaker: Breaker, seconds: Seconds):
    opened(breaker)
    seconds.at = 10.0

    call(breaker, fault=False)

    assert breaker.enter() is not None
    assert breaker.enter() is not None


def test_a_bad_probe_opens_it_for_another_rest(breaker: Breaker, seconds: Seconds):
    opened(breaker)
    seconds.at = 10.0

    call(breaker, fault=True)

    assert not breaker.available
    seconds.at = 19.9
    assert not breaker.available
    seconds.at = 20.0
    assert breaker.available


def test_a_probe_that_is_called_off_makes_room_for_another(breaker: Breaker, seconds: Seconds):
    opened(breaker)
    seconds.at = 10.0
    ticket = breaker.enter()
    assert ticket is not None

    breaker.leave(ticket, fault=None)

    assert breaker.available


def test_a_call_from_before_it_opened_says_nothing_about_now(breaker: Breaker):
    slow = breaker.enter()
    assert slow is not None
    opened(breaker)

    breaker.leave(slow, fault=False)

    assert not breaker.available


def test_what_must_be_asked_goes_through_and_its_success_closes_it(breaker: Breaker):
    opened(breaker)
    ticket = breaker.enter(anyway=True)
    assert ticket is not None
    assert breaker.enter() is None

    breaker.leave(ticket, fault=False)

    assert breaker.available


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from([True, False, None]))))
def test_an_open_breaker_always_lets_somebody_try_again_after_its_rest(calls: list[tuple[float, bool | None]]):
    seconds = Seconds()
    breaker = Breaker(seconds, PATIENCE)

    for wait, fault in calls:
        seconds.at += wait
        ticket = breaker.enter()
        if ticket is not None:
            breaker.leave(ticket, fault=fault)

    seconds.at += PATIENCE.rest_s
    assert breaker.available
