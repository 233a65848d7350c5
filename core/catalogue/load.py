"""Read a country's folder, check everything in it, and put it on the shelves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from core.catalogue.checks import Shelved, faults_between
from core.catalogue.counter_catalogue import CounterCatalogue
from core.catalogue.country import COUNTRY_FILE, Country, read_country
from core.catalogue.product_table import read_biller, read_product
from core.catalogue.sheet import CatalogueError, Sheet, all_of, shown
from core.catalogue.vocabulary import meant_twice, vocabulary
from core.domain.biller import Biller

EACH = "each"  # not a product: what every product of the file has unless it says otherwise

Tables = Sequence[tuple[str, Sheet]]  # category, and the table of one product


def load(country: str = "id", *, folder: Path | None = None) -> CounterCatalogue:
    """The catalogue of a country, from `folder` where that is given. Raises `CatalogueError`, one sentence a fault."""
    return _read(country, folder) if folder else _shipped(country)


@cache
def _shipped(country: str) -> CounterCatalogue:
    return _read(country, shipped_folder(country))


def shipped_folder(country: str) -> Traversable:
    place = files("core.catalogue") / country
    if not country.isalpha() or not (place / COUNTRY_FILE).is_file():
        raise CatalogueError(f"there is no catalogue of the country {shown(country)}")
    return place


def _read(name: str, folder: Traversable) -> CounterCatalogue:
    country = country_of(folder, name)
    shelved = _shelved(tables_of(country, folder), country)
    if faults := (*faults_between(shelved, country), *meant_twice(shelved, country)):
        raise CatalogueError(*faults)
    products = MappingProxyType({one.product.product_id: one.product for one in shelved})
    return country.selling(products, vocabulary(shelved, country))


# ---- files


def country_of(folder: Traversable, name: str) -> Country:
    return read_country(name, Sheet.of(folder / COUNTRY_FILE))


def tables_of(country: Country, folder: Traversable) -> Tables:
    """The table of every product, in the order of the menu."""
    _nothing_else(country, folder)
    found = all_of(partial(_tables, category.category_id, folder) for category in country.categories)
    return [table for tables in found for table in tables]


def _tables(category: str, folder: Traversable) -> Tables:
    file = folder / f"{category}.toml"
    if not file.is_file():
        raise CatalogueError(f"{file.name}: is missing, and {COUNTRY_FILE} has such a category")
    whole = Sheet.of(file)
    each = whole.sheet(EACH)
    found = [(category, whole.sheet(name).over(each)) for name in whole if name != EACH]
    if not found:
        raise CatalogueError(f"{file.name}: sells nothing")
    return found


def _nothing_else(country: Country, folder: Traversable) -> None:
    expected = {COUNTRY_FILE, *(f"{category.category_id}.toml" for category in country.categories)}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml") and file.name not in expected:
            raise CatalogueError(f"{file.name}: {COUNTRY_FILE} has no such category")


# ---- products


def _shelved(tables: Tables, country: Country) -> list[Shelved]:
    billers = _billers(tables)
    return all_of(partial(_shelve, category, sheet, billers, country) for category, sheet in tables)


def _shelve(category: str, sheet: Sheet, billers: Mapping[str, Biller], country: Country) -> Shelved:
    biller_id = sheet.names("biller") or sheet.sheet("biller").text("id")
    if biller_id not in billers:
        raise sheet.wrong("biller", f"no product describes a biller {shown(biller_id)}")
    biller = replace(billers[biller_id], category=category)
    return Shelved(read_product(sheet, biller=biller, country=country), sheet)


def _billers(tables: Tables) -> Mapping[str, Biller]:
    """A biller is described by one of its products; its others name it."""
    described = [(category, sheet.sheet("biller")) for category, sheet in tables if sheet.names("biller") is None]
    found: dict[str, Biller] = {}
    for biller, sheet in all_of(partial(_described, *one) for one in described):
        if biller.biller_id in found:
            raise sheet.wrong("id", f"{biller.biller_id} is described twice")
        found[biller.biller_id] = biller
    return found


def _described(category: str, sheet: Sheet) -> tuple[Biller, Sheet]:
    return read_biller(sheet, category), sheet
