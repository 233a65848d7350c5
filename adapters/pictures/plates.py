"""A token, each group on a plate of its own: the eye finds its way back from the meter to the next group."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.pictures.colours import ACCENT, ACCENT_SOFT
from adapters.pictures.fonts import written
from adapters.pictures.lettering import Lettering, fitted, set_line
from adapters.pictures.sheet import INNER, MARGIN, WIDTH, Sheet

FEWEST_PLACES = 4  # signs that a plate has room for: a short token is not blown up
LONGEST_GROUP = 8
LARGEST = 76
GAP = 12
PAD = 18
ROOM = INNER - 2 * PAD

SIGN = Lettering(100, 3.2)  # measured at this size, drawn at the one that the plate allows


@dataclass(frozen=True, slots=True)
class Plates:
    """How the groups lie: so many beside each other, on plates so wide, each sign in a place of the same width."""

    groups: tuple[str, ...]
    across: int
    wide: int
    size: int
    step: int

    @property
    def high(self) -> int:
        return self.size + 32

    @property
    def down(self) -> int:
        return -(-len(self.groups) // self.across)


def draw_plates(sheet: Sheet, y: int, label: str, token: str) -> int:
    """From `y` down, answers where it ends. A token without a sign that can be drawn takes no room."""
    groups = groups_of(token)
    if not groups:
        return y
    plates = laid_out(groups)
    name = fitted(label, Lettering(32, 1.8, ACCENT), ROOM)
    head = 56 if name.text else PAD
    bottom = y + head + plates.down * (plates.high + GAP) - GAP + PAD
    sheet.panel((MARGIN, y, WIDTH - MARGIN, bottom), 24, ACCENT_SOFT)
    sheet.write(WIDTH // 2, y + 41, name, "m")
    for down in range(plates.down):
        _row(sheet, plates, down, y + head + down * (plates.high + GAP))
    return bottom


def groups_of(token: str) -> tuple[str, ...]:
    """As they come; a long one without gaps is parted, since nobody copies twenty digits at a glance."""
    words = written(token, SIGN.size)[0].split()
    return tuple(part for word in words for part in (_parted(word) if len(word) > LONGEST_GROUP else [word]))


def _parted(word: str) -> list[str]:
    return [word[start : start + 4] for start in range(0, len(word), 4)]


def laid_out(groups: tuple[str, ...]) -> Plates:
    """Three groups of four digits stand beside each other, fewer of longer ones, in rows of like length."""
    places = max(FEWEST_PLACES, *map(len, groups))
    widest = max(58, *(set_line(sign, SIGN).width + 2 for group in groups for sign in group))
    rows = -(-len(groups) // max(1, min(3, 14 // places)))
    across = -(-len(groups) // rows)
    wide = min((ROOM - GAP * (across - 1)) // across, ROOM // 2)
    size = min(LARGEST, wide * 100 // (places * widest + 20))
    return Plates(groups, across, wide, size, size * widest // 100)


def _row(sheet: Sheet, plates: Plates, down: int, top: int) -> None:
    """The last row may be shorter, and stands in the middle."""
    groups = plates.groups[down * plates.across : (down + 1) * plates.across]
    left = (WIDTH - len(groups) * (plates.wide + GAP) + GAP) // 2
    for group in groups:
        sheet.card((left, top, left + plates.wide, top + plates.high), 14)
        _spread(sheet, plates, group, left + plates.wide // 2, top + plates.high // 2)
        left += plates.wide + GAP


def _spread(sheet: Sheet, plates: Plates, group: str, middle: int, centre: int) -> None:
    lettering = Lettering(plates.size, SIGN.weight)
    x = middle - plates.step * (len(group) - 1) // 2
    for sign in group:
        sheet.write(x, centre + plates.size * 36 // 100, set_line(sign, lettering), "m")
        x += plates.step
