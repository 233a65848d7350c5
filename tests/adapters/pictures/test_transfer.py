"""Tickets for a bank transfer: which account, and exactly how much."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pictures.colours import ACCENT
from adapters.pictures.painter import Painter
from tests.adapters.pictures.shown import fits_a_chat, seen

PAINTER = Painter()
WORDS = st.text(st.characters(), max_size=40)
LINES = (("Berlaku sampai", "hari ini, 18.00"),)


def ticket(bank: str = "BCA 8720123456", amount: str = "Rp500.123") -> bytes:
    return PAINTER.transfer("Transfer tepat sejumlah ini", bank, amount, LINES)


def test_a_ticket_is_a_small_picture():
    assert fits_a_chat(ticket())


def test_the_same_ticket_gives_the_same_bytes():
    assert ticket() == Painter().transfer("Transfer tepat sejumlah ini", "BCA 8720123456", "Rp500.123", LINES)


def test_every_digit_is_seen():
    assert (
        len({ticket(), ticket(amount="Rp500.124"), ticket(bank="BCA 8720123457"), ticket(bank="BNI 8720123456")}) == 4
    )


def test_an_account_is_grouped_however_it_was_written():
    assert ticket(bank="BCA 872-012 3456") == ticket(bank="BCA 8720123456")


def test_the_digits_that_make_the_sum_unlike_others_are_marked():
    assert marked(ticket()) > marked(ticket(amount="Rp50"))
    assert marked(ticket(amount="KSh1,500,123.00")) > marked(ticket(amount="KSh23.00"))


@given(heading=WORDS, bank=WORDS, amount=WORDS, label=WORDS)
@settings(max_examples=20, deadline=None)
def test_no_words_are_refused(heading: str, bank: str, amount: str, label: str):
    assert seen(PAINTER.transfer(heading, bank, amount, ((label, bank),))).width == 640


def marked(png: bytes) -> int:
    """How much of the amount's panel has the accent's colour."""
    picture = seen(png).convert("RGB")
    near = [picture.getpixel((x, y)) for y in range(250, picture.height, 4) for x in range(0, 640, 4)]
    accent = tuple(int(ACCENT[at : at + 2], 16) for at in (1, 3, 5))
    return sum(
        isinstance(pixel, tuple) and all(abs(part - wanted) < 12 for part, wanted in zip(pixel, accent, strict=True))
        for pixel in near
    )
