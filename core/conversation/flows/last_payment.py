"""The last payment first: what is in doubt or just ended is the first thing a person sees when she comes back."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.my_money import enter, receipt
from core.conversation.flows.pay import paid, slip
from core.conversation.steps import Choose, Confirm, Flow, Tell
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.services.tell import heading
from core.text import Text, _

SEE, ON = "see", "on"


async def news(talk: Talk) -> Text:
    return heading(await paid(talk), talk.counter.catalogue)


async def choices(talk: Talk) -> Sequence[Option]:
    """The goods only where there are some, and only after the PIN: the phone may be in other hands."""
    payment = await paid(talk)
    goods = (Option(SEE, _("See it"), "👁️"),) if payment.state == "captured" else ()
    return *goods, Option(ON, _("Go on"), "▶️", primary=True)


def not_wanted(talk: Talk) -> bool:
    """She goes on; what was begun before shows again."""
    return talk.said("news") != SEE


LAST_PAYMENT = Flow(
    "last_payment",
    (
        Choose(name="news", words=news, among=choices, back=False),
        Confirm(name="pin", words=_("Type your PIN."), then=enter, unless=not_wanted),
        Tell(name="receipt", words=receipt, thing=slip, unless=not_wanted),
    ),
    resumes=False,
)
