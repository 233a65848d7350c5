"""Digits of any script mean what they say; everything that only looks like a digit means nothing."""

from __future__ import annotations

import unicodedata

import pytest

from core.domain.digits import only_digits, plain_digits

ZEROS = {
    "arabic": "٠",
    "persian": "۰",
    "nko": "߀",
    "devanagari": "०",
    "bengali": "০",
    "gurmukhi": "੦",
    "gujarati": "૦",
    "oriya": "୦",
    "tamil": "௦",
    "telugu": "౦",
    "kannada": "೦",
    "malayalam": "൦",
    "thai": "๐",
    "lao": "໐",
    "tibetan": "༠",
    "myanmar": "၀",
    "khmer": "០",
    "javanese": "꧐",
    "balinese": "᭐",
    "fullwidth": "０",
}


@pytest.mark.parametrize("zero", ZEROS.values(), ids=ZEROS)
def test_a_script_has_its_ten_digits(zero: str):
    written = "".join(chr(ord(zero) + digit) for digit in range(10))

    assert plain_digits(written) == only_digits(written) == "0123456789"


@pytest.mark.parametrize("typed", ["٣4", "4٣", "३৪", "１2", "०0"])
def test_digits_of_two_scripts_are_refused(typed: str):
    assert only_digits(typed) is None
    with pytest.raises(ValueError, match="two scripts"):
        plain_digits(typed)


@pytest.mark.parametrize("sign", ["²", "①", "½", "Ⅴ", "五", "𝍠", "㊄"])
def test_what_only_looks_like_a_digit_is_none(sign: str):
    assert unicodedata.decimal(sign, None) is None
    assert only_digits(f"1{sign}") is None


def test_marks_that_keyboards_leave_behind_are_not_seen():
    assert only_digits("\u200e٢\u200f٥\u202c") == "25"


@pytest.mark.parametrize("typed", ["0812 3456", "0812-3456", "0812.3456", "08123456", " 08123456\n"])
def test_what_stands_between_digits_does_not_count(typed: str):
    assert only_digits(typed) == "08123456"


@pytest.mark.parametrize("typed", ["", " ", "-", "abc", "12a", "1_000", "−5", "+62", "1\x002", "💡"])
def test_anything_else_is_not_a_number(typed: str):
    assert only_digits(typed) is None
