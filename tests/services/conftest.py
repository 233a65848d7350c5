"""A counter on a real store of either kind, whose every invariant is whole when a test is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.till import Till
from tests.support import counters
from tests.support.counters import bench
from tests.support.invariants import invariants_kept
from tests.support.postgres import store_for

# Those through which money goes; of the others one kind of store says enough, and both would take minutes.
ON_BOTH = ("test_pay", "test_settle", "test_reroute", "test_top_up", "test_take_back", "test_claim")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    name = metafunc.module.__name__.rpartition(".")[2]
    if name in ON_BOTH:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service does the same on either kind of store."""
    if getattr(request, "param", "sqlite") == "postgresql":
        monkeypatch.setattr(counters, "store_in", store_for)


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    """A customer with 200,000 rupiah in front of it."""
    async with bench(tmp_path) as at, invariants_kept(at.store):
        yield Till(at, await at.customer())
