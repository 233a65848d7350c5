"""So many a second, a burst at once, and a memory that does not grow."""

from hypothesis import given
from hypothesis import strategies as st

from core.conversation.pace import Pace


def test_a_burst_is_allowed_and_no_more():
    pace = Pace(per_s=5, burst=10)

    assert [pace.allows("somebody", 100.0) for _time in range(12)] == [True] * 10 + [False] * 2


def test_what_was_refused_is_not_counted():
    pace = Pace(per_s=5, burst=1)
    for _time in range(100):
        pace.allows("somebody", 100.0)

    assert pace.allows("somebody", 100.3)


def test_a_burst_is_earned_again_by_waiting():
    pace = Pace(per_s=5, burst=10)
    for _time in range(10):
        pace.allows("somebody", 100.0)

    assert [pace.allows("somebody", 101.0) for _time in range(6)] == [True] * 5 + [False]
    assert [pace.allows("somebody", 200.0) for _time in range(11)] == [True] * 10 + [False]


def test_everybody_has_a_pace_of_their_own():
    pace = Pace(per_s=5, burst=1)
    pace.allows("somebody", 100.0)

    assert pace.allows("another", 100.0)


@given(st.lists(st.floats(0, 3), max_size=60))
def test_nobody_gets_more_than_the_burst_and_what_was_earned(pauses: list[float]):
    pace, now, taken = Pace(per_s=5, burst=10), 0.0, 0

    for pause in pauses:
        now += pause
        taken += pace.allows("somebody", now)

    assert taken <= 10 + 5 * now + 1e-6


def test_the_quietest_are_forgotten_first():
    pace = Pace(per_s=1, burst=1, most=2)
    pace.allows("first", 0.0)
    pace.allows("second", 0.1)
    pace.allows("third", 0.2)

    assert pace.allows("first", 0.3)
    assert not pace.allows("third", 0.3)
