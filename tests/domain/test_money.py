"""Money: whole minor units of one currency, and amounts as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.money import EXPONENT, LARGEST_MINOR, Money, NotAnAmount, parse_amount

CURRENCIES = st.sampled_from(sorted(EXPONENT))
MINORS = st.integers(-(10**15), 10**15)


def test_a_rupiah_has_a_hundred_sen_on_paper():
    assert Money.of(50_000, "IDR") == Money(5_000_000, "IDR")
    assert Money(5_000_000, "IDR").major == 50_000


def test_sen_are_never_lost_in_silence():
    with pytest.raises(NotAnAmount):
        _ = Money(50, "IDR").major


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(5_000_000, "IDR"), "50000 IDR"),
        (Money(-5_000_050, "IDR"), "-50000.50 IDR"),
        (Money(5, "KES"), "0.05 KES"),
        (Money(7, "UGX"), "7 UGX"),
        (Money(0, "IDR"), "0 IDR"),
    ],
)
def test_money_is_written_exactly(money: Money, words: str):
    assert str(money) == words


@given(MINORS, MINORS, CURRENCIES)
def test_what_is_added_can_be_taken_away(one: int, other: int, currency: str):
    a, b = Money(one, currency), Money(other, currency)

    assert a + b - b == a
    assert a + -a == Money(0, currency)
    assert (a < b) == (one < other)
    assert bool(a) == (one != 0)


@pytest.mark.parametrize("mix", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b])
def test_two_currencies_are_never_mixed(mix: object):
    assert callable(mix)
    with pytest.raises(ValueError, match="different currencies"):
        mix(Money(1, "IDR"), Money(1, "KES"))


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("1", 1),
        ("50000", 50_000),
        (" 50000 ", 50_000),
        ("50.000", 50_000),
        ("50,000", 50_000),
        ("50 000", 50_000),
        ("1.000.000", 1_000_000),
        ("٥٠٠٠٠", 50_000),
        ("५०,०००", 50_000),
        ("００７", 7),
        ("999999999999", 999_999_999_999),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, rupiah: int):
    assert parse_amount(typed, "IDR") == Money.of(rupiah, "IDR")


HOSTILE = """
-5 +5 0 000 0.5 1.5 1,5 50.00 1e3 1E3 1_000 0x10 0b1 1/2 ² 10² ① ½ ٣4 4٣ NaN nan inf -inf ∞ IDR Rp50000 50000,-
1.00.000 1.0000 10000.000 1.000,000 1,000.000 .500 500. 1..000 1.000. 1000000000000 5O000 五 Ⅴ 5\u00005 5\u200b000
""".split()


@pytest.mark.parametrize("typed", ["", " ", "\n", "5\n5", "5 5", "5  000", "9" * 5_000, "💰", *HOSTILE])
def test_what_is_not_an_amount_is_refused(typed: str):
    with pytest.raises(NotAnAmount):
        parse_amount(typed, "IDR")


@given(st.text(max_size=20))
def test_any_words_are_an_amount_or_refused(typed: str):
    try:
        money = parse_amount(typed, "IDR")
    except NotAnAmount:
        return
    assert 0 < money.minor <= LARGEST_MINOR
    assert money.minor % 100 == 0


@given(st.integers(1, 999_999_999_999))
def test_what_is_written_is_read_again(rupiah: int):
    assert parse_amount(f"{rupiah}", "IDR") == parse_amount(f"{rupiah:,}", "IDR") == Money.of(rupiah, "IDR")
