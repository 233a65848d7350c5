"""What tables are made of: whole numbers and text, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, Table, Text

from adapters.database.column_types import Flag, Moment, Number, Sealed, SealedKey

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# Far above any amount and any balance, far below where a sum of many would leave 64 bits.
MOST_MINOR = 10**15


def table(name: str, *parts: Any, rowid: bool = False) -> Table:
    """On SQLite the types are enforced, and short rows lie in the tree of their key itself.

    Long ones in such a tree leave room for few in a page and make it deep: a payment cost a fifth more.
    """
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def text(name: str, *more: Any, **options: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=options.pop("nullable", False), **options)


def sealed(place: str) -> Column[str]:
    """Text of a person, at `table.column`."""
    return Column(place.partition(".")[2], Sealed(place), nullable=False)


def sealed_key(place: str) -> Column[str]:
    """The same, as part of the key."""
    return Column(place.partition(".")[2], SealedKey(place), primary_key=True, nullable=False)


def number(name: str, *more: Any, **options: Any) -> Column[int]:
    return Column(name, Number, *more, nullable=options.pop("nullable", False), **options)


def moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, Moment, nullable=options.pop("nullable", False), **options)


def flag(name: str) -> Column[bool]:
    return Column(name, Flag, nullable=False)


def version() -> Column[int]:
    return number("version")


def one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_listed")


def amount(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN 0 AND {MOST_MINOR}", name=column)
