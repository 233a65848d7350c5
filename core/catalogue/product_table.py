"""One table of a category's file: a product, who is paid for it, and what it sells at which price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from itertools import pairwise
from string import Formatter
from types import MappingProxyType

from core.catalogue.country import Country
from core.catalogue.sheet import Sheet, shown
from core.domain.biller import CHECKS, Biller, Denomination, Hours, Kind, Product, ReferenceRule
from core.domain.money import Money
from core.text import Text

KEYS = (
    "biller", "kind", "route", "name", "brief", "on_sale", "inquiry", "gives_token", "fee", "commission",
    "pause", "reference", "denominations", "codes",
)  # fmt: skip
BILLER_KEYS = ("id", "name", "brief", "icon", "spoken")
REFERENCE_KEYS = ("name", "lengths", "prefixes", "check", "example", "phone")
DENOMINATION_KEYS = ("name", "worth", "price", "days", "codes")

LOWEST_ROUTE = 10  # 1 to 9 are keys of the main menu
LONGEST_BRIEF = 20
LONGEST_NUMBER = 20

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DIALLED = re.compile(r"[1-9][0-9]{0,3}")


def read_product(product_id: str, sheet: Sheet, *, biller: Biller, country: Country) -> Product:
    if not _ID.fullmatch(product_id):
        raise sheet.wrong("", "must be named in small letters, digits and single dashes")
    sheet.only(KEYS)
    kind = _kind(sheet)
    return Product(
        product_id=product_id,
        biller=biller,
        kind=kind,
        route=sheet.whole("route", least=LOWEST_ROUTE),
        name=_name(sheet, "name", biller.name),
        brief=_brief(sheet, biller),
        on_sale=sheet.yes("on_sale", True),
        reference=_reference(sheet.sheet("reference"), country=country, biller=biller),
        fee=_money(sheet, "fee", country),
        commission=_money(sheet, "commission", country, default=0),
        denominations=_denominations(sheet, kind, country),
        codes=_codes(sheet) if kind is Kind.POSTPAID else _none_of(sheet, "codes"),
        inquiry=_prepaid_flag(sheet, "inquiry", kind),
        gives_token=_prepaid_flag(sheet, "gives_token", kind),
        hours=_hours(sheet.sheet("pause"), country) if "pause" in sheet else None,
    )


def read_biller(sheet: Sheet, category: str) -> Biller:
    sheet.only(BILLER_KEYS)
    biller_id = sheet.text("id")
    name, brief = sheet.text("name"), sheet.text("brief", "")
    if len(brief or name) > LONGEST_BRIEF:
        raise sheet.wrong("brief", f"must be a name of at most {LONGEST_BRIEF} letters, for small screens")
    return Biller(
        biller_id=biller_id,
        name=name,
        category=category,
        icon=sheet.text("icon"),
        spoken=sheet.text("spoken"),
        brief=brief,
    )


# ---- names


def _name(sheet: Sheet, key: str, biller: str) -> Text:
    message = sheet.text(key)
    try:
        places = {place for _, place, _, _ in Formatter().parse(message) if place is not None}
    except ValueError:
        places = {"{"}
    if not places <= {"biller"}:
        raise sheet.wrong(key, f"may name {{biller}} and nothing else, is {shown(message)}")
    return Text(message, {"biller": biller} if places else {})


def _brief(sheet: Sheet, biller: Biller) -> Text | None:
    if "brief" in sheet:
        return _name(sheet, "brief", biller.short)
    return _name(sheet, "name", biller.short) if biller.brief else None


# ---- the customer's number


def _reference(sheet: Sheet, *, country: Country, biller: Biller) -> ReferenceRule:
    sheet.only(REFERENCE_KEYS)
    rule = ReferenceRule(
        name=Text(sheet.text("name")),
        lengths=_lengths(sheet),
        example=sheet.text("example"),
        prefixes=_prefixes(sheet),
        check=_check(sheet),
        phone_region=country.phone_region if sheet.yes("phone", False) else "",
    )
    if not rule.takes(rule.example):
        raise sheet.wrong("example", f"breaks the rule it stands for, is {rule.example}")
    return rule


def _lengths(sheet: Sheet) -> tuple[int, ...]:
    lengths = sheet.wholes("lengths")
    if not lengths or list(lengths) != sorted(set(lengths)) or lengths[-1] > LONGEST_NUMBER:
        raise sheet.wrong("lengths", f"must rise and end at {LONGEST_NUMBER} at most, is {shown(list(lengths))}")
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
        raise sheet.wrong("check", f"must be one of {', '.join(filter(None, CHECKS))}, is {check}")
    return check


# ---- what is sold


def _kind(sheet: Sheet) -> Kind:
    word = sheet.text("kind")
    if word not in set(Kind):
        raise sheet.wrong("kind", f"must be {' or '.join(Kind)}, is {shown(word)}")
    return Kind(word)


def _denominations(sheet: Sheet, kind: Kind, country: Country) -> tuple[Denomination, ...]:
    if kind is Kind.POSTPAID:
        _none_of(sheet, "denominations")
        return ()
    shelf = sheet.sheet("denominations")
    found = tuple(_denomination(name, shelf, country) for name in shelf)
    if not found:
        raise sheet.wrong("denominations", "is missing")
    for lower, higher in pairwise(found):
        if lower.price >= higher.price:
            raise shelf.wrong(higher.denomination_id, f"must cost more than {lower.denomination_id} before it")
    return found


def _denomination(name: str, shelf: Sheet, country: Country) -> Denomination:
    if not _DIALLED.fullmatch(name):
        raise shelf.wrong(name, "must be a number that people can dial, 1 to 9999")
    sheet = shelf.sheet(name)
    sheet.only(DENOMINATION_KEYS)
    return Denomination(
        denomination_id=name,
        price=_money(sheet, "price", country, least=1),
        codes=_codes(sheet),
        name=sheet.text("name", ""),
        worth=_money(sheet, "worth", country, least=1) if "worth" in sheet else None,
        days=sheet.whole("days", 0),
    )


def _codes(sheet: Sheet) -> Mapping[str, str]:
    codes = sheet.sheet("codes")
    if not list(codes):
        raise sheet.wrong("codes", "is missing: which provider sells it under which code?")
    return MappingProxyType({provider: codes.text(provider) for provider in codes})


def _money(sheet: Sheet, key: str, country: Country, *, least: int = 0, default: int | None = None) -> Money:
    return Money.of(sheet.whole(key, default, least=least, of=f"amount of {country.currency}"), country.currency)


def _prepaid_flag(sheet: Sheet, key: str, kind: Kind) -> bool:
    if kind is Kind.POSTPAID and key in sheet:
        raise sheet.wrong(key, "is only said of a prepaid product")
    return sheet.yes(key, False)


def _none_of(sheet: Sheet, key: str) -> Mapping[str, str]:
    if key in sheet:
        raise sheet.wrong(key, f"does not go with a {sheet.text('kind')} product")
    return MappingProxyType({})


# ---- when it is sold


def _hours(sheet: Sheet, country: Country) -> Hours:
    sheet.only(("from", "until"))
    pause = Hours(_hour(sheet, "from"), _hour(sheet, "until"), country.time_zone)
    if pause.pause_from == pause.pause_until:
        raise sheet.wrong("until", "must not be the hour it began")
    return pause


def _hour(sheet: Sheet, key: str) -> time:
    words = sheet.text(key)
    if not _HOUR.fullmatch(words):
        raise sheet.wrong(key, f"must be HH:MM, is {shown(words)}")
    return time.fromisoformat(words)
