"""Shapes with smooth edges on a small transparent picture, measured in units of the drawing and not in pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, radians, sin

from PIL import Image, ImageDraw

from adapters.pictures.lettering import Lettering, fitted
from adapters.pictures.sheet import ALIAS

Point = tuple[float, float]


class Pen:
    """Draws on a field of `across` units by as many as the height gives."""

    def __init__(self, width: int, height: int, across: float = 100) -> None:
        self._size = width, height
        self._unit = width * ALIAS / across
        self._image = Image.new("RGBA", (width * ALIAS, height * ALIAS))
        self._draw = ImageDraw.Draw(self._image)

    def picture(self) -> Image.Image:
        # Colours weighed by how much is there, else the empty part of an edge would darken it.
        return self._image.convert("RGBa").reduce(ALIAS).convert("RGBA")

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        self._draw.ellipse(self._at((x - across, y - down), (x + across, y + down)), fill=colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: str) -> None:
        self.arc(x, y, radius, 0, 360, width, colour)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float, colour: str) -> None:
        """Degrees from three o'clock, clockwise; `radius` to the middle of the line."""
        outer = radius + width / 2
        box = self._at((x - outer, y - outer), (x + outer, y + outer))
        self._draw.arc(box, start, end, fill=colour, width=round(width * self._unit))
        if end - start < 360:
            for angle in (start, end):
                tip = radians(angle)
                self.disc(x + radius * cos(tip), y + radius * sin(tip), width / 2, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str, *, radius: float = 0) -> None:
        self._draw.rounded_rectangle(self._at((left, top), (right, bottom)), radius * self._unit, fill=colour)

    def area(self, points: Iterable[Point], colour: str) -> None:
        self._draw.polygon(self._at(*points), fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """With round ends and corners."""
        for (x, y), (to_x, to_y) in pairwise(points):
            length = hypot(to_x - x, to_y - y) or 1
            aside, along = (to_y - y) / length * width / 2, (to_x - x) / length * width / 2
            corners = (x + aside, y - along), (to_x + aside, to_y - along), (to_x - aside, to_y + along)
            self.area((*corners, (x - aside, y + along)), colour)
        for x, y in points:
            self.disc(x, y, width / 2, colour)

    def write(self, x: float, y: float, text: str, lettering: Lettering, width: float) -> None:
        """In the middle of `x` and `y`, no wider than `width`; the size is in units too."""
        large = Lettering(max(1, round(lettering.size * self._unit)), lettering.weight, lettering.colour)
        line = fitted(text, large, round(width * self._unit), smallest=12)
        # Between the baseline and the top of a digit, which is what stands here nearly always.
        line.draw(self._draw, round(x * self._unit - line.width / 2), round(y * self._unit + line.size * 0.36))

    def _at(self, *points: Point) -> list[float]:
        return [part * self._unit for point in points for part in point]


def curve(start: Point, *bends: tuple[Point, Point, Point]) -> list[Point]:
    """A smooth outline from `start`: each bend is two handles and where it ends, as in a cubic Bézier."""
    points, here = [start], start
    for first, second, end in bends:
        points += [_between(here, first, second, end, step / 12) for step in range(1, 13)]
        here = end
    return points


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    parts = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    x = sum(part * point[0] for part, point in zip(parts, (a, b, c, d), strict=True))
    y = sum(part * point[1] for part, point in zip(parts, (a, b, c, d), strict=True))
    return x, y
