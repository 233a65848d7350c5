"""`loket review`: what waits for operators, and the word of two of them about it."""

from __future__ import annotations

from typing import Any

import click

from adapters.wiring import Wired
from console.commands.asks import Amount, as_json
from console.commands.open import plain, print_json, print_table, when, with_counter
from console.commands.signing import decide as say
from console.commands.signing import identified, print_decided, reason_option, signed_by
from core.domain.approval import Proposal
from core.services.approve import Decided
from core.services.review import Waiting, about, possible, reject, subject_named, waiting


@click.group()
def review() -> None:
    """Decide by two operators what no program may decide alone."""


@review.command("list", epilog="\b\nExample:\n  loket review list --json")
@as_json
def list_(json_: bool) -> None:
    """List payments that nobody can say the outcome of, breaks, and what one operator has proposed; oldest first."""

    async def look(parts: Wired) -> list[Waiting]:
        return list(await waiting(parts.store))

    found = with_counter(look)
    if json_:
        print_json(*map(_plain, found))
    else:
        rows = [(one.subject, one.what, when(one.since), _proposed(one.proposal)) for one in found]
        print_table(("subject", "what", "since", "proposed"), rows)


@review.command(epilog="\b\nExample:\n  loket review show 01jd3k5x…")
@click.argument("name", metavar="ID")
@as_json
def show(name: str, json_: bool) -> None:
    """Show what was said about a payment, a break or another subject, and what can be decided."""

    async def look(parts: Wired) -> tuple[str, list[Proposal], list[str]]:
        subject = await subject_named(parts.store, name)
        return subject, list(await about(parts.store, subject)), list(await possible(parts.store, subject))

    subject, said, verdicts = with_counter(look)
    if json_:
        print_json({"subject": subject, "verdicts": verdicts, "proposals": [plain(one) for one in said]})
        return
    click.echo(f"{subject}: {', '.join(verdicts) or 'nothing can be decided'}")
    for one in said:
        click.echo(f"  {one.number}  {one.action} ({one.told}): {one.reason}")
        click.echo(f"     proposed by {one.proposed_by} {when(one.proposed_at)}")
        if one.outcome:
            click.echo(f"     {one.outcome} by {one.decided_by or one.proposed_by} {when(one.decided_at)}")


DECIDE_EXAMPLES = """\b
Examples:
  loket review decide 01jd3k5x… voided --as ani --reason "the provider wrote that it failed"
  loket review decide 01jd3k5x… captured --cost 22200 --serial SN-1 --as budi --reason "seen in its panel"
  loket review decide 01jd3k5x… write_off --as ani --reason "she moved away"
"""


@review.command(epilog=DECIDE_EXAMPLES)
@click.argument("name", metavar="ID")
@click.argument("verdict")
@signed_by
@reason_option
@click.option("--cost", type=Amount(), help="What the provider took, in whole units; for what was bought.")
@click.option("--token", default="", help="The token the customer bought.")
@click.option("--serial", default="", help="The provider's serial number of it.")
@click.option("--account", default="", help="What a bank's line is booked against: payable:pdam, wallet:ID.")
@click.option("--attempt", type=click.IntRange(min=1), help="Which attempt it was, if not the last one.")
@as_json
def decide(name: str, verdict: str, by: str, reason: str, json_: bool, **details: Any) -> None:
    """Say a verdict. The first operator proposes it; another one who says the same decides, and it is done.

    ID is that of a payment or a break, or a subject as `review list` shows it. `loket review show ID` tells what can
    be said.
    """
    given = {detail: "".join(str(value).split()) for detail, value in details.items() if value}
    say(name, verdict, by=by, reason=reason, json_=json_, **given)


@review.command("reject", epilog='\b\nExample:\n  loket review reject 01jd3k5x… --as budi --reason "another attempt"')
@click.argument("name", metavar="ID")
@signed_by
@reason_option
@as_json
def reject_(name: str, by: str, reason: str, json_: bool) -> None:
    """Take away what was proposed: by another operator it is rejected, by the same one withdrawn."""

    async def take(parts: Wired) -> Decided:
        subject = await subject_named(parts.store, name)
        return await reject(parts.counter, subject, by=await identified(parts, by), reason=reason)

    print_decided(with_counter(take), json_=json_)


def _plain(one: Waiting) -> dict[str, Any]:
    return {**plain(one), "proposal": plain(one.proposal) if one.proposal else None}


def _proposed(proposal: Proposal | None) -> str:
    return f"{proposal.action} by {proposal.proposed_by}" if proposal else "-"
