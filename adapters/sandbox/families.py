"""Which numbers a product takes: how many digits, and for a mobile operator how they begin."""

from __future__ import annotations

from adapters.sandbox.products import Product

DIGITS = {
    "airtime": (10, 13),
    "data": (10, 13),
    "e-money": (10, 13),
    "pln-token": (11, 12),
    "tv-voucher": (8, 14),
    "pln": (12, 12),
    "pdam": (4, 15),
    "bpjs": (11, 16),
    "phone": (8, 13),
    "internet": (9, 13),
    "finance": (8, 16),
    "tv": (8, 14),
    "gas": (8, 12),
}

PREFIXES = {
    "TELKOMSEL": ("0811", "0812", "0813", "0821", "0822", "0823", "0851", "0852", "0853"),
    "INDOSAT": ("0814", "0815", "0816", "0855", "0856", "0857", "0858"),
    "XL": ("0817", "0818", "0819", "0859", "0877", "0878", "0879"),
    "AXIS": ("0831", "0832", "0833", "0838"),
    "TRI": ("0895", "0896", "0897", "0898", "0899"),
    "SMARTFREN": ("0881", "0882", "0883", "0884", "0885", "0886", "0887", "0888", "0889"),
}


def fault_of_number(product: Product, customer_no: str) -> str:
    """The response code a number earns by its form alone; empty when it is well formed."""
    if not (customer_no.isascii() and customer_no.isdigit()):
        return "54"
    least, most = DIGITS[product.family]
    if not least <= len(customer_no) <= most:
        return "57"
    prefixes = PREFIXES.get(product.brand)
    return "52" if prefixes and not customer_no.startswith(prefixes) else ""
