"""What an inquiry says: a bill and its holder, the holder of a meter, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from adapters.billers.digiflazz.codes import CODES, SUKSES, About
from adapters.billers.digiflazz.serials import segment_and_power
from adapters.billers.digiflazz.wire import data_of, rupiah, words
from adapters.billers.outbound import Reply
from core.domain.bill import Bill, BillerDown, NothingToPay, ReferenceUnknown
from core.domain.biller import NotSoldNow, Product
from core.domain.money import Money

Data = Mapping[str, object]

MOST_PERIODS = 99
LONGEST_DETAIL = 60


def read_bill(reply: Reply, product: Product, *, code: str, reference: str, key: str) -> Bill:
    """The bill found under `key`. Raises `ReferenceUnknown`, `NothingToPay`, `NotSoldNow` or `BillerDown`."""
    named = {"ref_id": key, "buyer_sku_code": code, "customer_no": reference}
    data = _found(reply, product, reference, named)
    price, total, admin = (_amount(data, name) for name in ("price", "selling_price", "admin"))
    if total < admin or not price:
        raise BillerDown("digiflazz: amounts that do not add up")
    if total == admin:
        raise NothingToPay(reference=reference)
    return Bill(
        reference=reference,
        holder=words(data.get("customer_name")),
        asked_with=key,
        owed=total - admin,
        admin=admin,
        cost=price,
        periods=periods_of(data),
        detail=detail_of(data),
    )


def read_meter(reply: Reply, product: Product, *, reference: str, key: str) -> Bill:
    """Whose meter this is; how much goes into it the customer chooses. Raises as `read_bill` does."""
    data = _found(reply, product, reference, {"customer_no": reference})
    meter = segment_and_power(words(data.get("segment_power")))
    return Bill(reference=reference, holder=words(data.get("name")), asked_with=key, detail=meter)


def periods_of(data: Data) -> int:
    sheets = _desc(data).get("lembar_tagihan")
    count = int(sheets) if isinstance(sheets, str) and sheets.isascii() and sheets.isdecimal() else sheets
    return count if type(count) is int and 1 <= count <= MOST_PERIODS else max(1, len(_sheets(data)))


def detail_of(data: Data) -> str:
    """What a bill is for, in few words: `R1/1300VA 201901, 201902`. Empty for what is not a bill."""
    meter = segment_and_power(f"{_desc(data).get('tarif')}/{_desc(data).get('daya')}")
    periods = ", ".join(filter(None, (words(sheet.get("periode"), longest=12) for sheet in _sheets(data))))
    return " ".join(filter(None, (meter, periods)))[:LONGEST_DETAIL].rstrip(" ,")


def _found(reply: Reply, product: Product, reference: str, named: Mapping[str, str]) -> Data:
    """The data of a reply that says *success* and speaks of what was asked."""
    data = data_of(reply)
    if data is None:
        raise BillerDown(f"digiflazz: {reply.fate}")
    rc = data.get("rc")
    if rc != "00":
        _refuse(rc, product, reference)
    # A document nobody signed may come from anywhere; so its status and its names have to fit as well.
    if (
        data.get("status") != SUKSES
        or reply.http_status >= 400
        or any(data.get(name) != said for name, said in named.items())
    ):
        raise BillerDown("digiflazz: an answer to another question")
    return data


def _refuse(rc: object, product: Product, reference: str) -> NoReturn:
    row = CODES.get(rc) if isinstance(rc, str) else None
    match row.about if row else None:
        case About.NUMBER:
            raise ReferenceUnknown(biller=product.biller.name, reference=reference)
        case About.DEBT:
            raise NothingToPay(reference=reference)
        case About.PRODUCT:
            raise NotSoldNow(product=product.name)
        case _:
            raise BillerDown(f"digiflazz: {row.code if row else 'unmapped'}")


def _amount(data: Data, name: str) -> Money:
    amount = rupiah(data.get(name))
    if amount is None:
        raise BillerDown(f"digiflazz: no {name}")
    return amount


def _desc(data: Data) -> Data:
    desc = data.get("desc")
    return desc if isinstance(desc, dict) else {}


def _sheets(data: Data) -> list[Data]:
    sheets = _desc(data).get("detail")
    return [sheet for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
