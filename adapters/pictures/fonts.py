"""Which font writes a string, and how the string is spelled in it. No string is refused.

Pillow brings one font along, which has ASCII and a few marks. It writes every string that it can, so a receipt looks
the same on every machine. Any other string is written whole in the first of `FAMILIES` that has all its letters, or
else in the one that has most of them. They are looked for once, where the system keeps its fonts; none is needed.

A letter that the font does not have loses its accents, and becomes "?" if that does not help. Emoji and other signs
that are pictures themselves are left out, and so is whatever steers a terminal or turns the direction of writing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from PIL import ImageFont, features
from PIL.ImageFont import FreeTypeFont, Layout

FAMILIES = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf",
    "NotoSansMyanmar-Regular.ttf",
    "NotoSansKhmer-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
)
LONGEST = 200  # nobody reads more than that on a picture
JOINERS = "\u200c\u200d"  # they shape the letters beside them and have no shape of their own
OWN = 0  # the place of Pillow's own font


def written(text: str, size: int) -> tuple[str, FreeTypeFont]:
    """The text as it can be written, and the font that writes it."""
    shown = " ".join("".join(map(_kept, unicodedata.normalize("NFC", text[:LONGEST]))).split())
    place = _place(shown)
    return "".join(_spelled(shown, place)), _sized(place, size)


def _kept(char: str) -> str:
    if _has(OWN, char) or char in JOINERS:
        return char
    match unicodedata.category(char):
        case "Cc" | "Zs" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs" | "Co" | "Cn" | "So" | "Sk" | "Me":
            return ""
        case _:
            return "" if unicodedata.name(char, "").startswith("VARIATION SELECTOR") else char


def _place(text: str) -> int:
    if all(_has(OWN, char) for char in text):
        return OWN
    return max(range(len(_families())), key=lambda place: sum(_has(place, char) or char in JOINERS for char in text))


def _spelled(text: str, place: int) -> Iterator[str]:
    for char in text:
        if _has(place, char) or (char in JOINERS and place != OWN):
            yield char
            continue
        plain = [part for part in unicodedata.normalize("NFKD", char) if _has(place, part)]
        if plain:
            yield from plain
        elif unicodedata.category(char) not in ("Mn", "Mc", "Cf"):
            yield "?"


@cache
def _families() -> tuple[FreeTypeFont, ...]:
    own = ImageFont.load_default(20)
    assert isinstance(own, FreeTypeFont)
    # Without Raqm letters would stand unjoined and from left to right: "?" says more honestly that they cannot be read.
    return (own, *_installed()) if features.check("raqm") else (own,)


def _installed() -> Iterator[FreeTypeFont]:
    for name in FAMILIES:
        try:
            yield ImageFont.truetype(name, 20)
        except OSError:
            continue


@lru_cache(maxsize=512)
def _sized(place: int, size: int) -> FreeTypeFont:
    return _families()[place].font_variant(size=size)


@lru_cache(maxsize=8192)
def _has(place: int, char: str) -> bool:
    return _shape(place, char) != _shape(place, "\U0010ffff")


def _shape(place: int, char: str) -> tuple[tuple[int, int], bytes]:
    mask = _letter_by_letter(place).getmask(char)
    return mask.size, bytes(mask)


@cache
def _letter_by_letter(place: int) -> FreeTypeFont:
    """Asks the font alone: a shaping engine puts a ring under a mark that stands by itself."""
    return _families()[place].font_variant(layout_engine=Layout.BASIC)
