"""A counter whose tokens are sold by a second provider as well, after the first."""

from __future__ import annotations

from dataclasses import replace

from core.ports import BillerGateway
from core.services.counter import Counter

TOKEN = "pln-token"


def sold_by(counter: Counter, *providers: BillerGateway) -> Counter:
    """The counter with these providers, asked for tokens in this order."""
    catalogue = counter.catalogue
    sold = catalogue.products[TOKEN]
    codes = {provider.name: f"{provider.name}-20" for provider in providers}
    denominations = tuple(replace(one, codes={**codes, **one.codes}) for one in sold.denominations)
    products = {**catalogue.products, TOKEN: replace(sold, denominations=denominations)}
    return replace(
        counter,
        catalogue=replace(catalogue, products=products),
        gateways={provider.name: provider for provider in providers},
    )
