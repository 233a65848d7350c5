"""Words brought into a width: shrunk first, then broken or cut."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from PIL.ImageDraw import ImageDraw
from PIL.ImageFont import FreeTypeFont, Layout

from adapters.pictures.colours import INK
from adapters.pictures.fonts import LONGEST, written

SMALLEST = 26  # a picture of 640 pixels is seen at 240: nothing may be smaller than ten pixels there


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a text would like to look. The font has one weight; more is drawn around it, in hundredths of the size."""

    size: int
    weight: float = 1.2
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Line:
    """A text that fits, with all that is needed to draw it."""

    text: str
    font: FreeTypeFont
    lettering: Lettering

    @property
    def stroke(self) -> float:
        return self.lettering.size * self.lettering.weight / 100

    @property
    def apart(self) -> float:
        """Letters that are drawn heavier stand further apart, where they are not joined by the font itself."""
        return self.stroke if self.font.layout_engine == Layout.BASIC else 0

    @property
    def width(self) -> int:
        """From the outer edge of the first letter to that of the last."""
        if not self.text:
            return 0
        length = self.font.getlength(self.text) - self._bearing()
        return round(length + self.apart * (len(self.text) - 1) + self.stroke)

    @property
    def size(self) -> int:
        return self.lettering.size

    def draw(self, pen: ImageDraw, left: int, baseline: int) -> None:
        start = left - self._bearing()
        if not self.apart:
            self._put(pen, self.text, start, baseline)
            return
        for char, following in zip_longest(self.text, self.text[1:], fillvalue=""):
            self._put(pen, char, start, baseline)
            # Measured in pairs, since some stand closer together than their widths say.
            start += self.font.getlength(char + following) - self.font.getlength(following) + self.apart

    def _put(self, pen: ImageDraw, text: str, x: float, baseline: int) -> None:
        colour = self.lettering.colour
        pen.text((x, baseline), text, fill=colour, font=self.font, anchor="ls", stroke_width=self.stroke)

    def _bearing(self) -> float:
        """What the font leaves free before the first letter."""
        return self.font.getbbox(self.text[:1], anchor="ls", stroke_width=self.stroke)[0]


def set_line(text: str, lettering: Lettering) -> Line:
    """As wide as it becomes."""
    return Line(*written(text, lettering.size), lettering)


def fitted(text: str, lettering: Lettering, width: int, *, smallest: int = SMALLEST) -> Line:
    """One line: at the wished size if that fits, else smaller, and cut where even the smallest is too wide."""
    for smaller in _sizes(lettering, smallest):
        line = set_line(text, smaller)
        if line.width <= width:
            return line
    return _cut(text, replace(lettering, size=min(smallest, lettering.size)), width)


def paragraph(text: str, lettering: Lettering, width: int, lines: int, *, smallest: int = SMALLEST) -> list[Line]:
    """At most so many lines, as large as they can be; what does not fit into the last is cut. No words, no lines."""
    for smaller in _sizes(lettering, smallest):
        whole = set_line(text, smaller)
        # Breaking takes long, and what is too much by far need not be broken to be seen as too much.
        broken = list(_broken(whole, width)) if whole.width <= lines * width else []
        if len(broken) <= lines and all(line.width <= width for line in broken) and (broken or not whole.text):
            return broken
    least = replace(lettering, size=min(smallest, lettering.size))
    words = [line.text for line in _broken(set_line(text, least), width)]
    return [_cut(part, least, width) for part in (*words[: lines - 1], " ".join(words[lines - 1 :]))]


def _sizes(lettering: Lettering, smallest: int) -> Iterator[Lettering]:
    size = lettering.size
    while size > smallest:
        yield replace(lettering, size=size)
        size = size * 9 // 10
    yield replace(lettering, size=min(smallest, lettering.size))


def _broken(whole: Line, width: int) -> Iterator[Line]:
    """Between words only: half a word is harder to read than a small one."""
    line = replace(whole, text="")
    for word in whole.text.split():
        longer = replace(whole, text=f"{line.text} {word}".lstrip())
        if line.text and longer.width > width:
            yield line
            longer = replace(whole, text=word)
        line = longer
    if line.text:
        yield line


def _cut(text: str, lettering: Lettering, width: int) -> Line:
    """The text, or as much of its beginning as fits with an ellipsis."""
    line = set_line(text, lettering)
    if line.width <= width:
        return line
    marked = set_line(f"{text[: LONGEST - 1]}…", lettering)
    ellipsis = "…" if marked.text.endswith("…") else "..."
    kept = bisect_right(
        range(len(line.text)), width, key=lambda length: _shortened(marked, line.text[:length], ellipsis).width
    )
    return _shortened(marked, line.text[: max(0, kept - 1)], ellipsis)


def _shortened(marked: Line, beginning: str, ellipsis: str) -> Line:
    return replace(marked, text=f"{beginning.rstrip()}{ellipsis}")
