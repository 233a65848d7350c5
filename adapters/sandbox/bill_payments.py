"""Bills: an inquiry finds one, a payment pays it, a status tells how the payment stands.

Rules: developer.digiflazz.com/api/buyer/cek-tagihan, …/bayar-tagihan and …/cek-status. A bill is paid with the ref_id
of its inquiry and on the same day in Jakarta. What is answered to a payment without an inquiry (50) or of another day
(02) is not documented; neither moves money.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.sandbox.answers import Answer, Refused, bill_reply, failure, pasca_reply
from adapters.sandbox.bills import Bill, find_bill
from adapters.sandbox.clock import day_of
from adapters.sandbox.families import fault_of_number
from adapters.sandbox.faults import Fault
from adapters.sandbox.numbers import script_of
from adapters.sandbox.orders import text
from adapters.sandbox.products import PASCA, Product
from adapters.sandbox.provider import Provider
from adapters.sandbox.purchases import record, refuse_what_costs_too_much, sellable
from adapters.sandbox.response_codes import code
from adapters.sandbox.sales import Course, Inquiry, Sale

GONE = "Data belum ada"


def inquire(provider: Provider, order: Mapping[str, object], fault: Fault) -> Answer:
    """Find a bill and remember it under the ref_id. Raises `Refused` 43, 66, or 49 for a ref_id that was used."""
    ref_id, sku, customer_no = _named(order)
    _refuse_used_ref(provider, ref_id, sku, customer_no)
    product = sellable(provider, sku, kind=PASCA)
    if rc := fault_of_number(product, customer_no) or fault.answers_inquiry_with:
        return Answer(failure(rc, order))
    bill = _bill(provider, product, customer_no)
    if _is_paid(provider, product, customer_no, bill):
        return Answer(failure("60", order))
    inquiry = Inquiry(ref_id, sku, customer_no, bill.price, bill.month, bill.fields, provider.now)
    provider.book.save_inquiry(inquiry)
    return Answer(bill_reply(ref_id, sku, customer_no, bill.fields, provider.book.balance()))


def pay(provider: Provider, order: Mapping[str, object], fault: Fault) -> Answer:
    """Pay the bill found under this ref_id, or tell how that payment stands. Raises `Refused` 43, 44, 49, 66."""
    ref_id, sku, customer_no = _named(order)
    _refuse_other_order(provider, ref_id, sku, customer_no)
    if earlier := provider.book.sale(ref_id):
        return _status(provider, order, earlier)
    inquiry = provider.book.inquiry(ref_id)
    if inquiry is None:
        return Answer(failure("50", order))
    product = sellable(provider, sku, kind=PASCA)
    course = _course(provider, product, inquiry, fault)
    if course is fault.course:  # else it fails anyway, and costs nothing
        refuse_what_costs_too_much(provider, inquiry.price, order)
    sale = _new_sale(provider, inquiry, fault, cb_url=text(order, "cb_url"))
    return Answer(_reply(provider, record(provider, product, sale, course)))


def status(provider: Provider, order: Mapping[str, object], _fault: Fault) -> Answer:
    """How a payment stands. Raises `Refused` 49 when the ref_id belongs to another number or product."""
    ref_id, sku, customer_no = _named(order)
    _refuse_other_order(provider, ref_id, sku, customer_no)
    sale = provider.book.sale(ref_id)
    if sale is None or sale.is_hidden(provider.now):
        return Answer(failure("50", order))
    return _status(provider, order, sale)


def _named(order: Mapping[str, object]) -> tuple[str, str, str]:
    return text(order, "ref_id"), text(order, "buyer_sku_code"), text(order, "customer_no")


def _refuse_used_ref(provider: Provider, ref_id: str, sku: str, customer_no: str) -> None:
    if provider.book.sale(ref_id):
        raise Refused("49")
    _refuse_other_order(provider, ref_id, sku, customer_no)


def _refuse_other_order(provider: Provider, ref_id: str, sku: str, customer_no: str) -> None:
    known = provider.book.sale(ref_id) or provider.book.inquiry(ref_id)
    if known and not known.is_for(PASCA, sku, customer_no):
        raise Refused("49")


def _bill(provider: Provider, product: Product, customer_no: str) -> Bill:
    script = script_of(product, customer_no)
    sheets = script.sheets if script else 1
    return find_bill(product, customer_no, sheets=sheets, today=provider.today, seed=provider.options.seed)


def _is_paid(provider: Provider, product: Product, customer_no: str, bill: Bill | Inquiry) -> bool:
    """Whether an ordinary customer owes nothing more for this month; a test number owes for ever."""
    if script_of(product, customer_no):
        return False
    sales = provider.book.sales_of(product.sku, customer_no)
    return any(sale.month == bill.month and sale.keeps_money for sale in sales)


def _course(provider: Provider, product: Product, inquiry: Inquiry, fault: Fault) -> Course:
    if day_of(inquiry.asked_at) != provider.today:
        return Course(("02",))
    if _is_paid(provider, product, inquiry.customer_no, inquiry):
        return Course(("60",))
    return fault.course


def _status(provider: Provider, order: Mapping[str, object], sale: Sale) -> Answer:
    if sale.is_forgotten(provider.now):
        return Answer(failure("50", order, GONE))
    return Answer(_reply(provider, sale))


def _reply(provider: Provider, sale: Sale) -> dict[str, object]:
    shown = code("03") if sale.is_hidden(provider.now) else None
    return pasca_reply(sale, provider.book.balance(), shown=shown)


def _new_sale(provider: Provider, inquiry: Inquiry, fault: Fault, *, cb_url: str) -> Sale:
    return Sale(
        ref_id=inquiry.ref_id,
        nth=1,
        kind=PASCA,
        sku=inquiry.sku,
        customer_no=inquiry.customer_no,
        price=inquiry.price,
        created_at=provider.now,
        changed_at=provider.now,
        callbacks=fault.callbacks,
        cb_url=cb_url,
        month=inquiry.month,
        bill=inquiry.bill,
    )
