"""A QR code that a cheap camera reads: a fifth of it may be dirty, and no module is smaller than six pixels."""

from __future__ import annotations

import segno
from PIL import Image

from adapters.pictures.colours import CARD, INK

QUIET_ZONE = 4  # modules of white around it, as ISO/IEC 18004 wants
SMALLEST_MODULE = 6


def qr_picture(code: str, wished: int, most: int) -> Image.Image | None:
    """About `wished` pixels wide, wider where the code is long; None where it would be wider than `most`."""
    try:
        # Without `boost_error` a short code stays small; a micro code is not known to every reader.
        matrix = segno.make(code, error="m", micro=False, boost_error=False).matrix
    except (segno.DataOverflowError, ValueError):
        return None
    across = len(matrix) + 2 * QUIET_ZONE
    module = max(SMALLEST_MODULE, wished // across)
    if module * across > most:
        return None
    picture = Image.new("RGB", (across, across), CARD)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), _INK)
    return picture.resize((module * across, module * across), Image.Resampling.NEAREST)


_INK = (int(INK[1:3], 16), int(INK[3:5], 16), int(INK[5:7], 16))
