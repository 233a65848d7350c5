"""A receipt as a picture: what was paid, how much, the token to type, and the number to ask with."""

from __future__ import annotations

from adapters.pictures import blocks
from adapters.pictures.colours import CARD, QUIET
from adapters.pictures.lettering import Lettering
from adapters.pictures.plates import draw_plates
from adapters.pictures.qr import qr_picture
from adapters.pictures.sheet import INNER, MARGIN, WIDTH, Sheet
from core.domain.slip import Slip

TALLEST = 5200  # all blocks at their largest
CODE = 264  # pixels wished for the QR code: seven a module for a link of the usual length
WIDEST_NEIGHBOUR = 300
EDGE = 6  # of the paper under the QR code
LONGEST_TOKEN = 80  # signs: a longer one is left to the message, for half a token is worse than none


def draw_receipt(slip: Slip) -> bytes:
    sheet = Sheet(TALLEST)
    y = blocks.masthead(sheet, slip.heading, slip.icon, slip.product) + 14
    y = blocks.title(sheet, y, slip.product, Lettering(42, 2))
    y = blocks.title(sheet, y, slip.biller, Lettering(34, 1.2, QUIET))
    y = blocks.title(sheet, y + 2, slip.total, Lettering(96, 3.4), lines=1) + 16
    if 0 < len(slip.token) <= LONGEST_TOKEN:
        y = draw_plates(sheet, y, slip.token_label, slip.token) + 16
    y = blocks.rows(sheet, y, slip.lines)
    y = _foot(sheet, y + 16, slip)
    return sheet.png(min(y + MARGIN, TALLEST))


def _foot(sheet: Sheet, y: int, slip: Slip) -> int:
    """The receipt's number beside its QR code, or above one that is too wide for a neighbour."""
    code = qr_picture(slip.code, CODE, INNER - 2 * EDGE) if slip.code else None
    if code is None:
        return blocks.stub(sheet, y, slip, MARGIN, WIDTH - MARGIN) if slip.number else y
    beside = code.width <= WIDEST_NEIGHBOUR or not slip.number
    if not beside:
        y = blocks.stub(sheet, y, slip, MARGIN, WIDTH - MARGIN) + 12
    left = WIDTH - MARGIN - EDGE - code.width if beside and slip.number else (WIDTH - code.width) // 2
    top = y + EDGE
    sheet.panel((left - EDGE, y, left + code.width + EDGE, top + code.height + EDGE), 18, CARD)
    sheet.paste(code, left, top)
    if beside and slip.number:
        blocks.stub(sheet, top + code.height // 2 - 68, slip, MARGIN, left - EDGE - 20)
    return top + code.height + EDGE
