"""An empty store for each test: in a file of its own, and on PostgreSQL as well where the file is not the point."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.database.opening import bring_up_to_date
from adapters.database.store import DatabaseStore, open_store
from tests.support.postgres import empty_store

DATABASES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What asks for the `path` is about SQLite's file, and so is a module that says so by `DATABASES`."""
    if "database" in metafunc.fixturenames and not _says_itself(metafunc):
        of_module = getattr(metafunc.module, "DATABASES", DATABASES)
        metafunc.parametrize("database", DATABASES[:1] if "path" in metafunc.fixturenames else of_module)


def _says_itself(metafunc: pytest.Metafunc) -> bool:
    return any("database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a file will be; nothing is there yet."""
    return tmp_path / "loket.db"


@pytest.fixture
def url(database: str, tmp_path: Path, empty: Path) -> str:
    """An empty store, its tables up to date."""
    if database == "postgresql":
        return empty_store()
    path = tmp_path / "loket.db"
    shutil.copy(empty, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, because that takes longer than most of these tests."""
    made = tmp_path_factory.mktemp("empty") / "loket.db"
    bring_up_to_date(made, is_owned=False)
    return made


@pytest.fixture
async def store(url: str) -> AsyncIterator[DatabaseStore]:
    async with open_store(url, owner=True) as opened:
        yield opened
