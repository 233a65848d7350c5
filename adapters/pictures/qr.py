"""A QR code that a cheap camera reads: of a short one a seventh may be dirty, and no module is below six pixels.

A proof is long: with twenty hashes in it, a million entries, some 1,250 signs. It gets all the room there is, modules
of four pixels at least, and a fourteenth of it may be dirty.
"""

from __future__ import annotations

from collections.abc import Sequence

import segno
from PIL import Image

from adapters.pictures.colours import CARD, INK

QUIET_ZONE = 4  # modules of white around it, as ISO/IEC 18004 wants
SMALLEST_MODULE = 6
SMALLEST_OF_LONG = 4

Matrix = Sequence[bytearray]


def qr_picture(code: str, wished: int, most: int) -> Image.Image | None:
    """About `wished` pixels wide, wider where the code is long; None where it would be wider than `most`."""
    if matrix := _matrix(code, "m", most // SMALLEST_MODULE):
        return _drawn(matrix, max(SMALLEST_MODULE, wished // _across(matrix)))
    if matrix := _matrix(code, "l", most // SMALLEST_OF_LONG):
        return _drawn(matrix, most // _across(matrix))
    return None


def _matrix(code: str, error: str, widest: int) -> Matrix | None:
    """The modules, None where there would be more in a row than `widest`."""
    try:
        # Without `boost_error` a short code stays small; a micro code is not known to every reader.
        matrix: Matrix = segno.make(code, error=error, micro=False, boost_error=False).matrix
    except (segno.DataOverflowError, ValueError):
        return None
    return matrix if _across(matrix) <= widest else None


def _across(matrix: Matrix) -> int:
    return len(matrix) + 2 * QUIET_ZONE


def _drawn(matrix: Matrix, module: int) -> Image.Image:
    across = _across(matrix)
    picture = Image.new("RGB", (across, across), CARD)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), _INK)
    return picture.resize((module * across, module * across), Image.Resampling.NEAREST)


_INK = (int(INK[1:3], 16), int(INK[3:5], 16), int(INK[5:7], 16))
