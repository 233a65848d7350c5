"""Find what to pay: the category, then the biller."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.steps import Choose, Flow, Give, Go, Heeded
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.text import _


async def categories(talk: Talk) -> Sequence[Option]:
    return [
        Option(one.category_id, one.name, one.icon, picture=f"category/{one.category_id}")
        for one in talk.counter.catalogue.categories
    ]


async def by_number_or_name(talk: Talk, category_id: str) -> Heeded:
    """Where the number alone tells the operator, nobody has to know her operator's name."""
    if talk.counter.catalogue.category(category_id).by_number:
        return Go("phone_credit", {"category": category_id})
    return Give(category_id)


async def products(talk: Talk) -> Sequence[Option]:
    found = talk.counter.catalogue.in_category(talk.said("category"))
    return [Option(one.product_id, one.name, one.biller.icon, one.brief) for one in found]


async def begin(talk: Talk, product_id: str) -> Heeded:
    return Go("pay", {"product": product_id})


PAY_BILL = Flow(
    "pay_bill",
    (
        Choose(name="category", words=_("What do you want to pay?"), among=categories, then=by_number_or_name),
        Choose(name="biller", words=_("Which one do you want to pay?"), among=products, then=begin),
    ),
)
