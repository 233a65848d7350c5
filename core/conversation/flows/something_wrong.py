"""Something is wrong: a case number in few keys, also for somebody who has forgotten her PIN."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.flows.my_money import enter, last_payments
from core.conversation.steps import Choose, Confirm, Flow, Give, Heeded, Run, Tell
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.refusal import Refusal
from core.services.complain import OpenCase
from core.services.tell import in_groups
from core.text import Text, _

PAYMENT, PIN, OTHER = "payment", "pin", "other"


class NoPaymentYet(Refusal):
    text = _("There is no payment yet.")


async def topics(talk: Talk) -> Sequence[Option]:
    return (
        Option(PAYMENT, _("A payment"), "🧾"),
        Option(PIN, _("I forgot my PIN"), "🔑"),
        Option(OTHER, _("Something else"), "❓"),
    )


async def topic(talk: Talk, option: str) -> Heeded:
    return Give(option) if option == PAYMENT else _complaint(talk, option, None)


async def payments(talk: Talk) -> Sequence[Option]:
    known = await last_payments(talk)
    if not known:
        raise NoPaymentYet
    return known


async def about(talk: Talk, payment_id: str) -> Heeded:
    return _complaint(talk, PAYMENT, payment_id)


def _complaint(talk: Talk, topic: str, payment_id: str | None) -> Run:
    number = talk.counter.ids.case_number()
    answer = payment_id or topic
    return Run(
        OpenCase(number, talk.session.wallet_id, payment_id, topic, talk.now),
        then=lambda case: Give(answer, beside={"case": case.number}),
    )


def opened(talk: Talk) -> bool:
    return bool(talk.said("case"))


async def case_number(talk: Talk) -> Text:
    return _("Your case number is {number}. We will call you.").fill(number=in_groups(talk.said("case"), 3))


SOMETHING_WRONG = Flow(
    "something_wrong",
    (
        Choose(name="topic", words=_("What is it about?"), among=topics, then=topic),
        Confirm(name="pin", words=_("Type your PIN."), then=enter, unless=opened),
        Choose(name="payment", words=_("Which payment?"), among=payments, then=about, unless=opened),
        Tell(name="told", words=case_number, final=True),
    ),
    resumes=False,
)


async def ask_somebody(talk: Talk) -> Text:
    return _("Ask at the counter, or dial {short_code} on your phone.").fill(short_code=talk.counter.short_code)


# Who has no wallet has no number that we could call.
HELP_WITHOUT_WALLET = Flow("help_without_wallet", (Tell(name="whom", words=ask_somebody, final=True),), resumes=False)
