"""`loket restore`: a store made again from a copy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from adapters.settings import load
from adapters.wiring import Wired, bring_back
from console.commands.open import when, with_counter
from core.domain.restore import Restore
from core.services.reopen import close, closed_since, notice

EXAMPLES = """\b
Examples:
  mv loket.db loket.db.broken
  loket restore /mnt/other-disk/loket-2026-11-27.db
  loket restore --taken-at 2026-11-27T02:00:00
"""


@click.command(epilog=EXAMPLES)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--taken-at",
    type=click.DateTime(),
    help="Without FILE: the store was brought back by a server's own tools, as it was at this moment (UTC).",
)
def restore(file: Path | None, taken_at: datetime | None) -> None:
    """Make the configured store from the backup FILE, where no store is yet.

    It takes no money and asks no provider until what happened after the copy was made has been looked up: see `loket
    reopen`. Meanwhile `loket serve` tells everybody that the counter is closed for a moment.
    """
    if (file is None) == (taken_at is None):
        raise click.UsageError("Give a backup FILE, or --taken-at for a store that is back already.")
    if file is not None:
        bring_back(file, load().database_url)

    async def closed(parts: Wired) -> Restore:
        if taken_at is not None:
            return await close(parts.counter, taken_at.replace(tzinfo=UTC))
        copy = await closed_since(parts.store)
        assert copy is not None, "a copy says that it is one"
        return await notice(parts.counter, copy)

    click.echo(f"The store is as it was on {when(with_counter(closed).taken_at)}, and closed. Now:")
    click.echo("  1. loket reconcile STATEMENT --provider NAME   for each provider, from that moment until now")
    click.echo("  2. loket reopen --as YOUR-NAME")
