"""The people behind the numbers. Nobody lives here: stock names from school books, addresses that say *example*."""

from __future__ import annotations

from adapters.sandbox.chance import digits, draw, one_of

NAMES = (
    "SITI AMINAH",
    "BUDI SANTOSO",
    "ANI WIJAYA",
    "TONO SUSANTO",
    "WATI PERMATA",
    "JOKO PURNAMA",
    "SRI RAHAYU",
    "AGUS SALIMAN",
    "RINA KARTIKA",
    "DEDI KURNIADI",
    "YANTI MULYANI",
    "HADI PRASETYA",
    "NUR HALIMAH",
    "EKO SAPUTRA",
    "MAYA PUSPITA",
    "RUDI HARTANA",
)
SEGMENTS = (("R1", 450), ("R1M", 900), ("R1", 1300), ("R1", 2200), ("R2", 3500))


def name_of(number: str) -> str:
    """The holder of a number, the same for ever; numbers next to each other have different holders."""
    return NAMES[(int(number) - 12345678901) % len(NAMES)]


def address_of(number: str) -> str:
    return f"JL CONTOH NO {1 + draw('address', number) % 99}"


def segment_of(number: str) -> tuple[str, int]:
    """Tariff and power in VA of an electricity customer."""
    return one_of(SEGMENTS, "segment", number)


def meter_and_subscriber(number: str) -> tuple[str, str]:
    """A meter has 11 digits, a subscriber id 12; whichever is given, the other belongs to it."""
    other = digits(9, "electricity", number)
    return (number, f"532{other}") if len(number) == METER_DIGITS else (f"56{other}", number)


METER_DIGITS = 11
