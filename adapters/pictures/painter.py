"""The painter of what a chat shows as a picture. The same words give the same bytes, and no words are refused."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.pictures.choices import draw_choices
from adapters.pictures.receipt import draw_receipt
from adapters.pictures.transfer import draw_transfer
from core.domain.picture import Picture
from core.domain.slip import Slip


class Painter:
    """Answers PNGs of 640 pixels across, to be read on a screen of 240; in tens of milliseconds, so in a thread.

    `currency` says whose notes are drawn for a picture named "banknote/50000".
    """

    def __init__(self, currency: str = "IDR") -> None:
        self._currency = currency

    def receipt(self, slip: Slip) -> bytes:
        return draw_receipt(slip)

    def choices(self, pictures: Sequence[Picture]) -> bytes:
        """Made for five at most; more make the picture taller."""
        return draw_choices(pictures, self._currency)

    def transfer(self, heading: str, bank: str, amount: str, lines: tuple[tuple[str, str], ...]) -> bytes:
        """`bank` is the bank and the account together, as people write them: "BCA 8720123456"."""
        return draw_transfer(heading, bank, amount, lines)
