"""My money, after the PIN: the balance, the last payments, and each one's token and receipt."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.pay import paid, slip
from core.conversation.steps import Choose, Confirm, Flow, Give, Go, Heeded, Tell
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.services.tell import heading, outcome_lines
from core.text import Text, _

# Ten pages of them; who needs an older one asks.
LAST = 50


async def enter(talk: Talk) -> Give:
    return Give(True)


async def balance(talk: Talk) -> Text:
    return _("You have {available}.").fill(available=(await talk.wallet()).available)


async def last_payments(talk: Talk) -> Sequence[Option]:
    known = await talk.counter.store.payments_of(talk.session.wallet_id, limit=LAST)
    return [
        Option(
            one.payment_id,
            _("{product} {total}").fill(product=product.name, total=one.total),
            heading(one, talk.counter.catalogue).sign,
        )
        for one in known
        if one.state not in ("quoted", "declined")
        for product in (talk.counter.catalogue.product(one.product_id),)
    ]


async def open_receipt(talk: Talk, payment_id: str) -> Heeded:
    return Go("receipt", {"payment": payment_id})


async def receipt(talk: Talk) -> tuple[Text, ...]:
    return outcome_lines(await paid(talk), talk.counter.catalogue)


MY_MONEY = Flow(
    "my_money",
    (
        Confirm(name="pin", words=_("Type your PIN."), then=enter),
        Choose(name="payment", words=balance, among=last_payments, then=open_receipt),
    ),
    resumes=False,
)

RECEIPT = Flow("receipt", (Tell(name="receipt", words=receipt, thing=slip),), resumes=False)
