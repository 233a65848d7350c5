"""Amounts as the notes that people pay with."""

from __future__ import annotations

import pytest

from adapters.pictures.banknotes import NOTES, Cash, amount_in, cash
from adapters.pictures.notes import PRINT, money_drawing


@pytest.mark.parametrize(
    ("amount", "currency", "notes", "coins"),
    [
        (1_000, "IDR", ((1_000, 1),), 0),
        (50_000, "IDR", ((50_000, 1),), 0),
        (200_000, "IDR", ((100_000, 2),), 0),
        (150_000, "IDR", ((100_000, 1), (50_000, 1)), 0),
        (500_000, "IDR", ((100_000, 5),), 0),
        (188_000, "IDR", ((100_000, 1), (50_000, 1), (20_000, 1), (10_000, 1), (5_000, 1), (2_000, 1), (1_000, 1)), 0),
        (52_500, "IDR", ((50_000, 1), (2_000, 1)), 500),
        (1_550_000, "IDR", ((100_000, 15), (50_000, 1)), 0),
        (500, "IDR", (), 500),
        (0, "IDR", (), 0),
        (-5_000, "IDR", (), 0),
        (1_750, "KES", ((1_000, 1), (500, 1), (200, 1), (50, 1)), 0),
        (17_000, "TZS", ((10_000, 1), (5_000, 1), (2_000, 1)), 0),
        (50_000, "XXX", (), 0),
    ],
)
def test_an_amount_is_laid_in_as_few_notes_as_can_be(
    amount: int, currency: str, notes: tuple[tuple[int, int], ...], coins: int
):
    assert cash(amount, currency) == Cash(notes, coins)


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("banknote/50000", 50_000),
        ("banknote/0", None),
        ("banknote/-1", None),
        ("banknote/1.5", None),
        ("banknote/٥٠", None),
        ("banknote/" + "9" * 5_000, None),
        ("banknote/", None),
        ("banknote", None),
        ("category/water", None),
    ],
)
def test_a_picture_name_tells_the_amount_or_is_no_money(name: str, amount: int | None):
    assert amount_in(name) == amount


def test_every_note_has_its_colours():
    assert set(PRINT) == {(currency, note) for currency, notes in NOTES.items() for note in notes}


@pytest.mark.parametrize("currency", NOTES)
@pytest.mark.parametrize("times", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 999])
def test_a_note_more_is_seen(currency: str, times: int):
    note = NOTES[currency][0]

    fewer = money_drawing(f"banknote/{note * times}", currency, 150)
    more = money_drawing(f"banknote/{note * (times + 1)}", currency, 150)

    assert fewer is not None
    assert more is not None
    assert fewer.tobytes() != more.tobytes()


@pytest.mark.parametrize("amount", [1, 49, 99, 999, 88_888, 199_999, 1_999_999, 999_999_999_999])
@pytest.mark.parametrize("currency", NOTES)
def test_any_amount_can_be_drawn(amount: int, currency: str):
    assert money_drawing(f"banknote/{amount}", currency, 150) is not None


def test_money_of_an_unknown_currency_is_not_drawn():
    assert money_drawing("banknote/50000", "XXX", 150) is None
