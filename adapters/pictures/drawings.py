"""What the counter sells and does, as drawings: `DRAWINGS` by picture name, on a field of a hundred units."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import cos, radians, sin

from PIL import Image

from adapters.pictures.colours import (
    ACCENT,
    ACCENT_SOFT,
    BLUE,
    CARD,
    CREAM,
    GREEN,
    GREY,
    INK,
    LILAC,
    MINT,
    ORANGE,
    RED,
    ROSE,
    SKIN,
    SKY,
    STONE,
    VIOLET,
    YELLOW,
)
from adapters.pictures.fonts import written
from adapters.pictures.lettering import Lettering
from adapters.pictures.pen import Pen, curve


@lru_cache(maxsize=64)
def drawing(name: str, label: str, size: int) -> Image.Image:
    """A square picture. A name without a drawing of its own shows the first letter of its label."""
    pen = Pen(size, size)
    if draw := DRAWINGS.get(name):
        draw(pen)
    else:
        neutral(pen, label)
    return pen.picture()


def neutral(pen: Pen, label: str) -> None:
    _tile(pen, STONE)
    letters = written(label, 20)[0].lstrip("?! ")
    if letters:
        pen.write(50, 50, letters[0].upper(), Lettering(60, weight=3), 80)
    else:
        for x in (28, 50, 72):
            pen.disc(x, 50, 7, GREY)


# ---- what is sold


def electricity(pen: Pen) -> None:
    _tile(pen, CREAM)
    for angle in (150, 195, 240, 300, 345, 30):
        x, y = cos(radians(angle)), sin(radians(angle))
        pen.line([(50 + 36 * x, 42 + 36 * y), (50 + 43 * x, 42 + 43 * y)], 4, ORANGE)
    pen.area(
        curve((38, 72), ((38, 60), (25, 58), (25, 40)), ((25, 8), (75, 8), (75, 40)), ((75, 58), (62, 60), (62, 72))),
        YELLOW,
    )
    pen.box(38, 74, 62, 80, GREY, radius=2.5)
    pen.box(38, 82, 62, 88, GREY, radius=2.5)
    pen.box(44, 89, 56, 94, INK, radius=2)
    pen.area([(55, 22), (37, 47), (48, 47), (44, 68), (63, 41), (52, 41)], INK)


def airtime(pen: Pen) -> None:
    _tile(pen, ACCENT_SOFT)
    pen.box(33, 10, 67, 92, INK, radius=8)
    pen.box(38, 20, 62, 46, SKY, radius=2)
    for column, height in enumerate((5, 10, 15, 20)):
        pen.box(41 + 5 * column, 43 - height, 44 + 5 * column, 43, BLUE)
    pen.box(45, 51, 55, 57, ACCENT, radius=3)
    for y in (64, 73, 82):
        for x in (42, 50, 58):
            pen.disc(x, y, 2.8, CARD)
    for radius in (24, 33):
        pen.arc(50, 30, radius, -32, 32, 5, ACCENT)
        pen.arc(50, 30, radius, 148, 212, 5, ACCENT)


def data(pen: Pen) -> None:
    _tile(pen, SKY)
    pen.disc(44, 46, 34, BLUE)
    for y in (29, 46, 63):
        pen.line([(13, y), (75, y)], 3, SKY)
    pen.line([(44, 12), (44, 80)], 3, SKY)
    for outline in (12, 24):
        bend = 1.33 * outline
        for side in (-bend, bend):
            pen.line(curve((44, 12), ((44 + side, 22), (44 + side, 70), (44, 80))), 3, SKY)
    pen.ring(44, 46, 34, 4, BLUE)
    # The two arrows that stand beside the bars of every phone while data flow.
    pen.box(56, 56, 96, 96, SKY, radius=14)
    for x, tip, tail in ((69, 64, 88), (84, 90, 66)):
        back = 8 if tip < tail else -8
        pen.line([(x, tail), (x, tip)], 5, ACCENT)
        pen.line([(x - 6, tip + back), (x, tip), (x + 6, tip + back)], 5, ACCENT)


def water(pen: Pen) -> None:
    _tile(pen, SKY)
    pen.box(8, 30, 18, 58, INK, radius=3)
    pen.box(14, 36, 66, 52, GREY, radius=2)
    pen.area(
        curve((58, 36), ((76, 36), (80, 44), (80, 60)), ((80, 60), (64, 60), (64, 60)), ((64, 54), (62, 52), (56, 52))),
        GREY,
    )
    pen.box(60, 57, 84, 64, INK, radius=2)
    pen.box(38, 22, 46, 38, INK)
    pen.box(26, 14, 58, 23, RED, radius=4.5)
    pen.area(
        curve((72, 68), ((76, 76), (81, 79), (81, 85)), ((81, 96), (63, 96), (63, 85)), ((63, 79), (68, 76), (72, 68))),
        BLUE,
    )


def health(pen: Pen) -> None:
    _tile(pen, ROSE)
    heart = curve(
        (50, 88),
        ((24, 68), (8, 54), (8, 36)),
        ((8, 8), (42, 6), (50, 28)),
        ((58, 6), (92, 8), (92, 36)),
        ((92, 54), (76, 68), (50, 88)),
    )
    pen.area(heart, RED)
    pen.box(43, 27, 57, 67, CARD, radius=2)
    pen.box(30, 40, 70, 54, CARD, radius=2)


def phone_internet(pen: Pen) -> None:
    _tile(pen, MINT)
    for radius in (9, 18, 27):
        pen.arc(50, 40, radius, 222, 318, 4.5, BLUE)
    pen.disc(50, 37, 3.5, BLUE)
    pen.area(
        curve((24, 90), ((22, 76), (30, 56), (38, 52)), ((46, 50), (54, 50), (62, 52)), ((70, 56), (78, 76), (76, 90))),
        GREEN,
    )
    pen.disc(50, 73, 12, CARD)
    for angle in range(0, 360, 60):
        pen.disc(50 + 7.5 * cos(radians(angle)), 73 + 7.5 * sin(radians(angle)), 1.9, INK)
    pen.line(curve((17, 58), ((22, 38), (78, 38), (83, 58))), 9, INK)
    pen.box(9, 53, 28, 66, INK, radius=4)
    pen.box(72, 53, 91, 66, INK, radius=4)


def loans(pen: Pen) -> None:
    _tile(pen, MINT)
    _coin(pen, 57, 30, 20)
    pen.area(
        curve(
            (26, 62),
            ((34, 56), (42, 58), (52, 62)),
            ((60, 64), (66, 62), (68, 66)),
            ((69, 70), (64, 73), (58, 73)),
            ((66, 73), (74, 66), (84, 60)),
            ((91, 57), (95, 62), (90, 67)),
            ((78, 80), (68, 88), (56, 88)),
            ((44, 88), (38, 84), (26, 84)),
        ),
        SKIN,
    )
    pen.line(curve((46, 73), ((52, 74), (56, 74), (60, 73))), 2.4, "#8a5836")
    pen.box(6, 56, 28, 90, ACCENT, radius=3)
    pen.box(22, 58, 28, 88, CARD)


def tv(pen: Pen) -> None:
    _tile(pen, LILAC)
    pen.line([(34, 8), (50, 26), (66, 8)], 4, INK)
    pen.box(8, 24, 92, 82, INK, radius=8)
    pen.box(15, 31, 74, 75, SKY, radius=3)
    pen.area([(36, 41), (36, 65), (57, 53)], ACCENT)
    pen.disc(83, 41, 4, YELLOW)
    pen.disc(83, 53, 4, CARD)
    for y in (64, 70):
        pen.line([(80, y), (86, y)], 2.5, GREY)
    pen.line([(26, 82), (22, 92)], 6, INK)
    pen.line([(74, 82), (78, 92)], 6, INK)


def gas(pen: Pen) -> None:
    _tile(pen, ACCENT_SOFT)
    outer = (
        ((30, 76), (18, 66), (20, 50)),
        ((22, 38), (33, 34), (34, 22)),
        ((40, 26), (42, 31), (42, 36)),
        ((47, 28), (50, 18), (47, 6)),
        ((64, 14), (84, 34), (80, 54)),
        ((78, 68), (68, 76), (56, 76)),
    )
    pen.area(curve((44, 76), *outer), ORANGE)
    inner = (
        ((36, 76), (32, 68), (34, 60)),
        ((36, 52), (46, 48), (50, 34)),
        ((58, 44), (68, 52), (66, 62)),
        ((65, 70), (60, 76), (54, 76)),
    )
    pen.area(curve((46, 76), *inner), YELLOW)
    pen.area(curve((50, 76), ((42, 74), (42, 66), (50, 58)), ((58, 66), (58, 74), (50, 76))), BLUE)
    pen.box(18, 78, 82, 86, INK, radius=3)
    for x in (26, 74):
        pen.box(x - 4, 84, x + 4, 94, INK, radius=2)


def emoney(pen: Pen) -> None:
    _tile(pen, LILAC)
    pen.box(8, 26, 92, 80, VIOLET, radius=8)
    pen.box(17, 38, 37, 53, YELLOW, radius=3)
    pen.line([(27, 38), (27, 53)], 1.8, VIOLET)
    pen.line([(17, 45.5), (37, 45.5)], 1.8, VIOLET)
    for radius in (8, 16, 24):
        pen.arc(54, 46, radius, -42, 42, 4.5, CARD)
    for x in (17, 33, 49):
        pen.box(x, 66, x + 11, 71, LILAC, radius=2)


# ---- what several drawings have


def _tile(pen: Pen, colour: str) -> None:
    pen.box(0, 0, 100, 100, colour, radius=20)


def _coin(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.disc(x, y, radius, "#b97f0e")
    pen.disc(x, y, radius * 0.86, YELLOW)
    pen.ring(x, y, radius * 0.6, radius * 0.12, "#d99a17")
    pen.box(x - radius * 0.09, y - radius * 0.34, x + radius * 0.09, y + radius * 0.34, "#8a5c06", radius=radius * 0.08)


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "category/electricity": electricity,
    "category/airtime": airtime,
    "category/data": data,
    "category/water": water,
    "category/health": health,
    "category/phone_internet": phone_internet,
    "category/loans": loans,
    "category/tv": tv,
    "category/gas": gas,
    "category/emoney": emoney,
}
