"""Every category has a drawing of its own."""

from __future__ import annotations

import pytest

from adapters.pictures.drawings import drawing
from core.catalogue import load

CATEGORIES = [f"category/{category.category_id}" for category in load("id").categories]


@pytest.mark.parametrize("name", CATEGORIES)
def test_what_can_be_chosen_has_a_drawing(name: str):
    assert drawing(name, "Air", 150).tobytes() != drawing("", "Air", 150).tobytes()


def test_no_two_are_drawn_alike():
    assert len({drawing(name, "", 150).tobytes() for name in CATEGORIES}) == len(CATEGORIES)


def test_an_unknown_name_shows_the_first_letter_of_its_label():
    assert drawing("category/unheard-of", "Air", 150).tobytes() == drawing("", "air minum", 150).tobytes()
    assert drawing("", "Air", 150).tobytes() != drawing("", "Gas", 150).tobytes()


@pytest.mark.parametrize("label", ["", " ", "😀", "?", "\x00", "水"])
def test_a_label_without_a_letter_to_show_is_drawn_too(label: str):
    assert drawing("", label, 150).size == (150, 150)
