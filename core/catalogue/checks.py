"""What no product can see alone: that nothing is promised twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.catalogue.country import Country
from core.catalogue.sheet import Sheet
from core.domain.biller import Product


@dataclass(frozen=True, slots=True)
class Shelved:
    """A product and the table it was read from."""

    product: Product
    sheet: Sheet


def faults_between(shelved: Sequence[Shelved], country: Country) -> Iterator[str]:
    """A sentence a fault."""
    yield from _taken_twice(shelved)
    yield from _retired(shelved, country)
    for category in country.categories:
        if category.by_number:
            yield from _numbers_shared([one for one in shelved if one.product.category == category.category_id])


def _taken_twice(shelved: Sequence[Shelved]) -> Iterator[str]:
    taken: dict[object, str] = {}
    for one in shelved:
        for key, name, claim in _claims(one.product):
            if claim in taken:
                yield one.sheet.fault(key, f"{name} is already taken by {taken[claim]}")
            taken.setdefault(claim, f"{one.product.product_id} in {one.sheet.file}")


def _claims(product: Product) -> Iterator[tuple[str, str, object]]:
    """What only one product may have: the key that says it, its name, and the thing itself."""
    yield "", "this name", product.product_id
    yield "route", f"route {product.route}", product.route
    for provider, code in product.codes.items():
        yield f"codes.{provider}", f"code {code}", (provider, code)
    for one in product.denominations:
        for provider, code in one.codes.items():
            yield f"denominations.{one.denomination_id}.codes.{provider}", f"code {code}", (provider, code)


def _retired(shelved: Sequence[Shelved], country: Country) -> Iterator[str]:
    for one in shelved:
        if one.product.route in country.retired_routes:
            yield one.sheet.fault("route", f"route {one.product.route} is retired: people still dial it")


def _numbers_shared(shelved: Sequence[Shelved]) -> Iterator[str]:
    """Where the number tells the product, it must tell exactly one."""
    for one in shelved:
        if not (one.product.reference.phone_region and one.product.reference.prefixes):
            yield one.sheet.fault("reference.prefixes", "is missing: in this category the number tells the product")
    for one, other in combinations(shelved, 2):
        for prefix in one.product.reference.prefixes:
            if other.product.reference.prefixes and _overlaps(prefix, other.product.reference.prefixes):
                theirs = f"{one.product.product_id} in {one.sheet.file}"
                yield other.sheet.fault("reference.prefixes", f"numbers with {prefix} already belong to {theirs}")


def _overlaps(prefix: str, prefixes: tuple[str, ...]) -> bool:
    return any(prefix.startswith(other) or other.startswith(prefix) for other in prefixes)
