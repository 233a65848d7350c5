"""Which PINs are too easy, and how many tries anybody gets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.pin import (
    PinClosedHere,
    PinMalformed,
    PinPaused,
    PinTooEasy,
    PinTries,
    Verdict,
    WrongPin,
    new_pin,
    typed_pin,
)
from tests.domain.payments import NOON

# The twenty most used of 3.4 million leaked PINs: together 26.8 % of them (DataGenetics 2012).
MOST_USED = """
1234 1111 0000 1212 7777 1004 2000 4444 2222 6969 9999 3333 5555 6666 1122 1313 8888 4321 2001 1010
""".split()
RUNS = "0123 6789 7890 9876 3210 12345 123456 654321".split()
PATTERNS = "111111 1188 112233 4545 789789 2580 1985 1999 2026".split()


@pytest.mark.parametrize("pin", [*MOST_USED, *RUNS, *PATTERNS])
def test_a_pin_that_thieves_try_first_is_refused(pin: str):
    with pytest.raises(PinTooEasy):
        new_pin(pin)


def test_most_pins_are_left_to_choose_from():
    assert sum(_allowed(f"{pin:04}") for pin in range(10_000)) > 9_400


def _allowed(pin: str) -> bool:
    try:
        return new_pin(pin) == pin
    except PinTooEasy:
        return False


@pytest.mark.parametrize("pin", ["3456", "8123", "8576"])
def test_a_pin_that_stands_on_the_screen_is_refused(pin: str):
    with pytest.raises(PinTooEasy):
        new_pin(pin, never=("+6281234567890", "198576"))


@pytest.mark.parametrize("typed", ["7391", "७३९१", "٧٣٩١", "7391#", "7 3 9 1", "\u200e७३९१"])
def test_a_pin_is_the_same_in_every_script(typed: str):
    assert typed_pin(typed) == new_pin(typed) == "7391"


@pytest.mark.parametrize(
    "typed", ["", "#", "739", "7391824", "73a1", "739²", "7३91", "7391##", "+7391", "7.391e3", "💡"]
)
def test_what_is_not_four_to_six_digits_is_no_pin(typed: str):
    with pytest.raises(PinMalformed):
        typed_pin(typed)


# ---- tries


FRESH = PinTries("w1", "ussd")


def test_three_wrong_ones_bring_a_pause_and_each_pause_is_longer():
    tries, now, pauses = FRESH, NOON, []
    for _ in range(3):
        verdicts = []
        for _ in range(3):
            tries, verdict = tries.after(right=False, now=now, proven=True)
            verdicts.append(verdict)
        assert verdicts == [Verdict.WRONG, Verdict.WRONG, Verdict.PAUSED]
        assert tries.paused_until is not None
        pauses.append(tries.paused_until - now)
        now = tries.paused_until

    assert pauses == [timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=24)]
    assert tries.after(right=False, now=now, proven=True)[1] is Verdict.LOCKED


def test_the_tenth_wrong_one_locks_for_good():
    tries = PinTries("w1", "ussd", wrong=10)

    for right in (True, False):
        assert tries.after(right=right, now=NOON + timedelta(days=400), proven=True) == (tries, Verdict.LOCKED)


def test_where_nobody_proves_who_calls_the_tenth_wrong_one_closes_only_that_place():
    tries = PinTries("w1", "telegram", "1001", wrong=9)

    closed, verdict = tries.after(right=False, now=NOON, proven=False)

    assert verdict is Verdict.CLOSED
    assert closed.after(right=True, now=NOON + timedelta(days=400), proven=False) == (closed, Verdict.CLOSED)
    assert isinstance(closed.refusal(verdict), PinClosedHere)


@pytest.mark.parametrize("right", [True, False])
def test_during_a_pause_nothing_is_compared_and_nothing_counted(right: bool):
    paused = PinTries("w1", "ussd", wrong=3, paused_until=NOON + timedelta(minutes=5))

    assert paused.after(right=right, now=NOON + timedelta(minutes=4, seconds=59), proven=True) == (
        paused,
        Verdict.PAUSED,
    )


def test_the_right_one_after_a_pause_forgets_the_wrong_ones():
    paused = PinTries("w1", "ussd", wrong=3, paused_until=NOON)

    assert paused.after(right=True, now=NOON, proven=True) == (FRESH, Verdict.RIGHT)


def test_the_person_hears_how_many_tries_are_left_and_until_when_to_wait():
    once, verdict = FRESH.after(right=False, now=NOON, proven=True)
    wrong = once.refusal(verdict)
    paused = PinTries("w1", "ussd", wrong=3, paused_until=NOON).refusal(Verdict.PAUSED)

    assert isinstance(wrong, WrongPin)
    assert wrong.values == {"left": 2}
    assert isinstance(paused, PinPaused)
    assert paused.values == {"until": NOON}


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=80))
def test_no_order_of_tries_gives_a_thief_more(events: list[tuple[bool, int]]):
    """At most three are judged wrong before a pause, at most ten since the last right one, and a lock stays."""
    tries, now, in_a_row, in_all = FRESH, NOON, 0, 0
    for right, minutes in events:
        now += timedelta(minutes=minutes)
        waits = tries.refused_at(now)
        locked = tries.wrong >= 10
        after, verdict = tries.after(right=right, now=now, proven=True)
        assert (verdict is Verdict.RIGHT) == (right and not waits and not locked)
        if verdict is Verdict.RIGHT:
            in_a_row = in_all = 0
        elif after != tries:
            in_all += 1
            in_a_row += 1
        if after.refused_at(now):
            in_a_row = 0
        assert in_a_row < 3
        assert in_all <= 10
        tries = after
