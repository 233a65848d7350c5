"""Opening a store on PostgreSQL: that the server keeps what it says, and that the tables are of this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.database.below import StoreUnusable
from adapters.database.migrations import HEAD
from adapters.database.postgresql.connection import MIGRATING, REPORTING, Raw, Reading, connect, engine, said
from adapters.database.postgresql.transactions import Transactions
from core.ports import StoreDown

OLDEST = 140_000
ASKED = """\
SELECT current_setting('server_version_num')::int, current_setting('server_version'),
       current_setting('fsync'), current_setting('full_page_writes'), current_setting('server_encoding'),
       'B' < 'a' AND 'Z' < '_',
       to_regclass('alembic_version') IS NOT NULL"""


class PostgresqlDatabase:
    """A database of a server; several processes may serve from it."""

    error: type[Exception] = psycopg.Error
    shared = True

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def opened(self, *, owner: bool) -> Iterator[None]:
        bring_up_to_date(self._url)
        yield

    def writing(self, *, owner: bool) -> Transactions:
        return Transactions(self._url)

    def reading(self) -> Reading:
        return Reading(self._url)

    def reporting(self) -> Connection:
        return engine(self._url, REPORTING).connect()

    def hold_still(self, connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.exec_driver_sql("SELECT 1")

    def is_lost(self, error: Exception) -> bool:
        of_driver = error.orig if isinstance(error, DBAPIError) else error
        return isinstance(of_driver, psycopg.OperationalError | psycopg.InterfaceError)

    def unreadable(self, error: Exception) -> StoreDown:
        return StoreDown(f"the store cannot be read: {said(getattr(error, 'orig', None) or error)}")


def bring_up_to_date(url: str) -> None:
    """See that the tables are those of this version. Raises `StoreUnusable`."""
    with _told_in_a_sentence(), connect(url, MIGRATING) as raw:
        has_tables = _see_that_it_is_fit(raw)
        version = _version(raw) if has_tables else ""
    if version > HEAD:
        newer = f"its tables are {version}, ours {HEAD}"
        raise StoreUnusable(f"The database was written by a newer version of Loket ({newer}).")
    if version != HEAD:
        _migrate(url)


def _version(raw: Raw) -> str:
    [[version]] = raw.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(version)


def _see_that_it_is_fit(raw: Raw) -> bool:
    """Whether it has tables already. Raises `StoreUnusable` for what would lose money, or sort it wrongly."""
    [[number, release, fsync, whole_pages, encoding, by_letters, has_tables]] = raw.execute(ASKED).fetchall()
    if number < OLDEST:
        raise StoreUnusable(f"PostgreSQL {OLDEST // 10_000} or newer is needed; this server is {release}.")
    for name, value in (("fsync", fsync), ("full_page_writes", whole_pages)):
        if value != "on":
            raise StoreUnusable(f"The server has {name} = {value}: a power cut would take money with it. Switch it on.")
    if encoding != "UTF8" or not by_letters:
        raise StoreUnusable(
            f"The database is {encoding} and sorts {'by C' if by_letters else 'as a language does'};"
            " it must be UTF8 and sort by C:"
            " CREATE DATABASE loket TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'."
        )
    return bool(has_tables)


def _migrate(url: str) -> None:
    from adapters.database.migrations.run import upgrade  # noqa: PLC0415  # loading Alembic takes longer than a command

    try:
        with _told_in_a_sentence(), engine(url, MIGRATING).connect() as connection:
            upgrade(connection)
    except DBAPIError as error:
        raise StoreUnusable(f"The tables cannot be brought to version {HEAD}: {said(error.orig)}.") from error


@contextmanager
def _told_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise StoreUnusable(f"The database cannot be opened: {said(error)}.") from error
