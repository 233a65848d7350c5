"""The price list: developer.digiflazz.com/api/buyer/daftar-harga, purchases and bills in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from adapters.billers.digiflazz.wire import RUPIAH, is_code, lines_of, rupiah, words
from adapters.billers.outbound import Reply
from core.domain.bill import BillerDown
from core.ports import PriceLine

PREPAID, PASCA = "prepaid", "pasca"

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5]?[0-9])")


def read_prices(replies: Mapping[str, Reply], *, provider: str, seen_at: datetime) -> list[PriceLine]:
    """The lines of the replies by kind. A line that cannot be read is left out; a list that cannot is `BillerDown`."""
    read = [line for kind, reply in replies.items() for line in _lines(kind, reply, provider, seen_at)]
    # The first line of a code stands, should the provider ever list one twice.
    return list({line.code: line for line in reversed(read)}.values())[::-1]


def _lines(kind: str, reply: Reply, provider: str, seen_at: datetime) -> Iterator[PriceLine]:
    items = lines_of(reply)
    if items is None:
        raise BillerDown(f"digiflazz: no {kind} price list ({reply.fate})")
    for item in items:
        code, cost = item.get("buyer_sku_code"), rupiah(item.get("price"))
        if not is_code(code) or (kind == PREPAID and not cost):
            continue
        yield PriceLine(
            provider=provider,
            code=code,
            name=words(item.get("product_name")),
            on_sale=_on_sale(item),
            cost_minor=cost.minor if cost and kind == PREPAID else None,
            currency=RUPIAH,
            pause=_pause(item),
            seen_at=seen_at,
        )


def _on_sale(item: Mapping[str, object]) -> bool:
    """Switched on by the seller and by us, and in stock. A bill has no stock."""
    switched_on = item.get("buyer_product_status") is True and item.get("seller_product_status") is True
    endless = item.get("unlimited_stock", True) is True
    return switched_on and (endless or bool(rupiah(item.get("stock"))))


def _pause(item: Mapping[str, object]) -> str:
    """`23:45-00:15`. The provider writes its own midnight as `0:0`, and no pause as one that ends where it starts."""
    start, end = _time(item.get("start_cut_off")), _time(item.get("end_cut_off"))
    return f"{start}-{end}" if start and end and start != end else ""


def _time(value: object) -> str:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{int(found[1]):02}:{int(found[2]):02}" if found else ""
