"""A quote: what the customer will pay, said before the PIN and valid for some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.bill import Bill
from core.domain.biller import Product
from core.domain.money import Money
from core.refusal import Refusal
from core.text import _


class QuoteExpired(Refusal):
    text = _("This took a while, so the price must be asked again.")


@dataclass(frozen=True, slots=True)
class Quote:
    """Amount + fee = total. `most` is the highest price the provider may charge us: a sale is never made at a loss."""

    payment_id: str
    product_id: str
    denomination_id: str
    reference: str
    holder: str
    amount: Money
    fee: Money
    most: Money
    provider: str
    code: str
    good_until: datetime

    @property
    def total(self) -> Money:
        return self.amount + self.fee


def quote(
    product: Product,
    *,
    payment_id: str,
    reference: str,
    denomination_id: str,
    bill: Bill | None,
    provider: str,
    code: str,
    good_until: datetime,
) -> Quote:
    """Price one purchase from one provider: a denomination's price, or what the bill says is owed."""
    amount = product.denomination(denomination_id).price if denomination_id else _owed(bill)
    fee = product.fee + bill.admin if bill and bill.admin else product.fee
    return Quote(
        payment_id=payment_id,
        product_id=product.product_id,
        denomination_id=denomination_id,
        reference=reference,
        holder=bill.holder if bill else "",
        amount=amount,
        fee=fee,
        most=amount + fee,
        provider=provider,
        code=code,
        good_until=good_until,
    )


def _owed(bill: Bill | None) -> Money:
    assert bill is not None and bill.owed is not None, "a product without denominations is priced by its bill"
    return bill.owed
