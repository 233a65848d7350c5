"""An exported journal, bent in ten thousand ways: each is found, also where only the end was cut off."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from console.verifying import counted_again
from core.domain.export import line_of
from core.domain.recount import Recount
from tests.domain.proofs import head_over, journal

TRIES = 10_000
ENTRIES = journal(7)
LINES = [line_of(one) for one in ENTRIES]
HEADS = [head_over(ENTRIES[:size]) for size in (2, 5, 7)]

Bend = Callable[[list[str], random.Random], None]


def found(lines: Sequence[str]) -> list[str]:
    return list(counted_again(lines, Recount(HEADS)))


def a_sign(lines: list[str], chance: random.Random) -> None:
    place = chance.randrange(len(lines))
    line = lines[place]
    at = chance.randrange(len(line))
    lines[place] = line[:at] + chance.choice('0123456789abcxyz ":{}[],-.é') + line[at + 1 :]


def a_digit(lines: list[str], chance: random.Random) -> None:
    place = chance.randrange(len(lines))
    line = lines[place]
    at = chance.choice([at for at, sign in enumerate(line) if sign.isdigit()])
    lines[place] = line[:at] + chance.choice("0123456789") + line[at + 1 :]


def taken_out(lines: list[str], chance: random.Random) -> None:
    del lines[chance.randrange(len(lines))]


def put_in(lines: list[str], chance: random.Random) -> None:
    lines.insert(chance.randrange(len(lines)), chance.choice(LINES))


def swapped(lines: list[str], chance: random.Random) -> None:
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]


def cut_off(lines: list[str], chance: random.Random) -> None:
    del lines[chance.randrange(len(lines)) :]


def renumbered(lines: list[str], chance: random.Random) -> None:
    """An entry is taken out and those behind it move up, so that there is no gap."""
    del lines[chance.randrange(len(lines))]
    for place, line in enumerate(lines):
        lines[place] = f'{{"index": {place + 1}, {line.partition(", ")[2]}'


BENDS: Sequence[Bend] = (a_sign, a_digit, taken_out, put_in, swapped, cut_off, renumbered)


def test_a_journal_that_nobody_touched_fits_every_head():
    assert found(LINES) == []
    assert found([line + "\n" for line in LINES]) == []


def test_ten_thousand_random_edits_are_all_found():
    chance, bent, missed = random.Random(2026), 0, list[str]()
    while bent < TRIES:
        bend, lines = BENDS[bent % len(BENDS)], list(LINES)
        bend(lines, chance)
        if lines == LINES:
            continue  # a sign was replaced by itself
        bent += 1
        missed += [f"{bend.__name__} {bent}"] if not found(lines) else []

    assert missed == []


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (1, "The journal is not what was signed: the head over 2 has another root, so entries 1 to 2 differ."),
        (3, "The journal is not what was signed: the head over 5 has another root, so entries 3 to 5 differ."),
        (6, "The journal is not what was signed: the head over 7 has another root, so entries 6 to 7 differ."),
    ],
)
def test_the_heads_tell_among_which_entries_the_difference_lies(place: int, sentence: str):
    lines = list(LINES)
    lines[place] = lines[place].replace("5100000", "5100001")

    assert found(lines) == [sentence]


def test_a_tail_that_was_cut_off_is_told_by_its_length():
    assert found(LINES[:6]) == ["The journal ends at entry 6, and a head was signed over 7."]
    assert found([]) == ["The journal ends at entry 0, and a head was signed over 7."]


def test_entries_behind_the_last_head_are_nobodys_business_yet():
    assert list(counted_again(LINES, Recount(HEADS[:2]))) == []


def test_a_head_of_another_journal_is_told_though_the_entries_are_our_own():
    other = head_over(journal(5))

    assert len(list(counted_again(LINES, Recount([*HEADS, other])))) == 1
