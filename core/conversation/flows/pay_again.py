"""Pay again: a number that was kept, in three keys and a PIN."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.pay import found
from core.conversation.steps import Choose, Flow, Go, Heeded
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.domain.biller import Product
from core.domain.payee import Payee
from core.refusal import Refusal
from core.text import _, verbatim

AT_MOST = 20


class NothingKept(Refusal):
    text = _("You have kept no number yet. After a payment you can keep it.")


async def payees(talk: Talk) -> Sequence[Option]:
    known = await talk.counter.store.payees_of(talk.session.wallet_id, limit=AT_MOST)
    kept = [one for one in known if one.saved and talk.counter.catalogue.product(one.product_id).on_sale]
    if not kept:
        raise NothingKept
    return [_option(one, talk.counter.catalogue.product(one.product_id)) for one in kept]


def _option(payee: Payee, product: Product) -> Option:
    return Option(
        f"{payee.product_id} {payee.reference}",
        _("{product} {reference}").fill(product=product.name, reference=payee.reference),
        product.biller.icon,
        verbatim(f"{product.biller.short} {payee.reference}"),
    )


async def pay(talk: Talk, key: str) -> Heeded:
    product_id, _space, reference = key.partition(" ")
    known = await found(talk, talk.counter.catalogue.product(product_id), reference)
    return Go("pay", {"product": product_id, "reference": reference, **known})


PAY_AGAIN = Flow(
    "pay_again",
    (Choose(name="payee", words=_("Pay again"), among=payees, then=pay),),
)
