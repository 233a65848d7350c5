"""Money as it lies in the hand: notes like steps, so that each can be counted, and a bundle where it is much.

The notes are our own: no portrait, no emblem, nothing taken from a real one but its colour, by which people know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from adapters.pictures.banknotes import Cash, amount_in, cash
from adapters.pictures.colours import ACCENT, ACCENT_INK, CARD, INK, YELLOW
from adapters.pictures.lettering import Lettering
from adapters.pictures.pen import Pen

# Of each note the colour of its print and that of its paper. Kenya's are a ladder of clear colours and not yet
# compared with the notes in use.
PRINT: dict[tuple[str, int], tuple[str, str]] = {
    ("IDR", 100_000): ("#b3262e", "#f4c4bf"),
    ("IDR", 50_000): ("#1b5fa6", "#bfdcf3"),
    ("IDR", 20_000): ("#2b7a46", "#c5e5c8"),
    ("IDR", 10_000): ("#6d3f99", "#dccbee"),
    ("IDR", 5_000): ("#8a5a2b", "#ecd5b8"),
    ("IDR", 2_000): ("#5d6468", "#d9dcdd"),
    ("IDR", 1_000): ("#7b7544", "#e9e3b6"),
    ("KES", 1_000): ("#8a5a2b", "#ecd5b8"),
    ("KES", 500): ("#2b7a46", "#c5e5c8"),
    ("KES", 200): ("#1b5fa6", "#bfdcf3"),
    ("KES", 100): ("#6d3f99", "#dccbee"),
    ("KES", 50): ("#b3262e", "#f4c4bf"),
    ("TZS", 10_000): ("#b3262e", "#f4c4bf"),
    ("TZS", 5_000): ("#6d3f99", "#dccbee"),
    ("TZS", 2_000): ("#8a5a2b", "#ecd5b8"),
    ("TZS", 1_000): ("#1b5fa6", "#bfdcf3"),
}

# The field of a money drawing, in units; a note alone on it is this large.
ACROSS, DOWN = 160, 100
WHOLE = 150, 74
COUNTABLE = 5  # more than five at a glance is "many"
BUNDLED = 10
# How far each lies below the one before, by how many lie behind the last: two or three show all their numbers.
STEPS = 0.0, 34.0, 26.0, 13.0, 12.0, 10.0, 8.5, 7.5, 6.5
READABLE = 26.0  # where less of a note is seen it is left bare: half a number would only look like dirt


@lru_cache(maxsize=32)
def money_drawing(name: str, currency: str, height: int) -> Image.Image | None:
    """The money of a picture name, None where the name tells of no money that can be drawn."""
    amount = amount_in(name)
    if amount is None:
        return None
    money = cash(amount, currency)
    if not money.count and not money.coins:
        return None
    pen = Pen(height * ACROSS // DOWN, height, ACROSS)
    _lay(pen, money, currency)
    return pen.picture()


def _lay(pen: Pen, money: Cash, currency: str) -> None:
    if money.count > BUNDLED:
        (largest, many), *rest = money.notes
        _bundle(pen, largest, many, currency, alone=not rest and not money.coins)
        _steps(pen, _one_by_one(rest), currency, left=101, right=158)
    elif money.count > COUNTABLE:
        notes = _one_by_one(money.notes)
        _steps(pen, notes[:COUNTABLE], currency, left=2, right=79, as_for=COUNTABLE)
        _steps(pen, notes[COUNTABLE:], currency, left=81, right=158, as_for=COUNTABLE)
    else:
        _steps(pen, _one_by_one(money.notes), currency, left=3, right=144 if money.coins else 157)
    if money.coins:
        _coin(pen, money.coins, 24 if money.count else 42)


def _one_by_one(notes: Sequence[tuple[int, int]]) -> list[int]:
    return [note for note, many in notes for _ in range(many)]


def _steps(pen: Pen, notes: Sequence[int], currency: str, *, left: float, right: float, as_for: int = 0) -> None:
    """Each note a step lower and further than the one before, so that an edge of every note is seen.

    Piles side by side are drawn `as_for` the same number of notes, and so in one size.
    """
    if not notes:
        return
    behind = max(len(notes), as_for) - 1
    down = STEPS[behind]
    width = min((right - left) * (0.78 if behind else 1), (96 - down * behind) * WHOLE[0] / WHOLE[1])
    along = min(18.0, (right - left - width) / behind) if behind else 0.0
    x = left + (right - left - width - along * behind) / 2
    y = (DOWN - width * WHOLE[1] / WHOLE[0] - down * behind) / 2
    for step, note in enumerate(notes):
        bare = step < len(notes) - 1 and down < READABLE
        _note(pen, note, currency, x + along * step, y + down * step, width, bare=bare)


def _note(pen: Pen, note: int, currency: str, x: float, y: float, width: float, *, bare: bool = False) -> None:
    colour, paper = PRINT[currency, note]
    unit = width / 150

    def at(across: float, down: float) -> tuple[float, float]:
        return x + across * unit, y + down * unit

    gap = max(0.8, 1.5 * unit)
    pen.box(x - gap, y - gap, *at(150, 74), CARD, radius=5 * unit + gap)
    pen.box(x, y, *at(150, 74), colour, radius=5 * unit)
    pen.box(*at(4, 4), *at(146, 70), paper, radius=3 * unit)
    pen.box(*at(4, 4), *at(13, 70), colour)
    if bare:
        return
    for radius, tone in ((23, colour), (20.8, paper), (18.6, colour), (16.4, paper), (14, colour)):
        pen.disc(*at(119, 44), radius * unit, tone)
    pen.box(*at(111, 40), *at(127, 43), paper)
    pen.box(*at(113, 45), *at(125, 51), paper)
    digits = f"{note:,}".replace(",", " ")
    pen.write(*at(55, 30), digits, _size(27 * unit, colour, 4), 78 * unit)
    for line in (51, 57, 63):
        pen.box(*at(21, line), *at(80, line + 2.2), colour, radius=1.2 * unit)


def _bundle(pen: Pen, note: int, many: int, currency: str, *, alone: bool) -> None:
    """A pack of notes with a band round it, and how many they are."""
    left, width = (17.0, 124.0) if alone else (2.0, 94.0)
    height = width * WHOLE[1] / WHOLE[0]
    top = 44 - height / 2
    colour, paper = PRINT[currency, note]
    for leaf in range(6, 0, -1):
        tone = paper if leaf % 2 else colour
        pen.box(left + leaf / 2, top + 2.6 * leaf, left + leaf / 2 + width, top + height + 2.6 * leaf, tone, radius=3)
    _note(pen, note, currency, left, top, width)
    # Over the ornament, so that the number of the note stays free.
    middle, half = left + width * 0.8, width * 0.155
    pen.box(middle - half, top - 2, middle + half, top + height + 17, ACCENT)
    pen.write(middle, top + height / 2 + 7, f"x{many}", _size(width * 0.15, ACCENT_INK, 4), half * 1.8)


def _coin(pen: Pen, value: int, radius: float) -> None:
    x, y = (ACROSS - radius - 2, DOWN - radius - 2) if radius < 40 else (ACROSS / 2, DOWN / 2)
    pen.disc(x, y, radius + 1.5, CARD)
    pen.disc(x, y, radius, "#b97f0e")
    pen.disc(x, y, radius * 0.9, YELLOW)
    pen.ring(x, y, radius * 0.78, radius * 0.05, "#b97f0e")
    pen.write(x, y, str(value), _size(radius * 0.75, INK, 4), radius * 1.35)


def _size(size: float, colour: str, weight: float) -> Lettering:
    return Lettering(round(size), weight, colour)
