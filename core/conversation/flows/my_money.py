"""My money, after the PIN: the balance, the last payments, and each one's token and receipt."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.pay import paid
from core.conversation.steps import Choose, Confirm, Flow, Give, Go, Heeded, Tell
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.services.tell import outcome_lines
from core.text import Text, _

LAST = 5


async def enter(talk: Talk) -> Give:
    return Give(True)


async def balance(talk: Talk) -> Text:
    return _("You have {available}.").fill(available=(await talk.wallet()).available)


async def last_payments(talk: Talk) -> Sequence[Option]:
    known = await talk.counter.store.payments_of(talk.session.wallet_id, limit=LAST)
    return [
        Option(
            one.payment_id,
            _("{product} {total}").fill(product=talk.counter.catalogue.product(one.product_id).name, total=one.total),
        )
        for one in known
        if one.state not in ("quoted", "declined")
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

RECEIPT = Flow("receipt", (Tell(name="receipt", words=receipt),), resumes=False)
