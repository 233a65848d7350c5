"""One store for all that only asks; what posts into it must not mind what others have posted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.operators import fill


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with something of everything in it."""
    folder = tmp_path_factory.mktemp("operator")
    asyncio.run(fill(folder))
    return folder
