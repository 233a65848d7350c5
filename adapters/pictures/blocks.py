"""The parts that receipts and tickets are put together from. Each is drawn from `y` down and answers where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import Image

from adapters.pictures.colours import ACCENT, ACCENT_INK, AWNING, PAPER, QUIET
from adapters.pictures.drawings import drawing
from adapters.pictures.lettering import Lettering, Line, fitted, paragraph, set_line
from adapters.pictures.pen import Pen
from adapters.pictures.sheet import INNER, MARGIN, WIDTH, Sheet
from core.domain.slip import Slip

SCALLOPS = 8
MOST_ROWS = 16

LABEL = Lettering(28, 0.8, QUIET)
VALUE = Lettering(32, 1.8)
CHECK = Lettering(32, 1.2)


def masthead(sheet: Sheet, heading: str, icon: str, icon_label: str) -> int:
    """The counter's awning, with the drawing of what was paid and the sentence of the state."""
    left = MARGIN
    room = INNER
    if icon:
        left, room = MARGIN + 148, INNER - 148
    lines = paragraph(heading, Lettering(60, 2.2, ACCENT_INK), room, 3, smallest=34)
    height = max(164 if icon else 108, sum(map(_height, lines)) + 44)
    sheet.band(0, height, ACCENT)
    sheet.paste(_awning(), 0, height)
    if icon:
        top = (height - 124) // 2
        sheet.panel((MARGIN - 4, top - 4, MARGIN + 128, top + 128), 30, ACCENT_INK)
        sheet.paste(drawing(icon, icon_label, 124), MARGIN, top)
    _column(sheet, lines, left, (height - sum(map(_height, lines))) // 2)
    return height + WIDTH // SCALLOPS // 2


def title(sheet: Sheet, y: int, words: str, lettering: Lettering, lines: int = 2) -> int:
    return _column(sheet, paragraph(words, lettering, INNER, lines), MARGIN, y)


def rows(sheet: Sheet, y: int, lines: Sequence[tuple[str, str]]) -> int:
    """Label and value on one line where both fit, else the value beneath."""
    for place, (label, value) in enumerate(lines[:MOST_ROWS]):
        if place:
            sheet.rule(MARGIN, WIDTH - MARGIN, y)
        name, found = set_line(label, LABEL), set_line(value, VALUE)
        if name.width + 28 + found.width <= INNER:
            sheet.write(MARGIN, y + 38, name)
            sheet.write(WIDTH - MARGIN, y + 38, found, "r")
            y += 56
        else:
            sheet.write(MARGIN, y + 36, fitted(label, LABEL, INNER))
            y = _column(sheet, paragraph(value, VALUE, INNER, 3), MARGIN, y + 42) + 12
    return y


def stub(sheet: Sheet, y: int, slip: Slip, left: int, right: int) -> int:
    """The number to say when something is wrong and the code to check it by, between `left` and `right`."""
    across = right - left
    y = _column(sheet, paragraph(slip.number_label, LABEL, across, 2), left, y)
    y = _column(sheet, paragraph(slip.number, Lettering(68, 3.2), across, 2), left, y)
    return _column(sheet, paragraph(slip.check, CHECK, across, 2), left, y + 4) if slip.check else y


def _column(sheet: Sheet, lines: Sequence[Line], left: int, y: int) -> int:
    for line in lines:
        sheet.write(left, y + line.size, line)
        y += _height(line)
    return y


def _height(line: Line) -> int:
    return line.size * 5 // 4


@cache
def _awning() -> Image.Image:
    wide = WIDTH // SCALLOPS
    pen = Pen(WIDTH, wide // 2, WIDTH)
    pen.box(0, 0, WIDTH, wide, PAPER)
    for place in range(SCALLOPS):
        pen.disc(place * wide + wide / 2, 0, wide / 2, AWNING if place % 2 else ACCENT)
    return pen.picture()
