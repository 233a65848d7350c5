"""The price list: what is sold, and how a line of it looks to a buyer.

Wire format: developer.digiflazz.com/api/buyer/daftar-harga.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PREPAID, PASCA = "prepaid", "pasca"
PRICE_LIST = Path(__file__).with_name("price_list.toml")


@dataclass(frozen=True, slots=True)
class Product:
    """One SKU. `price`, `admin`, `commission` and `nominal` are whole rupiah; cut-off hours are those of Jakarta."""

    sku: str
    name: str
    kind: str
    family: str
    brand: str
    seller: str
    category: str = "Pascabayar"
    type: str = ""
    price: int = 0
    admin: int = 0
    commission: int = 0
    nominal: int = 0
    buyer_on: bool = True
    seller_on: bool = True
    start_cut_off: str = "00:00"
    end_cut_off: str = "00:00"
    desc: str = "-"

    @property
    def is_active(self) -> bool:
        return self.buyer_on and self.seller_on


@cache
def price_list() -> Mapping[str, Product]:
    """Every product by its SKU, in the order of the file."""
    with PRICE_LIST.open("rb") as file:
        groups = tomllib.load(file)
    return {
        item["sku"]: Product(**{**_shared(group), **item, "kind": kind})
        for kind in (PREPAID, PASCA)
        for group in groups[kind]
        for item in group["items"]
    }


def _shared(group: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in group.items() if key != "items"}


def price_line(product: Product) -> dict[str, object]:
    """One line of the reply to a price-list request."""
    return _prepaid_line(product) if product.kind == PREPAID else _pasca_line(product)


def _prepaid_line(product: Product) -> dict[str, object]:
    return {
        "product_name": product.name,
        "category": product.category,
        "brand": product.brand,
        "type": product.type,
        "seller_name": product.seller,
        "price": product.price,
        "buyer_sku_code": product.sku,
        "buyer_product_status": product.buyer_on,
        "seller_product_status": product.seller_on,
        "unlimited_stock": True,
        "stock": 0,
        "multi": True,
        "start_cut_off": product.start_cut_off,
        "end_cut_off": product.end_cut_off,
        "desc": product.desc,
    }


def _pasca_line(product: Product) -> dict[str, object]:
    return {
        "product_name": product.name,
        "category": product.category,
        "brand": product.brand,
        "seller_name": product.seller,
        "admin": product.admin,
        "commission": product.commission,
        "buyer_sku_code": product.sku,
        "buyer_product_status": product.buyer_on,
        "seller_product_status": product.seller_on,
        "desc": product.desc,
    }
