"""Somebody speaks on a number whose SIM is new, or that was silent for long: who is it?"""

from __future__ import annotations

from typing import Any

from core.conversation.steps import Ask, Flow, Go, Heeded, Home, Retract, Run, Tell
from core.conversation.talk import Talk
from core.conversation.view import Asks
from core.domain.digits import only_digits
from core.domain.line import NotYou
from core.services.holder import NotProven, ProveHolder, Proven
from core.text import Text, _


async def who(talk: Talk) -> tuple[Text, ...]:
    return (
        _("Your SIM is new or was silent for long. Is it still you?"),
        _("In which year were you born?"),
    )


async def hear_year(talk: Talk, words: str) -> Heeded:
    wallet = await talk.wallet()
    right = await talk.counter.vault.matches(only_digits(words) or "", wallet.proof_hash)
    return Run(ProveHolder(wallet.wallet_id, right, talk.now), then=_heard)


def _heard(outcome: Any) -> Home | Retract | Go:
    match outcome:
        case Proven():
            return Home(_("Thank you. Your wallet pays again."))
        case NotProven(0):
            return Go("not_proven", afresh=True)
        case NotProven(left):
            return Retract(("year",), NotYou(left=left).words)
        case _:
            raise AssertionError(f"not an outcome of a proof: {outcome!r}")


PROVE = Flow("prove", (Ask(name="year", words=who, read=hear_year, asks=Asks.PROOF, back=False),), resumes=False)

NOT_PROVEN = Flow(
    "not_proven",
    (
        Tell(
            name="counter",
            words=_("We do not know whether it is you. Your money is safe. Please come to the counter."),
            final=True,
        ),
    ),
    resumes=False,
)
