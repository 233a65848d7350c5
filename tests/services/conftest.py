"""A counter on a real store, whose every invariant is whole when a test is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.till import Till
from tests.support.counters import bench
from tests.support.invariants import invariants_kept


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    """A customer with 200,000 rupiah in front of it."""
    async with bench(tmp_path) as at, invariants_kept(at.store):
        yield Till(at, await at.customer())
