"""How the values of records lie in columns: whole numbers and text only, so that every store keeps them alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from adapters.database.sealing import keyring_of

# SQLite gives STRICT tables (which refuse text or a fraction where money belongs) INTEGER only.
Number = BigInteger().with_variant(Integer(), "sqlite")

Convert = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An instant as whole microseconds since 1970, UTC. An unaware datetime is a bug and raises `TypeError`."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    # The processors are given as they are, because what `TypeDecorator` wraps around them costs as much again.

    def bind_processor(self, dialect: Dialect) -> Convert:
        return _microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert:
        return _moment


class Day(TypeDecorator[date]):
    """A calendar day as ISO 8601 text."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Convert:
        return _iso

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert:
        return _day


class Flag(TypeDecorator[bool]):
    """Yes or no; 1 or 0 where the store has no truth values."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def bind_processor(self, dialect: Dialect) -> Convert:
        return int if dialect.name == "sqlite" else bool

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert:
        return bool


class Sealed(TypeDecorator[str]):
    """Text that nobody reads from the files: sealed with its place, `table.column`, and the key of its row.

    Only a shelf's rows know the row, so they seal and open it (`shelves.Rows`); here it is as it lies. A value that
    would be written or compared past them is a bug and raises `TypeError`.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def bind_processor(self, dialect: Dialect) -> Convert | None:
        return self._refuse if keyring_of(dialect) else None

    def _refuse(self, _value: str) -> str:
        raise TypeError(f"{self.place} is sealed with its row, and is written by its shelf only")


class SealedKey(TypeDecorator[str]):
    """Text that rows are found by, and that nobody reads from the files: in one place the same is always the same.

    So it can be compared, and only for being equal: its order and its beginnings mean nothing.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def bind_processor(self, dialect: Dialect) -> Convert | None:
        keyring = keyring_of(dialect)
        return partial(keyring.mark, self.place) if keyring else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert | None:
        keyring = keyring_of(dialect)
        return partial(keyring.read, self.place) if keyring else None


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _moment(number: int | None) -> datetime | None:
    return None if number is None else EPOCH + timedelta(microseconds=number)


def _iso(day: date) -> str:
    return day.isoformat()


def _day(words: str) -> date:
    return date.fromisoformat(words)
