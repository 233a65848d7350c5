"""What the database itself refuses, whoever asks and however."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.database import sqlite
from adapters.database.store import DatabaseStore
from core.domain.evidence import Delivery, Evidence
from core.ports import Book
from tests.adapters.database.changes import NOW, Do, Transfer, a_payment, a_wallet, put

DATABASES = ("sqlite",)


@pytest.fixture
async def shell(store: DatabaseStore, path: Path) -> AsyncIterator[sqlite3.Connection]:
    """Somebody with the file and a shell, beside the running store."""
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2"), a_payment()))
    await store.commit(Transfer("w1", "w2", 10))
    await store.commit(Do(_add_evidence))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        yield connection


def _add_evidence(book: Book) -> None:
    book.add(Evidence("p1", 1, "d1", "reply", "paid", "00", "{}", NOW))
    book.add(Delivery("d1", "digiflazz", "p1-1", "12345678901", "{}", NOW))


@pytest.mark.parametrize("table", ["entries", "postings", "evidence", "deliveries"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ],
)
async def test_what_was_written_once_is_neither_changed_nor_deleted(
    shell: sqlite3.Connection, table: str, statement: str
):
    column = {"entries": "memo", "postings": "minor"}.get(table, "body")

    with pytest.raises(sqlite3.IntegrityError, match=r"is append-only|has no gaps"):
        shell.execute(statement.format(table=table, column=column))


@pytest.mark.parametrize("index", [0, -1, 3, 10])
async def test_the_journal_has_no_gaps(shell: sqlite3.Connection, index: int):
    with pytest.raises(sqlite3.IntegrityError, match="no gaps"):
        shell.execute("INSERT INTO entries VALUES (?, 'key', 'transfer', 'IDR', 0, '2026-03-02', NULL, '')", (index,))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallets SET available_minor = -1",
        "UPDATE wallets SET available_minor = 1.5",
        "UPDATE wallets SET available_minor = 'a lot'",
        "UPDATE wallets SET available_minor = NULL",
        "UPDATE wallets SET state = 'rich'",
        "UPDATE payments SET state = 'paid'",
        "UPDATE payments SET wallet_id = 'nobody'",
        "DELETE FROM wallets",
        "DELETE FROM payments",
        "INSERT INTO postings VALUES (1, 9, 'wallet:w1', 0)",
        "INSERT INTO postings VALUES (99, 1, 'wallet:w1', 1)",
        "INSERT INTO postings VALUES (1, 9, 'wallet:w1', 9000000000000000000)",
        "INSERT INTO postings VALUES (1, 9, 'wallet:w1', 0.5)",
    ],
)
async def test_a_value_that_cannot_be_is_refused(shell: sqlite3.Connection, statement: str):
    with pytest.raises(sqlite3.IntegrityError):
        shell.execute(statement)


async def test_two_captured_payments_never_share_a_receipt_number(store: DatabaseStore):
    await store.commit(put(a_wallet(), replace(a_payment("p1"), receipt="000013")))

    with pytest.raises(sqlite3.IntegrityError, match=r"payments\.receipt"):
        await store.commit(put(replace(a_payment("p2"), receipt="000013")))


async def test_every_connection_writes_durably_and_only_the_owners_checkpoints(path: Path, store: DatabaseStore):
    def pragma(connection: Connection, name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

    with (
        sqlite.writing(path, checkpoints=True) as owner,
        sqlite.writing(path, checkpoints=False) as guest,
        sqlite.reading(path) as reader,
    ):
        for connection in (owner, guest, reader):
            assert pragma(connection, "journal_mode") == "wal"
            assert pragma(connection, "synchronous") == 2
            assert pragma(connection, "foreign_keys") == 1
        assert [pragma(one, "wal_autocheckpoint") for one in (owner, guest, reader)] == [sqlite.CHECKPOINT_PAGES, 0, 0]
        with pytest.raises(Exception, match="readonly"):
            reader.exec_driver_sql("UPDATE wallets SET language = 'en'")


async def test_an_error_says_nothing_of_what_was_in_the_row(store: DatabaseStore):
    with pytest.raises(sqlite3.IntegrityError) as refused:
        await store.commit(put(replace(a_wallet(), available_minor=-1)))

    assert "+62" not in str(refused.value)
    assert "hash" not in str(refused.value)
