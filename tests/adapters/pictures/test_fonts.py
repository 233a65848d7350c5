"""Every string can be written. Which letters there are beyond ASCII depends on the machine; little is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pictures.fonts import LONGEST, written
from adapters.pictures.lettering import Lettering, fitted, paragraph

PLAIN = Lettering(60)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Rp52,500", "Rp52,500"),
        ("Lunas 👍🏽 ya", "Lunas ya"),
        ("👨‍👩‍👧", ""),
        ("1️⃣ satu", "1 satu"),
        ("a\tb\r\nc\x00d", "a b c d"),
        ("\u202eabc\u202c", "abc"),
        ("a\ud800b", "ab"),
        ("Token listrik", "Token listrik"),
        ("𒀀", "?"),
    ],
)
def test_what_cannot_be_written_is_left_out_or_replaced(text: str, spelled: str):
    assert written(text, 30)[0] == spelled


@pytest.mark.parametrize(("text", "plain"), [("Éloïse", "Eloise"), ("Ａ", "A"), ("ﬁ", "fi")])
def test_a_letter_is_written_as_it_is_or_more_plainly(text: str, plain: str):
    assert written(text, 30)[0] in (text, plain)


def test_ascii_looks_the_same_on_every_machine():
    assert written("Rp52,500", 30)[1].getname() == ("Aileron", "Regular")


def test_a_text_without_end_is_not_measured_to_its_end():
    assert len(written("a" * 1_000_000, 30)[0]) == LONGEST


def test_a_wide_text_becomes_smaller_before_it_is_cut():
    line = fitted("Internet data", PLAIN, 250)

    assert line.text == "Internet data"
    assert line.size < PLAIN.size
    assert line.width <= 250


def test_a_text_that_is_too_wide_at_its_smallest_ends_in_an_ellipsis():
    line = fitted("W" * 100, PLAIN, 250)

    assert line.text.endswith("W…")
    assert line.width <= 250


def test_a_paragraph_breaks_between_words():
    lines = paragraph("Telepon dan internet", PLAIN, 400, 2)

    assert [line.text for line in lines] == ["Telepon dan", "internet"]


def test_a_paragraph_keeps_to_its_lines():
    lines = paragraph("kata " * 40, PLAIN, 300, 2)

    assert len(lines) == 2
    assert lines[-1].text.endswith("…")
    assert all(line.width <= 300 for line in lines)


@given(text=st.text(st.characters(), max_size=60), width=st.integers(60, 600))
@settings(max_examples=60, deadline=None)
def test_any_text_fits_its_width(text: str, width: int):
    assert all(line.width <= width for line in (fitted(text, PLAIN, width), *paragraph(text, PLAIN, width, 2)))
