"""country.toml: the country's money, time and phone numbers, and its shelves in the order of the menu."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import SUPPORTED_REGIONS

from core.catalogue.counter_catalogue import Category, CounterCatalogue
from core.catalogue.plain_words import read_known_as
from core.catalogue.sheet import Sheet
from core.catalogue.wording import message
from core.domain.biller import Product
from core.domain.money import EXPONENT

COUNTRY_FILE = "country.toml"
KEYS = ("currency", "time_zone", "phone_region", "providers", "retired_routes", "categories")
CATEGORY_KEYS = ("name", "icon", "by_number", "known_as")
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Country:
    """What all products of a country share. `retired_routes` once belonged to a product and go to no other.

    `providers` are those that codes may name: a slip there would be a product that is never sold.
    """

    country: str
    currency: str
    time_zone: str
    phone_region: str
    providers: tuple[str, ...]
    retired_routes: tuple[int, ...]
    categories: tuple[Category, ...]

    def selling(
        self, products: Mapping[str, Product], words: Mapping[tuple[str, ...], frozenset[str]]
    ) -> CounterCatalogue:
        return CounterCatalogue(
            country=self.country,
            currency=self.currency,
            time_zone=self.time_zone,
            phone_region=self.phone_region,
            categories=self.categories,
            products=products,
            words=words,
        )


def read_country(country: str, sheet: Sheet) -> Country:
    sheet.only(KEYS)
    return Country(
        country=country,
        currency=_currency(sheet),
        time_zone=_time_zone(sheet),
        phone_region=_phone_region(sheet),
        providers=_providers(sheet),
        retired_routes=sheet.wholes("retired_routes"),
        categories=_categories(sheet),
    )


def _currency(sheet: Sheet) -> str:
    currency = sheet.text("currency")
    if currency not in EXPONENT:
        raise sheet.wrong("currency", f"must be one of {', '.join(EXPONENT)}, is {currency}")
    return currency


def _time_zone(sheet: Sheet) -> str:
    name = sheet.text("time_zone")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise sheet.wrong("time_zone", f"no time zone {name} is known on this machine") from None


def _phone_region(sheet: Sheet) -> str:
    region = sheet.text("phone_region")
    if region not in SUPPORTED_REGIONS:
        raise sheet.wrong("phone_region", f"must be two capitals such as ID, is {region}")
    return region


def _providers(sheet: Sheet) -> tuple[str, ...]:
    if not (providers := sheet.texts("providers")):
        raise sheet.wrong("providers", "is missing")
    return providers


def _categories(sheet: Sheet) -> tuple[Category, ...]:
    shelves = sheet.sheet("categories")
    if not list(shelves):
        raise sheet.wrong("categories", "is missing")
    return tuple(_category(name, shelves) for name in shelves)


def _category(category_id: str, shelves: Sheet) -> Category:
    if not _ID.fullmatch(category_id):
        raise shelves.wrong(category_id, "must be a name of small letters, digits and _")
    sheet = shelves.sheet(category_id)
    sheet.only(CATEGORY_KEYS)
    return Category(
        category_id=category_id,
        name=message(sheet, "name"),
        icon=sheet.text("icon"),
        by_number=sheet.yes("by_number", False),
        known_as=read_known_as(sheet),
    )
