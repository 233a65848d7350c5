"""Airtime or data: one's own number first, the operator known from the number. Begun with `category` answered."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.pay import found
from core.conversation.steps import Ask, Choose, Flow, Give, Go, Heeded
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.domain.biller import home_number
from core.domain.msisdn import national
from core.refusal import Refusal
from core.text import Text, _

OWN, OTHER = "own", "other"


class NoOperator(Refusal):
    text = _("No operator here has this number. Please look again.")


async def whose(talk: Talk) -> Sequence[Option]:
    mine = _("My number {number}").fill(number=national(talk.msisdn))
    return (
        Option(OWN, mine, "📱", brief=_("My number"), primary=True),
        Option(OTHER, _("Another number"), "👤"),
    )


async def own_or_other(talk: Talk, option: str) -> Heeded:
    return await to_number(talk, national(talk.msisdn)) if option == OWN else Give(option)


async def read_number(talk: Talk, words: str) -> Heeded:
    number = home_number(words, talk.counter.catalogue.phone_region)
    if number is None:
        raise NoOperator
    return await to_number(talk, number)


async def to_number(talk: Talk, number: str) -> Heeded:
    """What the number's operator sells of this category, and on to the amount."""
    product = talk.counter.catalogue.by_number(talk.said("category"), number)
    if product is None:
        raise NoOperator
    known = await found(talk, product, number)
    return Go("pay", {"product": product.product_id, "reference": number, **known})


async def for_which(talk: Talk) -> Text:
    name = talk.counter.catalogue.category(talk.said("category")).name
    return _("{category}: for which number?").fill(category=name)


PHONE_CREDIT = Flow(
    "phone_credit",
    (
        Choose(name="whose", words=for_which, among=whose, then=own_or_other),
        Ask(name="number", words=_("Type the phone number."), read=read_number),
    ),
)
