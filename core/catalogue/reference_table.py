"""`reference` and `pause` of a product: what the customer's number looks like, and when the biller sleeps."""

from __future__ import annotations

import re
from datetime import time

from core.catalogue.country import Country
from core.catalogue.sheet import Sheet, shown
from core.catalogue.wording import message
from core.domain.biller import CHECKS, Hours, ReferenceRule

REFERENCE_KEYS = ("name", "lengths", "prefixes", "check", "phone", "example")
PAUSE_KEYS = ("from", "until")

LONGEST = 20
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def read_reference(sheet: Sheet, country: Country) -> ReferenceRule:
    sheet.only(REFERENCE_KEYS)
    rule = ReferenceRule(
        name=message(sheet, "name"),
        lengths=_lengths(sheet),
        example=sheet.text("example"),
        prefixes=_prefixes(sheet),
        check=_check(sheet),
        phone_region=country.phone_region if sheet.yes("phone", False) else "",
    )
    if not rule.takes(rule.example):
        raise sheet.wrong("example", f"does not pass its own rule, is {shown(rule.example)}")
    return rule


def read_pause(sheet: Sheet, country: Country) -> Hours:
    sheet.only(PAUSE_KEYS)
    pause = Hours(_hour(sheet, "from"), _hour(sheet, "until"), country.time_zone)
    if pause.pause_from == pause.pause_until:
        raise sheet.wrong("until", "must not be the hour it begins")
    return pause


def _lengths(sheet: Sheet) -> tuple[int, ...]:
    lengths = sheet.wholes("lengths")
    if not lengths:
        raise sheet.wrong("lengths", "is missing")
    if list(lengths) != sorted(set(lengths)) or lengths[-1] > LONGEST:
        raise sheet.wrong("lengths", f"must rise to {LONGEST} digits at most, is {shown(list(lengths))}")
    return lengths


def _prefixes(sheet: Sheet) -> tuple[str, ...]:
    prefixes = sheet.texts("prefixes")
    for prefix in prefixes:
        if not (prefix.isascii() and prefix.isdigit()):
            raise sheet.wrong("prefixes", f"must be digits, has {shown(prefix)}")
    return prefixes


def _check(sheet: Sheet) -> str:
    check = sheet.text("check", "")
    if check not in CHECKS:
        known = " or ".join(name for name in CHECKS if name)
        raise sheet.wrong("check", f"must be {known}, is {shown(check)}")
    return check


def _hour(sheet: Sheet, key: str) -> time:
    words = sheet.text(key)
    if not _HOUR.fullmatch(words):
        raise sheet.wrong(key, f"must be HH:MM, is {shown(words)}")
    return time.fromisoformat(words)
