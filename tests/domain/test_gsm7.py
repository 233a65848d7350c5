"""Counting and folding as old phones do it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.gsm7 import BASIC, EXTENSION, SEPTETS, UCS2, cost, fits_page, folded, in_ascii, septets, sms_parts

ANY_SIGN = st.characters(codec=None)
GSM_WORDS = st.text(st.sampled_from(sorted(BASIC | EXTENSION)))


def test_the_alphabet_is_the_whole_one_of_the_standard():
    # 128 septets without the escape and the carriage return; ten extensions without the page break.
    assert len(BASIC) == 126
    assert "".join(sorted(EXTENSION)) == "[\\]^{|}~€"


@given(GSM_WORDS)
def test_septets_are_counted_as_the_codec_writes_them(words: str):
    assert septets(words) == len(words.encode("gsm03.38"))


@pytest.mark.parametrize("words", ["ê", "ç", "₹", "\u00a0", "`", "न", "\x1b", "\r", "\x00", "😀"])
def test_a_sign_outside_the_alphabet_has_no_septets(words: str):
    assert septets(words) is None


def test_one_foreign_sign_makes_the_whole_text_ucs2():
    assert cost("a" * 100) == (100, SEPTETS)
    assert cost("a" * 100 + "ê") == (101, UCS2)


def test_a_sign_beyond_the_basic_plane_takes_two_units():
    assert cost("😀") == (2, UCS2)


@pytest.mark.parametrize(
    ("words", "fits"), [("a" * 160, True), ("a" * 161, False), ("€" * 80, True), ("न" * 70, True), ("न" * 71, False)]
)
def test_a_page_holds_160_septets_or_70_units(words: str, fits: bool):
    assert fits_page(words) is fits


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 152, 2),
        ("€" * 153, 3),  # 153 septets hold 76 of them, and no half
        ("न" * 70, 1),
        ("न" * 71, 2),
        ("न" * 134, 2),
        ("न" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
)
def test_messages_are_counted_in_parts(words: str, parts: int):
    assert sms_parts(words) == parts


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("Rp\u00a020.000", "Rp 20.000"),
        ("1\u202f000\u200f", "1 000"),
        ("Ƙafa ɗaya, ɓoye", "Kafa daya, boye"),
        ("crème brûlée", "crème brulée"),
        ("ação, São João", "acao, Sao Joao"),
        ("ṣé ó dára", "sé o dara"),
        ("e\u0301", "é"),
        ("ẹ\u0301", "e"),
        ("“Siku‑kuu” – ‘leo’…", "\"Siku-kuu\" - 'leo'..."),
        ("• satu", "- satu"),
        ("₦500", "NGN 500"),
        ("500₫", "500 VND"),
        ("₹ 5", "INR 5"),
        ("Mɔ, ŋutɔ", "Mo, nguto"),
        ("٢٥ २५", "25 25"),
        ("a\tb\r\nc\u2028d", "a b\nc\nd"),
        ("\u202eabc\u202c\x00\x1b\ud800", "abc"),
        ("`x`", "'x'"),
    ],
)
def test_what_has_a_plain_form_is_folded(words: str, plain: str):
    assert folded(words) == plain


@pytest.mark.parametrize("words", ["10²", "½", "①", "नमस्ते ₹500", "ብር 20", "क्‍ष"])
def test_what_has_none_stays_as_it_is(words: str):
    assert folded(words) == words


def test_what_stays_is_tidied():
    assert folded("नमस्ते\u00a0\u202eजी\x00") == "नमस्ते जी"


@given(GSM_WORDS)
def test_what_the_alphabet_has_is_not_touched(words: str):
    assert folded(words) is words


@given(st.text(ANY_SIGN))
def test_folding_twice_changes_nothing_more(words: str):
    assert folded(folded(words)) == folded(words)


@given(st.text(ANY_SIGN))
def test_whatever_is_folded_can_be_sent(words: str):
    sent = folded(words).encode().decode()

    assert not any(sign != "\n" and (sign < " " or "\x7f" <= sign <= "\x9f") for sign in sent)


@given(st.text(ANY_SIGN))
def test_ascii_is_always_found(words: str):
    assert all(sign == "\n" or " " <= sign <= "~" for sign in in_ascii(words))


@pytest.mark.parametrize(
    ("words", "plain"), [("É", "E"), ("€5", "EUR 5"), ("Ærø", "AEro"), ("¿Sí?", "?Si?"), ("नी", "??"), ("£5", "GBP 5")]
)
def test_the_plainest_form_is_ascii(words: str, plain: str):
    assert in_ascii(words) == plain
