"""The tables that the migrations make are those that the code describes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapters.database import sqlite
from adapters.database.below import StoreUnusable
from adapters.database.migrations import HEAD
from adapters.database.migrations.run import config
from adapters.database.opening import bring_up_to_date
from adapters.database.store import open_store
from adapters.database.tables import metadata
from core.domain.message import SMS
from core.domain.wallet import Wallet
from tests.adapters.database.changes import a_wallet, put


@pytest.fixture
def new(path: Path) -> str:
    """Where no store is yet."""
    return f"sqlite:///{path}"


def schema(path: Path) -> dict[str, list[str]]:
    """Tables, indices and triggers with their statements, whatever the order of the constraints."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {
        name: sorted(line.strip(" ,\t") for line in sql.splitlines() if line.strip())
        for name, sql in rows
        if name != "alembic_version"
    }


def test_migrated_tables_are_the_described_ones_to_the_letter(tmp_path: Path):
    bring_up_to_date(tmp_path / "migrated.db", is_owned=False)

    with sqlite.writing(tmp_path / "described.db", checkpoints=False) as connection:
        metadata.create_all(connection)

    assert schema(tmp_path / "migrated.db") == schema(tmp_path / "described.db")
    assert len(schema(tmp_path / "migrated.db")) > 20


def test_there_is_nothing_left_to_migrate(path: Path):
    bring_up_to_date(path, is_owned=False)

    with sqlite.reading(path) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_known_by_its_name():
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


async def test_a_store_that_is_up_to_date_is_opened_as_it_is(new: str):
    async with open_store(new, owner=True) as store:
        await store.commit(put(a_wallet()))

    async with open_store(new, owner=True) as store:
        assert await store.read(Wallet, "w1") is not None


async def test_a_store_of_a_newer_version_is_refused_with_a_sentence(url: str, path: Path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreUnusable, match="written by a newer version of Loket"):
        async with open_store(url, owner=True):
            pass


async def test_a_migration_that_fails_leaves_nothing_behind(new: str, path: Path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE postings (somebody_elses INTEGER)")

    with pytest.raises(StoreUnusable, match="cannot be opened: table postings already exists"):
        async with open_store(new, owner=True):
            pass

    assert list(schema(path)) == ["postings"]


async def test_a_file_that_is_no_database_is_refused_with_a_sentence(new: str, path: Path):
    path.write_text("this is a letter to my grandmother, not a database" * 50)

    with pytest.raises(StoreUnusable, match="cannot be opened: file is not a database"):
        async with open_store(new, owner=True):
            pass


@pytest.mark.parametrize(
    "url", ["", "loket.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql:///loket", "sqlite:///a?b"]
)
async def test_a_url_that_names_no_file_is_refused_with_a_sentence(url: str):
    with pytest.raises(StoreUnusable, match="must be sqlite:/// and a path to a file"):
        async with open_store(url):
            pass


async def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnusable, match="cannot be opened: File exists"):
        async with open_store(f"sqlite:///{tmp_path}/file/loket.db", owner=True):
            pass


async def test_the_files_are_their_owners_alone(new: str, path: Path):
    async with open_store(new, owner=True) as store:
        await store.commit(put(a_wallet()))
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}

    assert modes == {f"loket.db{end}": "0o600" for end in ("", "-wal", "-shm", ".lock")}


async def test_a_store_of_the_first_version_keeps_its_messages(new: str, path: Path):
    with sqlite.writing(path, checkpoints=False) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config(connection), "0001")
        connection.commit()
        connection.exec_driver_sql(
            "INSERT INTO wallets VALUES ('w1', '+6281234567890', 'id', 'IDR', 'active', 0, 'h', 'h', 1, NULL, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO messages VALUES ('captured:p1', 'w1', '+6281234567890', 'Lunas.', 1, 2, 0, NULL, 3)"
        )
        connection.commit()

    async with open_store(new, owner=True) as store:
        [kept] = await store.messages_to("w1", limit=9)

    assert (kept.message_id, kept.words, kept.channel, kept.version) == ("captured:p1", "Lunas.", SMS, 3)
    assert kept.is_due(datetime.now(UTC))
