"""Proposals and operators, as plain records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.approval import DONE, REJECTED, Proposal, detail_of
from core.domain.failing import PARKED_FOR, WAITS, Failing
from core.domain.operator import NotAName, Operator, OperatorClosed, operator_name
from tests.domain.payments import NOON

PROPOSED = Proposal("payment:p1", 2, "captured", detail_of(token="1", cost="22200"), "its mail", "ani", NOON)


def test_the_same_details_are_the_same_words_in_whatever_order_they_came():
    assert detail_of(cost="22200", token="1") == PROPOSED.detail == '{"cost": "22200", "token": "1"}'
    assert PROPOSED.says("captured", detail_of(serial="", token="1", cost="22200"))
    assert not PROPOSED.says("captured", detail_of(token="1", cost="22201"))


def test_a_proposal_is_known_by_its_subject_and_number_and_told_to_a_person():
    assert (PROPOSED.proposal_id, PROPOSED.subject_id) == ("payment:p1#2", "p1")
    assert PROPOSED.told == "cost 22200, token 1"
    assert Proposal("break:claim:uphold:p1:7", 1, "paid", "", "", "ani", NOON).subject_id == "claim:uphold:p1:7"


def test_whoever_decides_is_named_beside_whoever_proposed():
    assert PROPOSED.names("budi") == "ani and budi"
    assert PROPOSED.ended(REJECTED, by="budi", why="no", now=NOON).decided_by == "budi"


def test_what_one_did_alone_was_decided_by_nobody_else():
    done = PROPOSED.ended(DONE, by="ani", why="", now=NOON)

    assert (done.decided_by, done.open, PROPOSED.names("ani")) == ("", False, "ani")


@pytest.mark.parametrize("words", ["", "a", "1ani", "ani budi", "aní", "a" * 33, "ani:budi", "ani#1"])
def test_a_name_is_a_short_word(words: str):
    with pytest.raises(NotAName):
        operator_name(words)


def test_capitals_make_no_difference_to_a_name():
    assert operator_name(" Ani.S-2 ") == "ani.s-2"


def test_who_was_closed_is_told_so_even_if_she_was_never_admitted():
    assert isinstance(Operator("ani", "hash", "", NOON, closed_at=NOON).refusal(), OperatorClosed)


def test_waits_grow_until_it_is_parked_and_are_short_again_after_that():
    failing, waits = Failing("payment:p1", 0, NOON), []
    for _ in range(len(WAITS) + 2):
        failing = failing.again(NOON)
        waits.append(failing.next_try - NOON)

    assert waits == [*WAITS, PARKED_FOR, PARKED_FOR]
    assert failing.parked
    released = failing.forgotten().again(NOON)
    assert (released.parked, released.next_try) == (False, NOON + timedelta(minutes=1))
