"""What of a catalogue is to be translated: generic words only; names of billers are the same in every language."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from core.catalogue.country import COUNTRY_FILE
from core.catalogue.load import country_of, tables_of
from core.catalogue.sheet import Sheet
from core.catalogue.wording import says_something

PRODUCT_TEXTS = ("name", "brief", "reference.name")


def messages(folder: Traversable) -> Iterator[tuple[str, str, str]]:
    """File, dotted key and English words, each message once a file. Raises `CatalogueError`."""
    seen: set[tuple[str, str]] = set()
    for file, key, words in _all_texts(folder):
        if says_something(words) and (file, words) not in seen:
            seen.add((file, words))
            yield file, key, words


def _all_texts(folder: Traversable) -> Iterator[tuple[str, str, str]]:
    country = country_of(folder, folder.name)
    for category in country.categories:
        yield COUNTRY_FILE, f"categories.{category.category_id}.name", category.name.message
    for _, sheet in tables_of(country, folder):
        for key in PRODUCT_TEXTS:
            yield from _text(sheet, key)


def _text(sheet: Sheet, key: str) -> Iterator[tuple[str, str, str]]:
    *tables, last = key.split(".")
    for table in tables:
        sheet = sheet.sheet(table)
    if last in sheet:
        yield sheet.file, f"{sheet.at}.{last}", sheet.text(last)
