"""An operator signs with her passphrase, which has no place on a command line."""

from __future__ import annotations

import sys
from typing import Any

import click

from adapters.wiring import Wired
from console.commands.open import print_json, with_counter
from core.domain.approval import detail_of
from core.domain.operator import Operator, operator_name
from core.refusal import Refusal
from core.services.approve import Decided
from core.services.identify import identify
from core.services.review import say, subject_named


class OperatorName(click.ParamType[str]):
    """The name of an operator; capitals make no difference."""

    name = "operator"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return operator_name(str(value))
        except Refusal as refused:
            self.fail(str(refused.words.values["words"]), param, ctx)


signed_by = click.option("--as", "by", required=True, type=OperatorName(), help="Which operator says so.")
reason_option = click.option("--reason", required=True, help="Why; it is kept with the decision.")


def passphrase(of: str, *, twice: bool = False) -> str:
    """Asked hidden at a terminal, `twice` where it is a new one; else the next line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt(f"Passphrase of {of}", hide_input=True, err=True, confirmation_prompt=twice))
    line = sys.stdin.readline()
    if not line:
        raise click.ClickException(f"The passphrase of {of} is read from standard input, and there is none.")
    return line.rstrip("\r\n")


async def identified(parts: Wired, name: str) -> Operator:
    """Raises the refusal of a wrong passphrase; the try is counted."""
    return await identify(parts.counter, name, passphrase(name))


def decide(name: str, verdict: str, *, by: str, reason: str, json_: bool, **details: str) -> None:
    """One operator's word about what has this name, and what came of it."""

    async def speak(parts: Wired) -> Decided:
        subject = await subject_named(parts.store, name)
        operator = await identified(parts, by)
        return await say(parts.counter, subject, verdict, by=operator, reason=reason, detail=detail_of(**details))

    print_decided(with_counter(speak), json_=json_)


def print_decided(decided: Decided, *, json_: bool) -> None:
    proposal = decided.proposal
    if not json_:
        click.echo(decided.sentence)
        return
    print_json(
        {
            "subject": proposal.subject,
            "verdict": proposal.action,
            "done": decided.done,
            "proposed_by": proposal.proposed_by,
            "decided_by": proposal.decided_by,
            "outcome": proposal.outcome,
            "sentence": decided.sentence,
        }
    )
