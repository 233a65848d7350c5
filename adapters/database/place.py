"""Where a store is, by its URL. The driver of a server is an extra, and loaded only where a URL names one."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from adapters.database.below import Database, StoreUnusable
from adapters.database.opening import SqliteFile, path_of

if TYPE_CHECKING:
    from adapters.database.postgresql.moving import Moved

POSTGRESQL = ("postgresql://", "postgres://")
NO_DRIVER = "A PostgreSQL store needs its driver: pip install 'loket[postgresql]'."
NO_SERVER = "That is no database of a server: postgresql://USER@HOST/DATABASE."


def database_at(url: str) -> Database:
    """Raises `StoreUnusable` for what names no database."""
    if not url.startswith(POSTGRESQL):
        return SqliteFile(path_of(url))
    _see_that_it_is_a_server(url)
    from adapters.database.postgresql.opening import PostgresqlDatabase  # noqa: PLC0415  # its driver is an extra

    return PostgresqlDatabase(url)


def move(source_url: str, target_url: str, *, begin: Callable[[int], None], advance: Callable[[int], None]) -> Moved:
    """Copy a store that nobody serves into a database in which nothing is: see `postgresql.moving`."""
    _see_that_it_is_a_server(target_url)
    from adapters.database.postgresql import moving  # noqa: PLC0415  # as above

    return moving.move(source_url, target_url, begin=begin, advance=advance)


def let_serve(url: str, role: str) -> None:
    """Let a role serve from a database, asked by the owner of its tables: see `postgresql.roles`."""
    _see_that_it_is_a_server(url)
    from adapters.database.postgresql import roles  # noqa: PLC0415  # as above

    roles.let_serve(url, role)


def _see_that_it_is_a_server(url: str) -> None:
    if not url.startswith(POSTGRESQL):
        raise StoreUnusable(NO_SERVER)
    if find_spec("psycopg") is None:
        raise StoreUnusable(NO_DRIVER)
