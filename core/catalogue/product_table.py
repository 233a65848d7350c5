"""One table of a category's file: a product, and who is paid for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from core.catalogue.country import Country
from core.catalogue.price_table import read_codes, read_denominations, read_money
from core.catalogue.reference_table import read_pause, read_reference
from core.catalogue.sheet import Sheet, shown
from core.catalogue.wording import message
from core.domain.biller import Biller, Denomination, Kind, Product
from core.text import Text

KEYS = (
    "biller", "kind", "route", "name", "brief", "on_sale", "inquiry", "gives_token", "fee", "commission",
    "pause", "reference", "denominations", "codes", "known_as",
)  # fmt: skip
BILLER_KEYS = ("id", "name", "brief", "icon", "spoken", "known_as")

LOWEST_ROUTE, HIGHEST_ROUTE = 10, 9999  # 1 to 9 are keys of the main menu, and five digits are too many to dial
LONGEST_BRIEF = 20
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def read_biller(sheet: Sheet, category: str) -> Biller:
    sheet.only(BILLER_KEYS)
    biller = Biller(
        biller_id=sheet.text("id"),
        name=sheet.text("name"),
        category=category,
        icon=sheet.text("icon"),
        spoken=sheet.text("spoken"),
        brief=sheet.text("brief", ""),
    )
    if len(biller.short) > LONGEST_BRIEF:
        raise sheet.wrong("brief", f"must be a name of at most {LONGEST_BRIEF} letters, for small screens")
    return biller


def read_product(sheet: Sheet, *, biller: Biller, country: Country) -> Product:
    sheet.only(KEYS)
    if not _ID.fullmatch(sheet.at):
        raise sheet.wrong("", "must be named in small letters, digits and single dashes")
    kind = _kind(sheet)
    return Product(
        product_id=sheet.at,
        biller=biller,
        kind=kind,
        route=sheet.whole("route", least=LOWEST_ROUTE, most=HIGHEST_ROUTE),
        name=message(sheet, "name", biller=biller.name),
        brief=_brief(sheet, biller),
        on_sale=sheet.yes("on_sale", True),
        reference=read_reference(sheet.sheet("reference"), country),
        fee=read_money(sheet, "fee", country),
        commission=read_money(sheet, "commission", country, default=0),
        denominations=_denominations(sheet, kind, country),
        codes=_codes(sheet, kind, country),
        inquiry=_of_prepaid(sheet, "inquiry", kind),
        gives_token=_of_prepaid(sheet, "gives_token", kind),
        hours=read_pause(sheet.sheet("pause"), country) if "pause" in sheet else None,
    )


def _kind(sheet: Sheet) -> Kind:
    word = sheet.text("kind")
    if word not in set(Kind):
        raise sheet.wrong("kind", f"must be {' or '.join(Kind)}, is {shown(word)}")
    return Kind(word)


def _brief(sheet: Sheet, biller: Biller) -> Text | None:
    """Its own brief name, else its name with the biller's brief one; None where neither is any shorter."""
    if "brief" in sheet:
        return message(sheet, "brief", biller=biller.short)
    return message(sheet, "name", biller=biller.brief) if biller.brief else None


# ---- a prepaid product is chosen from a list of prices, a bill is not


def _denominations(sheet: Sheet, kind: Kind, country: Country) -> tuple[Denomination, ...]:
    if kind is Kind.PREPAID:
        return read_denominations(sheet.sheet("denominations"), country)
    _refuse(sheet, "denominations", kind)
    return ()


def _codes(sheet: Sheet, kind: Kind, country: Country) -> Mapping[str, str]:
    if kind is Kind.POSTPAID:
        return read_codes(sheet, country)
    _refuse(sheet, "codes", kind)
    return MappingProxyType({})


def _of_prepaid(sheet: Sheet, key: str, kind: Kind) -> bool:
    if kind is Kind.POSTPAID:
        _refuse(sheet, key, kind)
    return sheet.yes(key, False)


def _refuse(sheet: Sheet, key: str, kind: Kind) -> None:
    if key in sheet:
        raise sheet.wrong(key, f"does not go with a {kind} product")
