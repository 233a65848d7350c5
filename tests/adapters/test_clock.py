"""Time and chance as they really are: aware, ordered, and never the same twice."""

from __future__ import annotations

import re
import time
from datetime import UTC, timedelta

from adapters.clock import RandomIds, SystemClock
from core.ports import Ids

# What the port allows, and what the wire of a provider takes as a reference.
ID = re.compile(r"[0-9a-hjkmnp-tv-z]{20}")


def test_now_is_aware_and_in_utc():
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert now.utcoffset() == timedelta(0)


def test_ids_are_twenty_signs_that_cannot_be_mistaken_for_others():
    ids: Ids = RandomIds()

    assert all(ID.fullmatch(ids.new()) for _ in range(1_000))


def test_a_hundred_thousand_ids_are_all_different():
    ids = RandomIds()

    assert len({ids.new() for _ in range(100_000)}) == 100_000


def test_ids_sort_by_the_millisecond_they_were_made_in():
    ids, made = RandomIds(), []
    for _ in range(20):
        made.append(ids.new())
        time.sleep(0.002)

    assert made == sorted(made)


def test_the_first_nine_signs_are_the_milliseconds():
    before, made, after = time.time_ns() // 1_000_000, RandomIds().new(), time.time_ns() // 1_000_000

    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    milliseconds = 0
    for sign in made[:9]:
        milliseconds = milliseconds * 32 + digits.index(sign)
    assert before <= milliseconds <= after


def test_a_case_number_has_six_digits_and_is_no_sequence():
    numbers = [RandomIds().case_number() for _ in range(200)]

    assert all(re.fullmatch(r"[1-9][0-9]{5}", number) for number in numbers)
    assert len(set(numbers)) > 190
    assert numbers != sorted(numbers)
