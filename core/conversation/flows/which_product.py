"""A number, or a biller's name, that may mean several products: the person says which one. Nobody guesses.

Begun with `among` answered, the ids of the products, and `number` and `wanted` where they were named.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.pay import found
from core.conversation.steps import Choose, Flow, Go, Heeded
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.text import Text, _


async def question(talk: Talk) -> Text:
    return _("What is this number for?") if talk.said("number") else _("What do you want to pay?")


async def products(talk: Talk) -> Sequence[Option]:
    meant = talk.said("among").split()
    sold = [one for one in talk.counter.catalogue.on_sale if one.product_id in meant]
    sold.sort(key=lambda one: meant.index(one.product_id))
    return [Option(one.product_id, one.name, one.biller.icon, one.brief) for one in sold]


async def begin(talk: Talk, product_id: str) -> Heeded:
    """Into the payment, with the number read by this product's rule."""
    begun = {"product": product_id, "wanted": talk.said("wanted")}
    if not (number := talk.said("number")):
        return Go("pay", begun)
    product = talk.counter.catalogue.product(product_id)
    reference = product.reference.read(number, biller=product.biller.name)
    return Go("pay", {**begun, "reference": reference, **await found(talk, product, reference)})


WHICH_PRODUCT = Flow("which_product", (Choose(name="product", words=question, among=products, then=begin),))
