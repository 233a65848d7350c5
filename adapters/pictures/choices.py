"""A menu as a picture: one row for each choice, in the order of its numbers, so that there is one way to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from adapters.pictures.colours import ACCENT, ACCENT_INK
from adapters.pictures.drawings import drawing
from adapters.pictures.lettering import Lettering, Line, fitted, paragraph
from adapters.pictures.notes import money_drawing
from adapters.pictures.sheet import WIDTH, Sheet
from core.domain.picture import Picture

EDGE = 14
GAP = 12
PAD = 18
HIGH = 150  # of a drawing
CIRCLE = 92
SMALLEST_LABEL = 30
MOST = 46  # more would be taller than a chat takes as a photo


def draw_choices(pictures: Sequence[Picture], currency: str) -> bytes:
    shown = pictures[:MOST]
    drawn = [_drawn(picture, currency) for picture in shown]
    wide = max((one.width for one in drawn), default=0)
    step = HIGH + 2 * PAD + GAP
    height = max(2 * EDGE + len(shown) * step - GAP, HIGH)
    sheet = Sheet(height)
    left = EDGE + PAD + CIRCLE + PAD + wide + PAD
    labels = _alike([picture.label for picture in shown], WIDTH - EDGE - PAD - left)
    for place, (picture, image, label) in enumerate(zip(shown, drawn, labels, strict=True)):
        top = EDGE + place * step
        _row(sheet, top, picture.key, image, wide)
        _label(sheet, label, left, top + PAD + HIGH // 2)
    return sheet.png(height)


def _drawn(picture: Picture, currency: str) -> Image.Image:
    return money_drawing(picture.name, currency, HIGH) or drawing(picture.name, picture.label, HIGH)


def _alike(labels: Sequence[str], width: int) -> list[list[Line]]:
    """All in one size, the largest in which each of them fits."""
    wished = Lettering(46, 2)
    sizes = (line.size for label in labels for line in paragraph(label, wished, width, 3, smallest=SMALLEST_LABEL))
    size = min(sizes, default=wished.size)
    return [paragraph(label, replace(wished, size=size), width, 3, smallest=SMALLEST_LABEL) for label in labels]


def _row(sheet: Sheet, top: int, key: str, image: Image.Image, wide: int) -> None:
    bottom = top + HIGH + 2 * PAD
    sheet.card((EDGE, top, WIDTH - EDGE, bottom), 30)
    x = EDGE + PAD
    middle = (top + bottom) // 2
    sheet.panel((x, middle - CIRCLE // 2, x + CIRCLE, middle + CIRCLE // 2), CIRCLE // 2, ACCENT)
    digit = fitted(key, Lettering(68, 3.4, ACCENT_INK), CIRCLE - 18, smallest=28)
    sheet.write(x + CIRCLE // 2, middle + digit.size * 36 // 100, digit, "m")
    sheet.paste(image, x + CIRCLE + PAD + (wide - image.width) // 2, top + PAD)


def _label(sheet: Sheet, lines: Sequence[Line], left: int, middle: int) -> None:
    y = middle - sum(line.size * 6 // 5 for line in lines) // 2
    for line in lines:
        sheet.write(left, y + line.size * 95 // 100, line)
        y += line.size * 6 // 5
