"""`loket grant`: who may serve from a PostgreSQL database."""

from __future__ import annotations

import click

from adapters.settings import load
from adapters.wiring import let_serve

EXAMPLE = """\b
Example:
  LOKET_DATABASE_URL=postgresql://loket@db.example.com/loket loket grant loket_app
"""


@click.command(epilog=EXAMPLE)
@click.argument("role")
def grant(role: str) -> None:
    """Let ROLE serve from the configured PostgreSQL database.

    Run it as the owner of the tables, once and after each new version. ROLE may then read and write, and neither
    rewrite the journal nor touch tables and triggers.
    """
    let_serve(load().database_url, role)
    click.echo(f"{role} may serve.")
