"""The catalogue as flows and services ask it: categories in the order of the menu, products in that of their file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.biller import Product
from core.text import Text

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the counter. With `by_number` the customer's number alone tells the product: its operator's.

    `known_as` are words people use for it, in any language.
    """

    category_id: str
    name: Text
    icon: str
    by_number: bool = False
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterCatalogue:
    """Everything one country's counter sells. `products` also holds what is off sale; the queries leave it out.

    `words` are names and what people say instead, as a phrase in plain words, and the ids of the products meant by it.
    """

    country: str
    currency: str
    time_zone: str
    phone_region: str
    categories: tuple[Category, ...]
    products: Mapping[str, Product]
    words: Mapping[tuple[str, ...], frozenset[str]]
    on_sale: tuple[Product, ...] = field(init=False, repr=False)
    shelves: Mapping[str, tuple[Product, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sorted once: each menu asks for a shelf."""
        on_sale = tuple(product for product in self.products.values() if product.on_sale)
        shelves = {
            one.category_id: tuple(product for product in on_sale if product.category == one.category_id)
            for one in self.categories
        }
        object.__setattr__(self, "on_sale", on_sale)
        object.__setattr__(self, "shelves", shelves)

    def product(self, product_id: str) -> Product:
        """On sale or not. Raises `KeyError` for one that never was."""
        return self.products[product_id]

    def category(self, category_id: str) -> Category:
        """Raises `KeyError` for an unknown one."""
        for category in self.categories:
            if category.category_id == category_id:
                return category
        raise KeyError(category_id)

    def in_category(self, category_id: str) -> tuple[Product, ...]:
        return self.shelves.get(category_id, ())

    def by_route(self, route: int) -> Product | None:
        return next((product for product in self.on_sale if product.route == route), None)

    def by_number(self, category_id: str, number: str) -> Product | None:
        """What the operator that gave out this phone number sells, the number in E.164 or as people type it."""
        return next((product for product in self.in_category(category_id) if product.reference.takes(number)), None)

    def find(self, words: str) -> tuple[Product, ...]:
        """Products that each of these words begins a name of; none for no words."""
        wanted = _WORD.findall(words.casefold())
        return tuple(product for product in self.on_sale if wanted and self._is_called(product, wanted))

    def _is_called(self, product: Product, wanted: list[str]) -> bool:
        category = self.category(product.category)
        name = product.name.message.format(**product.name.values)
        names = (name, product.biller.name, product.biller.brief, product.product_id, category.name.message)
        known = _WORD.findall(" ".join((*names, *category.known_as)).casefold())
        return all(any(name.startswith(word) for name in known) for word in wanted)
