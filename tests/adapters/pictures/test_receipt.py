"""Receipts as pictures: what is on the slip is on the picture, and a camera reads its code."""

from __future__ import annotations

from dataclasses import replace

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.pictures.painter import Painter
from adapters.pictures.plates import groups_of, laid_out
from adapters.pictures.qr import QUIET_ZONE, SMALLEST_MODULE, qr_picture
from adapters.pictures.receipt import CODE, EDGE
from adapters.pictures.sheet import INNER, MARGIN
from core.domain.slip import Slip
from tests.adapters.pictures.shown import TOKEN, fits_a_chat, seen

PAINTER = Painter()
WORDS = st.text(st.characters(), max_size=40)


def test_a_receipt_is_a_small_portrait():
    png = PAINTER.receipt(TOKEN)

    assert fits_a_chat(png)
    assert seen(png).width == 640
    assert seen(png).height > 640


def test_the_same_slip_gives_the_same_bytes():
    assert PAINTER.receipt(TOKEN) == Painter("KES").receipt(replace(TOKEN))


@pytest.mark.parametrize(
    "other",
    [
        replace(TOKEN, heading="Batal"),
        replace(TOKEN, product="Token air"),
        replace(TOKEN, biller="PDAM"),
        replace(TOKEN, total="Rp52.501"),
        replace(TOKEN, lines=(*TOKEN.lines[:2], ("Biaya", "Rp2.501"))),
        replace(TOKEN, lines=(*TOKEN.lines[:2], ("Ongkos", "Rp2.500"))),
        replace(TOKEN, token="1234 5678 9012 3456 7891"),
        replace(TOKEN, token=""),
        replace(TOKEN, token_label="Token"),
        replace(TOKEN, number="000 035"),
        replace(TOKEN, number=""),
        replace(TOKEN, number_label="Nomor"),
        replace(TOKEN, icon="category/water"),
        replace(TOKEN, icon=""),
        replace(TOKEN, code="https://loket.example/r/000035"),
        replace(TOKEN, code=""),
        replace(TOKEN, check="Kode 7K2Q 9XJF"),
    ],
)
def test_each_part_of_the_slip_is_seen(other: Slip):
    assert PAINTER.receipt(other) != PAINTER.receipt(TOKEN)


def test_an_empty_slip_is_drawn_too():
    assert fits_a_chat(PAINTER.receipt(Slip("", "", "", "", ())))


def test_the_longest_slip_stays_a_photo():
    words = "Kata-kata panjang " * 12
    slip = Slip(words, words, words, words, ((words, words),) * 40, "W" * 80, words, words, words, "x", "y" * 400)

    image = seen(PAINTER.receipt(slip))

    assert sum(image.size) <= 10_000
    assert image.height <= 20 * image.width


@given(heading=WORDS, value=WORDS, token=WORDS, number=WORDS, code=WORDS)
@settings(max_examples=20, deadline=None)
def test_no_words_are_refused(heading: str, value: str, token: str, number: str, code: str):
    slip = Slip(heading, value, heading, value, ((heading, value),), token, value, number, heading, value, code)

    assert seen(PAINTER.receipt(slip)).width == 640


@pytest.mark.parametrize(
    ("token", "groups", "across"),
    [
        ("1234 5678 9012 3456 7890", ("1234", "5678", "9012", "3456", "7890"), 3),
        ("12345678901234567890", ("1234", "5678", "9012", "3456", "7890"), 3),
        ("1234 5678 9012 3456", ("1234", "5678", "9012", "3456"), 2),
        ("ABC-1234", ("ABC-1234",), 1),
    ],
)
def test_a_token_lies_in_groups_on_even_rows(token: str, groups: tuple[str, ...], across: int):
    plates = laid_out(groups_of(token))

    assert (plates.groups, plates.across) == (groups, across)


def test_the_digits_of_a_meter_token_are_very_large():
    assert laid_out(groups_of(TOKEN.token)).size >= 60


# ---- the code


@pytest.mark.parametrize("code", ["000034", TOKEN.code, "https://loket.example/r/" + "k3" * 60])
def test_the_code_has_the_modules_that_it_should(code: str):
    picture = qr_picture(code, CODE, INNER)

    assert picture is not None
    assert modules(picture, code) == expected(code)


def test_the_code_is_whole_on_the_receipt():
    picture = qr_picture(TOKEN.code, CODE, INNER)
    assert picture is not None
    receipt = seen(PAINTER.receipt(TOKEN)).convert("RGB")
    right, bottom = receipt.width - MARGIN - EDGE, receipt.height - MARGIN - EDGE

    code = receipt.crop((right - picture.width, bottom - picture.height, right, bottom))

    assert modules(code, TOKEN.code) == expected(TOKEN.code)


@pytest.mark.parametrize("code", ["1", TOKEN.code, "x" * 200])
def test_no_module_is_too_small_for_a_cheap_camera(code: str):
    picture = qr_picture(code, 10, INNER)

    assert picture is not None
    assert picture.width == SMALLEST_MODULE * (len(expected(code)) + 2 * QUIET_ZONE)


@pytest.mark.parametrize("code", ["x" * 2_500, "x" * 10_000])
def test_a_code_that_no_camera_would_read_is_left_out(code: str):
    assert qr_picture(code, CODE, INNER) is None
    assert fits_a_chat(PAINTER.receipt(replace(TOKEN, code=code)))


def expected(code: str) -> list[list[bool]]:
    return [
        [bool(module) for module in row] for row in segno.make(code, error="m", micro=False, boost_error=False).matrix
    ]


def modules(picture: Image.Image, code: str) -> list[list[bool]]:
    """The middle of each module, dark or not; and around them all there must be light."""
    across = len(expected(code))
    size = picture.width // (across + 2 * QUIET_ZONE)
    grey = picture.convert("L")

    def dark(x: int, y: int) -> bool:
        value = grey.getpixel(((x + QUIET_ZONE) * size + size // 2, (y + QUIET_ZONE) * size + size // 2))
        assert isinstance(value, int)
        return value < 128

    edge = range(-QUIET_ZONE, across + QUIET_ZONE)
    assert not any(dark(x, y) for x in edge for y in edge if not (0 <= x < across and 0 <= y < across))
    return [[dark(x, y) for x in range(across)] for y in range(across)]
