"""A store in a file of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.database.opening import bring_up_to_date
from adapters.database.store import SqliteStore, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store will be; nothing is there yet."""
    return tmp_path / "loket.db"


@pytest.fixture
def url(path: Path, empty: Path) -> str:
    """An empty store, its tables up to date."""
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
async def store(url: str) -> AsyncIterator[SqliteStore]:
    async with open_store(url, owner=True) as opened:
        yield opened
