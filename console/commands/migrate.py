"""`loket migrate`: from the file to a server."""

from __future__ import annotations

import asyncio
import sys

import click

from adapters.settings import Settings, load
from adapters.wiring import move, wired
from core.domain.invariants import RULES, Violation, violations

EXAMPLE = """\b
Example:
  loket migrate postgresql://loket@db.example.com/loket
"""


@click.command(epilog=EXAMPLE)
@click.argument("target_url")
def migrate(target_url: str) -> None:
    """Copy the configured store, a file, into an empty PostgreSQL database.

    Stop the server first. Every invariant is proven on the file before and on the database after; all rows arrive or
    none, and are compared. The file stays as it is. Afterwards set LOKET_DATABASE_URL to the database.
    """
    settings = load()
    _whole(settings, "The store has breaches and was not copied: loket check shows them.")
    with click.progressbar(length=0, label="Copying", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def begin(rows: int) -> None:
            bar.length = rows

        moved = move(settings.database_url, target_url, begin=begin, advance=bar.update)
    there = settings.model_copy(update={"database_url": target_url})
    entries = _whole(there, "The database has breaches that the file has not. Do not serve from it; tell us.")
    click.echo(f"{sum(moved.rows.values()):,} rows in {len(moved.rows)} tables, the same on both sides: {moved.digest}")
    click.echo(f"All {len(RULES)} invariants hold there: {entries:,} entries.")
    click.echo("Set LOKET_DATABASE_URL to the database now, and keep the file until you have a backup of it.")


def _whole(settings: Settings, otherwise: str) -> int:
    """How many entries there are, once nothing was found wrong."""

    async def look() -> tuple[int, list[Violation]]:
        async with wired(settings, owner=False) as parts, parts.store.snapshot() as snapshot:
            return await snapshot.consider(lambda contents: (contents.counted()["entries"], list(violations(contents))))

    entries, found = asyncio.run(look())
    if found:
        raise click.ClickException(otherwise)
    return entries
