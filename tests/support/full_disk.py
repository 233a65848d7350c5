"""A store that can be read, on a disk with no room left."""

from __future__ import annotations

from typing import Any

from core.ports import StoreDown


class FullDisk:
    """Stands in for the store it is given; nothing is ever written."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, change: object) -> Any:
        raise StoreDown("nothing was written: database or disk is full")
