"""The ticket for a bank transfer: the account to pay into, and the exact amount, by which we know whose it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from adapters.pictures import blocks
from adapters.pictures.colours import ACCENT, ACCENT_INK, ACCENT_SOFT, QUIET
from adapters.pictures.lettering import Lettering, Line, fitted, set_line
from adapters.pictures.sheet import INNER, MARGIN, WIDTH, Sheet

TALLEST = 4000
AMOUNT = Lettering(104, 3.4)
PAD = 20  # around the amount, and around the digits that tell it from others


def draw_transfer(heading: str, bank: str, amount: str, lines: Sequence[tuple[str, str]]) -> bytes:
    sheet = Sheet(TALLEST)
    y = blocks.masthead(sheet, heading, "", "") + 14
    name, account = _account(bank)
    y = blocks.title(sheet, y, name, Lettering(36, 1.6, QUIET))
    y = blocks.title(sheet, y, account, Lettering(72, 3), lines=1) + 16 if account else y + 8
    y = _amount(sheet, y, amount) + 18
    y = blocks.rows(sheet, y, lines)
    return sheet.png(min(y + MARGIN, TALLEST))


def _account(bank: str) -> tuple[str, str]:
    """The bank's name, and the account's number in groups of four."""
    found = re.search(r"\d[\d .-]{3,}\d", bank, re.ASCII)
    if found is None:
        return bank, ""
    digits = re.sub(r"\D", "", found[0])
    name = f"{bank[: found.start()]} {bank[found.end() :]}".strip()
    return name, " ".join(re.findall(r"\d{1,4}", digits))


def _amount(sheet: Sheet, y: int, amount: str) -> int:
    before, last, after = _last_three(amount)
    look = fitted(amount, AMOUNT, INNER - 5 * PAD, smallest=40).lettering
    size = look.size
    parts = [set_line(before, look), set_line(last, replace(look, colour=ACCENT_INK)), set_line(after, look)]
    bottom = y + size + 2 * PAD + 20
    sheet.panel((MARGIN, y, WIDTH - MARGIN, bottom), 24, ACCENT_SOFT)
    baseline = (y + bottom) // 2 + size * 36 // 100
    _beside(sheet, parts, baseline)
    return bottom


def _beside(sheet: Sheet, parts: Sequence[Line], baseline: int) -> None:
    before, last, after = parts
    room = PAD if last.text else 0
    x = (WIDTH - before.width - last.width - after.width - 2 * room) // 2
    sheet.write(x, baseline, before)
    x += before.width + room
    if last.text:
        high = last.size * 72 // 100
        box = (x - room + 4, baseline - high - 16, x + last.width + room - 4, baseline + 16)
        sheet.panel(box, 16, ACCENT)
        sheet.write(x, baseline, last)
    sheet.write(x + last.width + room, baseline, after)


def _last_three(amount: str) -> tuple[str, str, str]:
    """The amount parted before and after its last three whole digits; they make the sum unlike every other."""
    cents = re.search(r"[.,]\d\d\D*$", amount)
    whole = amount[: cents.start()] if cents else amount
    places = [place for place, char in enumerate(whole) if char.isdigit()][-3:]
    if len(places) < 3:
        return amount, "", ""
    return amount[: places[0]], amount[places[0] : places[-1] + 1], amount[places[-1] + 1 :]
