"""`loket journal`: the book, for whoever wants to read or check it elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from adapters.wiring import Wired
from console.commands.open import with_counter
from core.domain.export import line_of

EXPORT_EXAMPLE = """\b
Examples:
  loket journal export > journal.jsonl
  loket journal export --from 120001 --to-file rest.jsonl
"""


@click.group()
def journal() -> None:
    """The append-only book of every movement of money."""


@journal.command(epilog=EXPORT_EXAMPLE)
@click.option(
    "--from", "first", default=1, show_default=True, type=click.IntRange(min=1), help="Index of the first entry wanted."
)
@click.option("--to-file", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Instead of printing.")
@click.option("--json", "_json", is_flag=True, expose_value=False, help="The only form there is.")
def export(first: int, to_file: Path | None) -> None:
    """Write the journal as JSON, one entry a line, in the order of the book. Debits are positive."""

    async def write(parts: Wired) -> int:
        written = 0
        with click.open_file(str(to_file or "-"), "w", encoding="utf-8") as out:
            async for entry in parts.store.journal(first=first):
                out.write(line_of(entry) + "\n")
                written += 1
        return written

    written = with_counter(write)
    click.echo(f"{written} entries written.", err=True)
