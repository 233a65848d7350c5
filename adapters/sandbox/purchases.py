"""A prepaid purchase; sent again with the same ref_id it asks how the first one stands.

Rules: developer.digiflazz.com/api/buyer/topup and …/cek-status. A ref_id is remembered for 90 days; after that the
same request is a new purchase, with the money it costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from adapters.sandbox.answers import Answer, Refused, prepaid_reply
from adapters.sandbox.families import fault_of_number
from adapters.sandbox.faults import Fault
from adapters.sandbox.orders import text
from adapters.sandbox.products import PREPAID, Product
from adapters.sandbox.provider import Provider
from adapters.sandbox.response_codes import code
from adapters.sandbox.sales import Course, Sale
from adapters.sandbox.serials import serial_number
from adapters.sandbox.settlement import move_money
from adapters.sandbox.webhooks import CREATE


def purchase(provider: Provider, order: Mapping[str, object], fault: Fault) -> Answer:
    """Sell, or tell what became of the sale with this ref_id. Raises `Refused` when nothing was created."""
    sku, customer_no = text(order, "buyer_sku_code"), text(order, "customer_no")
    earlier = provider.book.sale(text(order, "ref_id"))
    if earlier and not earlier.is_forgotten(provider.now):
        if not earlier.is_for(PREPAID, sku, customer_no):
            raise Refused("49")
        return Answer(_reply(provider, earlier))
    product = sellable(provider, sku, kind=PREPAID)
    refuse_what_costs_too_much(provider, product.price, order)
    bad_form = fault_of_number(product, customer_no)
    sale = _new_sale(provider, product, order, fault, nth=earlier.nth + 1 if earlier else 1)
    course = Course((bad_form,)) if bad_form else fault.course
    return Answer(_reply(provider, record(provider, product, sale, course)))


def sellable(provider: Provider, sku: str, *, kind: str) -> Product:
    """The product of a SKU. Raises `Refused`: 43 for one that is unknown or switched off, 66 in its cut-off."""
    product = provider.products.get(sku)
    if product is None or product.kind != kind or not product.is_active:
        raise Refused("43")
    if provider.is_paused(product):
        raise Refused("66")
    return product


def refuse_what_costs_too_much(provider: Provider, price: int, order: Mapping[str, object]) -> None:
    """Raises `Refused`: 69 above the buyer's own limit, 44 above the deposit."""
    max_price = order.get("max_price")
    if isinstance(max_price, int) and price > max_price:
        raise Refused("69")
    if price > provider.book.balance():
        raise Refused("44")


def record(provider: Provider, product: Product, sale: Sale, course: Course) -> Sale:
    """Send a new sale on its course: write it with its proof, take its price from the deposit, call it back."""
    settles_at = provider.now + timedelta(seconds=provider.options.settle_after_s)
    hidden_until = provider.now + timedelta(seconds=provider.options.lag_s)
    sale = sale.set_out(course, settles_at=settles_at, hidden_until=hidden_until)
    if "00" in course.rcs:
        key = f"{provider.options.seed}/{sale.ref_id}/{sale.nth}"
        sale = replace(sale, sn=serial_number(product, sale.customer_no, key))
    with provider.book.whole():
        provider.book.save(sale)
        move_money(provider.book, sale, kept_before=False, now=provider.now)
    provider.webhooks.announce(CREATE, sale)
    return sale


def _reply(provider: Provider, sale: Sale) -> dict[str, object]:
    """The sale as its status shows it: while it lags, pending."""
    shown = code("03") if sale.is_hidden(provider.now) else None
    return prepaid_reply(sale, provider.book.balance(), shown=shown)


def _new_sale(provider: Provider, product: Product, order: Mapping[str, object], fault: Fault, *, nth: int) -> Sale:
    return Sale(
        ref_id=text(order, "ref_id"),
        nth=nth,
        kind=PREPAID,
        sku=product.sku,
        customer_no=text(order, "customer_no"),
        price=product.price,
        created_at=provider.now,
        changed_at=provider.now,
        callbacks=fault.callbacks,
        cb_url=text(order, "cb_url"),
    )
