"""The role that serves: it may write and never rewrite, and has no say over tables and triggers."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import sql

from adapters.database.below import StoreUnusable
from adapters.database.postgresql.connection import MIGRATING, connect, said
from adapters.database.postgresql.opening import bring_up_to_date
from adapters.database.tables import metadata
from adapters.database.tables.journal import APPEND_ONLY

# Where a row is a mark of now and goes when it is over; everywhere else nothing is ever taken out.
PASSING = ("writers", "store_keys")


def let_serve(url: str, role: str) -> None:
    """Bring the tables up to date and let a role serve from them; asked by their owner. Raises `StoreUnusable`."""
    bring_up_to_date(url)
    try:
        with connect(url, MIGRATING) as raw, raw.transaction():
            for grant in _grants(role):
                raw.execute(grant)
    except psycopg.Error as error:
        raise StoreUnusable(f"{role} cannot be let serve: {said(error)}.") from error


def _grants(role: str) -> Iterator[sql.Composed]:
    """All that it had is taken first, so that asking again after a migration gives what is right now."""
    to = sql.Identifier(role)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(to)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to)
    yield sql.SQL("GRANT SELECT ON alembic_version TO {}").format(to)
    for table in metadata.sorted_tables:
        verbs = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE"
        more = ", DELETE" if table.name in PASSING else ""
        yield sql.SQL(f"GRANT {verbs}{more} ON {{}} TO {{}}").format(sql.Identifier(table.name), to)
