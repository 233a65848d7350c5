"""Menus as pictures: one row a choice, each with its number, its drawing and its words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pictures.painter import Painter
from core.domain.picture import Picture
from tests.adapters.pictures.shown import fits_a_chat, seen

PAINTER = Painter()
MENU = (
    Picture("category/electricity", "1", "Token listrik"),
    Picture("category/airtime", "2", "Pulsa"),
    Picture("category/water", "3", "Air"),
    Picture("category/tv", "4", "Televisi"),
    Picture("category/gas", "5", "Gas"),
)
SUMS = tuple(
    Picture(f"banknote/{amount}", str(place), f"Rp{amount}")
    for place, amount in enumerate((20_000, 50_000, 185_000, 700_000, 1_550_000), start=1)
)
WORDS = st.text(st.characters(), max_size=40)


@pytest.mark.parametrize("pictures", [MENU, SUMS, MENU[:1], ()], ids=["menu", "sums", "one", "none"])
def test_a_menu_is_a_small_picture(pictures: tuple[Picture, ...]):
    assert fits_a_chat(PAINTER.choices(pictures))


def test_a_menu_longer_than_a_photo_may_be_stays_a_photo():
    assert sum(seen(PAINTER.choices(MENU * 20)).size) <= 10_000


def test_the_same_menu_gives_the_same_bytes():
    assert PAINTER.choices(MENU) == Painter().choices(list(MENU))


@pytest.mark.parametrize("other", [{"name": "category/water"}, {"key": "7"}, {"label": "Air"}], ids=str)
def test_each_part_of_a_choice_is_seen(other: dict[str, str]):
    assert PAINTER.choices([replace(MENU[0], **other), *MENU[1:]]) != PAINTER.choices(MENU)


def test_choices_stand_in_their_order():
    assert PAINTER.choices(MENU) != PAINTER.choices(MENU[::-1])


def test_notes_are_those_of_the_painters_currency():
    sums = [Picture("banknote/1000", "1", "1000")]

    assert len({Painter(currency).choices(sums) for currency in ("IDR", "KES", "TZS", "XXX")}) == 4


def test_a_sum_that_is_none_is_drawn_as_what_it_is_called():
    assert PAINTER.choices([Picture("banknote/much", "1", "Lain")]) == PAINTER.choices([Picture("", "1", "Lain")])


@given(name=WORDS | st.integers().map("banknote/{}".format), key=WORDS, label=WORDS)
@settings(max_examples=20, deadline=None)
def test_no_words_are_refused(name: str, key: str, label: str):
    assert seen(PAINTER.choices([Picture(name, key, label)] * 2)).width == 640
