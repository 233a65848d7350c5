"""The sheet of 640 pixels that every picture is drawn on, from the top down, and how it becomes a small PNG."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from adapters.pictures.colours import CARD, LINE, PAPER
from adapters.pictures.lettering import Line

WIDTH = 640
MARGIN = 28
INNER = WIDTH - 2 * MARGIN
COLOURS = 64  # enough for smooth edges
COMPRESSION = 7  # 9 would save a tenth of the bytes and take eight times as long
ALIAS = 3  # shapes are drawn this much too large and brought down, so that their edges are smooth

Box = tuple[int, int, int, int]


class Sheet:
    """Open downwards: drawn first, cut to what was used at the end."""

    def __init__(self, tallest: int) -> None:
        self._image = Image.new("RGB", (WIDTH, tallest), PAPER)
        self._pen = ImageDraw.Draw(self._image)

    def write(self, x: int, baseline: int, line: Line, anchor: str = "l") -> None:
        """`anchor`: l, m or r, what of the line is at `x`."""
        if not line.text:
            return
        line.draw(self._pen, x + {"l": 0, "m": -line.width // 2, "r": -line.width}[anchor], baseline)

    def panel(self, box: Box, radius: int, colour: str) -> None:
        """A rectangle with round corners."""
        left, top, right, bottom = box
        radius = min(radius, (right - left) // 2, (bottom - top) // 2)
        self._image.paste(colour, (left + radius, top, right - radius, bottom))
        self._image.paste(colour, (left, top + radius, right, bottom - radius))
        disc = _disc(2 * radius)
        for x in (left, right - 2 * radius):
            for y in (top, bottom - 2 * radius):
                self._image.paste(colour, (x, y), disc)

    def card(self, box: Box, radius: int, colour: str = CARD) -> None:
        """A panel with a thin edge."""
        left, top, right, bottom = box
        self.panel(box, radius, LINE)
        self.panel((left + 2, top + 2, right - 2, bottom - 2), radius - 2, colour)

    def rule(self, left: int, right: int, y: int) -> None:
        self._pen.rectangle((left, y, right - 1, y + 1), fill=LINE)

    def band(self, top: int, bottom: int, colour: str) -> None:
        self._pen.rectangle((0, top, WIDTH, bottom - 1), fill=colour)

    def paste(self, picture: Image.Image, x: int, y: int) -> None:
        self._image.paste(picture, (x, y), picture if picture.mode == "RGBA" else None)

    def png(self, height: int) -> bytes:
        """The upper part as a PNG with a palette; the same sheet gives the same bytes."""
        used = self._image.crop((0, 0, WIDTH, height))
        palette = used.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        out = BytesIO()
        palette.save(out, "PNG", compress_level=COMPRESSION)
        return out.getvalue()


@lru_cache(maxsize=32)
def _disc(size: int) -> Image.Image:
    large = Image.new("L", (size * ALIAS, size * ALIAS))
    ImageDraw.Draw(large).ellipse((0, 0, size * ALIAS - 1, size * ALIAS - 1), fill=255)
    return large.reduce(ALIAS)
