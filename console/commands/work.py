"""`loket work`: follow-up work alone, beside other processes on one PostgreSQL database."""

from __future__ import annotations

import click

from adapters.settings import load
from console.commands.serve import serving

EXAMPLE = """\b
Example:
  LOKET_DATABASE_URL=postgresql://loket_app@db.internal/loket LOKET_SECRET_KEY=… LOKET_PIN_PEPPER=1:… loket work
"""


@click.command(epilog=EXAMPLE)
def work() -> None:
    """Follow payments to their end and send messages, for a counter that is served by several machines.

    Nobody can call it from outside. Each payment and each message is taken up by one process at a time; when one dies,
    another goes on after a minute. A store on SQLite has one process: there `loket serve` does this as well.
    """
    serving(load(), public=False)
