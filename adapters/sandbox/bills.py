"""What an inquiry finds: a bill, drawn from the seed, the SKU, the number and the month.

`selling_price` is what the customer owes: the sheets and the admin fee. `price` is what leaves the deposit: the same
less the buyer's commission. So say the tables of developer.digiflazz.com/api/buyer/bayar-tagihan, and the balances
in its examples bear them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from adapters.sandbox.bill_shapes import SHAPES, Shape, Sheet
from adapters.sandbox.chance import between
from adapters.sandbox.people import name_of
from adapters.sandbox.products import Product

LATE_FINE = 5_000


@dataclass(frozen=True, slots=True)
class Bill:
    """What is owed for the months up to `month` ("yyyymm"), and what the reply shows of it."""

    month: str
    price: int
    fields: Mapping[str, object]


def find_bill(product: Product, customer_no: str, *, sheets: int, today: date, seed: int) -> Bill:
    """The bill of a number as of a day; it covers the months before this one."""
    shape = SHAPES[product.family]
    found = [_sheet(shape, product, customer_no, back, today, seed) for back in range(sheets, 0, -1)]
    admin = product.admin * sheets
    selling_price = sum(sheet.amount + sheet.fine for sheet in found) + admin
    price = selling_price - product.commission * sheets
    fields = {
        "customer_name": name_of(customer_no),
        "admin": admin,
        "periode": ",".join(shape.period(sheet) for sheet in found),
        "price": price,
        "selling_price": selling_price,
        "desc": {"lembar_tagihan": sheets, **shape.desc(product, customer_no, found)},
    }
    return Bill(f"{found[-1].year}{found[-1].month:02d}", price, fields)


def _sheet(shape: Shape, product: Product, customer_no: str, back: int, today: date, seed: int) -> Sheet:
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    key = (seed, product.sku, customer_no, year, month)
    meter_from = between(100, 9000, "meter", *key)
    return Sheet(
        year=year,
        month=month + 1,
        amount=between(shape.least, shape.most, "amount", *key),
        fine=LATE_FINE if back > 1 else 0,  # a bill of last month is still in time
        meter_from=meter_from,
        meter_to=meter_from + between(5, 120, "usage", *key),
    )
