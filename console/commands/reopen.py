"""`loket reopen`: let people in again after the store came back from a copy."""

from __future__ import annotations

import click

from adapters.wiring import Wired
from console.commands.open import when, with_counter
from console.commands.signing import OperatorName, identified
from core.domain.restore import Restore
from core.services import reopen as services
from core.services.reconcile import covered

EXAMPLES = """\b
Examples:
  loket reopen
  loket reopen --as ani
"""
CHAT_CHANNELS = ("telegram",)


@click.command(epilog=EXAMPLES)
@click.option("--as", "by", type=OperatorName(), help="Which operator opens; without it, say only what is lacking.")
def reopen(by: str | None) -> None:
    """Let people in again after `loket restore`, once a statement of each provider covers what the copy lacks.

    What the copy holds as unsettled and no statement has settled goes to review, and its provider is not asked.
    """

    async def work(parts: Wired) -> str:
        restore = await services.closed_since(parts.store)
        if restore is None:
            raise services.NothingToReopen
        restore = await services.notice(parts.counter, restore)
        if by is None:
            return _standing(restore, await services.uncovered(parts.counter, restore, covered))
        operator = await identified(parts, by)
        return _done(await services.reopen(parts.counter, covered, channels=CHAT_CHANNELS, by=operator.name))

    click.echo(with_counter(work))


def _standing(restore: Restore, lacking: list[str]) -> str:
    since = f"The copy was made on {when(restore.taken_at)} and brought back on {when(restore.noticed_at)}."
    if lacking:
        return f"{since} No statement covers that time yet of: {', '.join(lacking)}."
    return f"{since} Statements cover that time: `loket reopen --as YOUR-NAME` opens the counter."


def _done(done: services.Reopened) -> str:
    to_people = f"In review now: {len(done.under_review)} (`loket review list`)."
    return f"The counter is open. {to_people} Old arrivals from chats that were dropped: {done.dropped}."
