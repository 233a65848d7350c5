"""How the values of records lie in columns: whole numbers and text only, so that every store keeps them alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

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


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _moment(number: int | None) -> datetime | None:
    return None if number is None else EPOCH + timedelta(microseconds=number)


def _iso(day: date) -> str:
    return day.isoformat()


def _day(words: str) -> date:
    return date.fromisoformat(words)
