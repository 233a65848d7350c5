"""A database whose store is sealed: the keys are found or made when it is opened, and every connection has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection

from adapters.database.below import Database, Reading, StoreUnusable, Transactions
from adapters.database.resealing import seal_all
from adapters.database.sealing import FieldKeys, Keyring, StoreKey, with_keyring
from adapters.database.store_keys import kept_keys
from core.ports import StoreDown

Connected = TypeVar("Connected", Transactions, Reading)

NEEDED = "This store is sealed: LOKET_FIELD_KEYS is needed to open it."


class SealedDatabase:
    """Another database, with the keyring of its store on each connection.

    A store is sealed from the first time it is opened with field keys on: what it holds by then is sealed in one
    transaction. Without field keys a store that never was lies open, and one that is sealed is refused.
    """

    def __init__(self, below: Database, field_keys: Mapping[int, bytes] | None) -> None:
        self.error, self.shared = below.error, below.shared
        self._below = below
        self.keyring = Keyring(FieldKeys(field_keys), self.kept) if field_keys else None

    @contextmanager
    def opened(self, *, owner: bool) -> Iterator[None]:
        """Raises `StoreUnusable` as well when the keys are missing or wrong."""
        with self._below.opened(owner=owner):
            self._unlock(is_owned=owner)
            yield

    def kept(self) -> list[StoreKey]:
        """The store's keys as they lie there."""
        with self._below.reporting() as connection:
            return kept_keys(connection)

    def _unlock(self, *, is_owned: bool) -> None:
        kept = self.kept()
        if self.keyring is not None:
            self.keyring.learn(kept or self._sealed_first(self.keyring.field_keys, is_owned=is_owned))
        elif kept:
            raise StoreUnusable(NEEDED)

    def _sealed_first(self, field_keys: FieldKeys, *, is_owned: bool) -> list[StoreKey]:
        if is_owned:
            return seal_all(self._below, field_keys)
        with self._below.opened(owner=True):
            return seal_all(self._below, field_keys)

    # As the database below, with the keys.

    def writing(self, *, owner: bool) -> Transactions:
        return self._keyed(self._below.writing(owner=owner))

    def reading(self) -> Reading:
        return self._keyed(self._below.reading())

    def reporting(self) -> Connection:
        connection = self._below.reporting()
        if self.keyring is not None:
            engine: Any = connection.engine
            connection.dialect = engine.dialect = with_keyring(connection.dialect, self.keyring)
        return connection

    def _keyed(self, connected: Connected) -> Connected:
        if self.keyring is not None:
            there: Any = connected
            there.dialect = with_keyring(there.dialect, self.keyring)
        return connected

    def hold_still(self, connection: Connection) -> None:
        self._below.hold_still(connection)

    def is_lost(self, error: Exception) -> bool:
        return self._below.is_lost(error)

    def unreadable(self, error: Exception) -> StoreDown:
        return self._below.unreadable(error)
