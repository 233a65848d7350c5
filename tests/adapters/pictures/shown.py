"""A receipt and what a viewer would see of a PNG."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from core.domain.slip import Slip

TOKEN = Slip(
    heading="Lunas",
    product="Token listrik",
    biller="PLN",
    total="Rp52.500",
    lines=(("Nomor meter", "1450 2218 873"), ("Nama", "SITI NURHALIZA"), ("Biaya", "Rp2.500")),
    token="1234 5678 9012 3456 7890",
    token_label="Ketik di meteran",
    number="000 034",
    number_label="Nomor bukti",
    icon="category/electricity",
    code="https://loket.example/r/000034",
)


def seen(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.load()
    return image


def fits_a_chat(png: bytes) -> bool:
    """Telegram's limits for a photo, and ours for what a poor connection carries in a moment."""
    image = seen(png)
    longer, shorter = max(image.size), min(image.size)
    return image.format == "PNG" and sum(image.size) <= 10_000 and longer <= 20 * shorter and len(png) < 40_000
