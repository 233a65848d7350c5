"""What a customer gets: electricity tokens, serial numbers, references of paid bills.

They are drawn from the sandbox's seed and the transaction, so the same sale always carries the same proof.
Format of a token's `sn`: token/name/segment/power/kWh, as providers in the field send it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.sandbox.chance import digits
from adapters.sandbox.people import name_of, segment_of
from adapters.sandbox.products import Product

# Rupiah for 100 kWh, street lighting tax included, by tariff and power.
TARIFF = {
    ("R1", 450): 45_650,
    ("R1M", 900): 148_700,
    ("R1", 1300): 158_900,
    ("R1", 2200): 158_900,
    ("R2", 3500): 186_900,
}


def serial_number(product: Product, customer_no: str, key: str) -> str:
    """The proof of one sale; `key` names the seed and the transaction."""
    return SHAPES.get(product.family, _reference)(product, customer_no, key)


def _token(product: Product, customer_no: str, key: str) -> str:
    tariff, power = segment_of(customer_no)
    return f"{token(key)}/{name_of(customer_no)}/{tariff}/{power:09d}/{energy(product.nominal, tariff, power)}"


def token(key: str) -> str:
    """Twenty digits in groups of four."""
    drawn = digits(10, "token", 1, key) + digits(10, "token", 2, key)
    return "-".join(drawn[start : start + 4] for start in range(0, 20, 4))


def energy(nominal: int, tariff: str, power: int) -> str:
    """How many kWh an amount buys, to one decimal, rounded down."""
    tenths = nominal * 1000 // TARIFF[tariff, power]
    return f"{tenths // 10}.{tenths % 10}"


def _airtime(_product: Product, _customer_no: str, key: str) -> str:
    return digits(16, "airtime", key)


def _e_money(_product: Product, customer_no: str, key: str) -> str:
    return f"{name_of(customer_no)}/{digits(18, 'e-money', key)}"


def _voucher(_product: Product, _customer_no: str, key: str) -> str:
    return f"VC{digits(12, 'voucher', key)}"


def _reference(_product: Product, _customer_no: str, key: str) -> str:
    return f"S{digits(12, 'reference', key)}N"


SHAPES: Mapping[str, Callable[[Product, str, str], str]] = {
    "pln-token": _token,
    "airtime": _airtime,
    "data": _airtime,
    "e-money": _e_money,
    "tv-voucher": _voucher,
}
