"""How money comes in: by a transfer that the operator finds on the bank's statement."""

from __future__ import annotations

from core.conversation.steps import Flow, Tell
from core.conversation.talk import Talk
from core.domain.msisdn import national
from core.text import Text, _


async def how_to(talk: Talk) -> tuple[Text, ...]:
    if not talk.counter.bank:
        return (_("Give the money to the counter and say your phone number. You will get a message."),)
    return (
        _("Send money to {bank}.").fill(bank=talk.counter.bank),
        _("Write your number {number} in the note.").fill(number=national(talk.msisdn)),
        _("You will get a message."),
    )


TOP_UP = Flow("top_up", (Tell(name="how_to", words=how_to),), resumes=False)
