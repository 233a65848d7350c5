"""What a buyer asks about the account and the products: balance, prices, a deposit ticket, the holder of a meter.

Wire formats: developer.digiflazz.com/api/buyer/cek-saldo, …/daftar-harga, …/deposit and …/inquiry-pln.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.sandbox.answers import Answer, Refused
from adapters.sandbox.chance import draw
from adapters.sandbox.families import fault_of_number
from adapters.sandbox.faults import Fault
from adapters.sandbox.orders import text
from adapters.sandbox.people import meter_and_subscriber, name_of, segment_of
from adapters.sandbox.products import PASCA, PREPAID, Product, price_line
from adapters.sandbox.provider import Provider
from adapters.sandbox.response_codes import code

BANKS = {"BCA", "MANDIRI", "BRI", "BNI", "Flip", "ShopeePay"}
LEAST_DEPOSIT = 10_000
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
UNIQUE = 999


def balance(provider: Provider, order: Mapping[str, object], _fault: Fault) -> Answer:
    if order["cmd"] != "deposit":
        raise Refused("40")
    return Answer({"deposit": provider.book.balance()})


def prices(provider: Provider, order: Mapping[str, object], _fault: Fault) -> Answer:
    """All lines of one kind, or those with the SKU, category, brand and type that were asked for."""
    if order["cmd"] not in {PREPAID, PASCA}:
        raise Refused("40")
    kind = [product for product in provider.products.values() if product.kind == order["cmd"]]
    return Answer([price_line(product) for product in kind if _is_wanted(product, order)])


def _is_wanted(product: Product, order: Mapping[str, object]) -> bool:
    has = {"code": product.sku, "category": product.category, "brand": product.brand, "type": product.type}
    return all(order.get(name, value) == value for name, value in has.items())


def ticket(provider: Provider, order: Mapping[str, object], _fault: Fault) -> Answer:
    """An amount made unique by its last digits, to be transferred within the day. Raises `Refused` 64."""
    bank, amount = text(order, "bank") or text(order, "Bank"), order["amount"]
    if bank not in BANKS or not isinstance(amount, int):
        raise Refused("40")
    if amount < LEAST_DEPOSIT:
        raise Refused("64")
    number = provider.book.tickets() + 1
    notes, unique = _notes(provider.options.seed, number), amount + 1 + (number - 1) % UNIQUE
    provider.book.issue_ticket(notes, amount=unique, bank=bank)
    paid_to = {"bank": bank, "payment_method": "Bank Transfer", "account_no": "0123 4567 89"}
    return Answer({"rc": "00", **paid_to, "notes": notes, "amount": unique})


def _notes(seed: int, number: int) -> str:
    drawn = draw(seed, "ticket", number)
    return "".join(LETTERS[drawn >> 5 * place & 31] for place in range(7))


def check_meter(provider: Provider, order: Mapping[str, object], fault: Fault) -> Answer:
    """Who holds a prepaid meter or subscriber id."""
    customer_no = text(order, "customer_no")
    rc = fault_of_number(provider.products["pln20"], customer_no) or fault.answers_inquiry_with or "00"
    seen = code(rc)
    said = {"message": seen.message, "status": seen.state, "rc": rc, "customer_no": customer_no}
    return Answer({**said, **(_holder(customer_no) if rc == "00" else {})})


def _holder(customer_no: str) -> dict[str, object]:
    meter, subscriber = meter_and_subscriber(customer_no)
    tariff, power = segment_of(customer_no)
    segment = f"{tariff:<3}/{power:09d}"
    return {"meter_no": meter, "subscriber_id": subscriber, "name": name_of(customer_no), "segment_power": segment}
