"""`loket backup`: a copy of the store, also while it is served."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from adapters.settings import load
from adapters.wiring import back_up

EXAMPLE = """\b
Example:
  loket backup /mnt/other-disk/loket-2026-11-27.db
"""


@click.command(epilog=EXAMPLE)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the store to FILE as it stands at one moment.

    The server is not held up. FILE is there whole and durable, or not at all, and never overwrites another. Names and
    numbers in it are sealed as in the store: keep the keys, and keep them elsewhere.
    """
    with click.progressbar(length=0, label="Copying", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def advance(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        back_up(load().database_url, file, now=datetime.now(UTC), advance=advance)
    click.echo(f"Copied to {file}.")
