"""What people call the things a counter sells, and the products that are meant by it.

Names are words by themselves; `known_as` adds those of the street, in any language. A word of a category means all that
stands there, a word of a biller all that is paid to it: said together they mean what is in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from core.catalogue.checks import Shelved
from core.catalogue.counter_catalogue import Category
from core.catalogue.country import COUNTRY_FILE, Country
from core.catalogue.plain_words import plain_words, read_known_as
from core.catalogue.sheet import Sheet
from core.domain.biller import Product

Phrase: TypeAlias = tuple[str, ...]
Meaning: TypeAlias = frozenset[str]  # ids of products


@dataclass(frozen=True, slots=True)
class Word:
    """A line of some `known_as`: what is said there, what it means, and where it stands."""

    said: str
    means: Meaning
    sheet: Sheet

    @property
    def phrase(self) -> Phrase:
        return tuple(self.said.split())


def vocabulary(shelved: Sequence[Shelved], country: Country) -> Mapping[Phrase, Meaning]:
    """Every word and phrase that is understood."""
    known = _names(shelved, country)
    known.update({word.phrase: word.means for word in _words(shelved, country)})
    return MappingProxyType(known)


def meant_twice(shelved: Sequence[Shelved], country: Country) -> Iterator[str]:
    """A sentence for each word that stands for two things: it would be a guess which one is meant."""
    known = _names(shelved, country)
    for word in _words(shelved, country):
        if known.setdefault(word.phrase, word.means) != word.means:
            others = ", ".join(sorted(known[word.phrase]))
            yield word.sheet.fault("known_as", f'"{word.said}" already means {others}')


# ---- names


def _names(shelved: Sequence[Shelved], country: Country) -> dict[Phrase, Meaning]:
    """Names that are alike mean all that is called so."""
    names: dict[Phrase, Meaning] = {}
    for category in country.categories:
        _add(names, category.name.message, _of_category(category, shelved))
    for one in (shelf.product for shelf in shelved):
        for name in (one.biller.name, one.biller.brief, one.biller.biller_id):
            _add(names, name, _of_biller(one, shelved))
        for name in (one.product_id, one.name.message.format(**one.name.values)):
            _add(names, name, frozenset({one.product_id}))
    return names


def _add(names: dict[Phrase, Meaning], name: str, means: Meaning) -> None:
    """A name with a number in it is no word: numbers of a sentence are read apart."""
    if (phrase := plain_words(name)) and not any(sign.isdigit() for sign in name):
        names[phrase] = names.get(phrase, frozenset()) | means


# ---- words of the street


def _words(shelved: Sequence[Shelved], country: Country) -> Iterator[Word]:
    for category in country.categories:
        place = Sheet({}, file=COUNTRY_FILE, at=f"categories.{category.category_id}")
        yield from (Word(said, _of_category(category, shelved), place) for said in category.known_as)
    for one in shelved:
        product = one.product
        yield from (Word(said, frozenset({product.product_id}), one.sheet) for said in read_known_as(one.sheet))
        if one.sheet.names("biller") is None:
            described = one.sheet.sheet("biller")
            yield from (Word(said, _of_biller(product, shelved), described) for said in read_known_as(described))


def _of_category(category: Category, shelved: Sequence[Shelved]) -> Meaning:
    return frozenset(one.product.product_id for one in shelved if one.product.category == category.category_id)


def _of_biller(product: Product, shelved: Sequence[Shelved]) -> Meaning:
    paid = product.biller.biller_id
    return frozenset(one.product.product_id for one in shelved if one.product.biller.biller_id == paid)
