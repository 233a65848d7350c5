"""What an operator does about the keys of a store: see which are in use, and put all under newer ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from adapters.database.place import database_at
from adapters.database.resealing import Advance, begin_anew, numbers_in_use, renew_look_ups, reseal
from adapters.database.rewriting import sealed_tables
from adapters.database.sealed_database import SealedDatabase
from adapters.database.sealing import Keyring


@contextmanager
def keys_of_store(url: str, field_keys: Mapping[int, bytes], *, alone: bool) -> Iterator[KeysOfStore]:
    """`alone`: nobody else may be serving from it. Raises `StoreUnusable` or `StoreBusy`."""
    database = SealedDatabase(database_at(url), field_keys)
    with database.opened(owner=alone):
        assert database.keyring is not None
        yield KeysOfStore(database, database.keyring)


class KeysOfStore:
    def __init__(self, database: SealedDatabase, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    @property
    def newest(self) -> int:
        """Of the field keys."""
        return self._keyring.field_keys.newest

    def versions(self) -> dict[int, str]:
        """Each version of the field keys, and which keys of the store it opens."""
        kept = self._database.kept()
        return {
            version: ", ".join(f"{one.purpose} {one.number}" for one in kept if one.wrapped_by == version)
            for version in self._keyring.field_keys.versions
        }

    def in_use(self) -> Iterator[dict[str, Any]]:
        """How many values of each table are under which of the store's keys; `once` where they can never change."""
        for table, once, counted in numbers_in_use(self._database):
            for number, values in sorted(counted.items()):
                yield {"table": table, "store_key": f"values {number}", "values": values, "once": once}

    def rows(self) -> int:
        """How many rows `reseal` is going to look at."""
        with self._database.reporting() as connection:
            counts = (select(func.count()).select_from(one.table) for one in sealed_tables() if not one.append_only)
            return sum(connection.execute(count).scalar_one() for count in counts)

    def begin_anew(self) -> None:
        begin_anew(self._database, self._keyring)

    def renew_look_ups(self) -> None:
        renew_look_ups(self._database, self._keyring)

    def reseal(self, advance: Advance) -> int:
        return reseal(self._database, self._keyring, advance)
