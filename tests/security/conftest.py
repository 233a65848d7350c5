"""Every test here finds an empty store in its folder: migrating one takes longer than most of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.database.opening import bring_up_to_date

_migrated: list[bytes] = []


@pytest.fixture(autouse=True)
def an_empty_store(tmp_path: Path) -> None:
    store = tmp_path / "loket.db"
    if not _migrated:
        bring_up_to_date(store, is_owned=False)
        _migrated.append(store.read_bytes())
    store.write_bytes(_migrated[0])
