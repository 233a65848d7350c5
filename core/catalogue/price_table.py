"""Prices, fees and provider codes of a product, in whole units of the country's money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from core.catalogue.country import Country
from core.catalogue.sheet import Sheet
from core.domain.biller import Denomination
from core.domain.money import Money

KEYS = ("name", "worth", "price", "days", "codes")
_DIALLED = re.compile(r"[1-9][0-9]{0,3}")


def read_denominations(shelf: Sheet, country: Country) -> tuple[Denomination, ...]:
    """What can be bought, the cheapest first."""
    found = tuple(_denomination(name, shelf, country) for name in shelf)
    if not found:
        raise shelf.wrong("", "is missing")
    for lower, higher in pairwise(found):
        if lower.price >= higher.price:
            raise shelf.wrong(higher.denomination_id, f"must cost more than {lower.denomination_id} before it")
    return found


def read_codes(sheet: Sheet, country: Country) -> Mapping[str, str]:
    """Provider -> its code, in order of preference."""
    codes = sheet.sheet("codes")
    if not list(codes):
        raise sheet.wrong("codes", "is missing: which provider sells it, under which code?")
    codes.only(country.providers)
    return MappingProxyType({provider: codes.text(provider) for provider in codes})


def read_money(sheet: Sheet, key: str, country: Country, *, least: int = 0, default: int | None = None) -> Money:
    return Money.of(sheet.whole(key, default, least=least, of=f"amount of {country.currency}"), country.currency)


def _denomination(name: str, shelf: Sheet, country: Country) -> Denomination:
    if not _DIALLED.fullmatch(name):
        raise shelf.wrong(name, "must be a number that people can dial, 1 to 9999")
    sheet = shelf.sheet(name)
    sheet.only(KEYS)
    return Denomination(
        denomination_id=name,
        price=read_money(sheet, "price", country, least=1),
        codes=read_codes(sheet, country),
        name=sheet.text("name", ""),
        worth=read_money(sheet, "worth", country, least=1) if "worth" in sheet else None,
        days=sheet.whole("days", 0),
    )
