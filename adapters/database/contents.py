"""Everything that the invariants are checked on, read row by row from one connection: the protocol `Contents`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from adapters.database.prepared import Prepared
from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import entries, postings
from core.domain.invariants import Leg
from core.domain.message import Message
from core.domain.payment import Attempt, Payment
from core.domain.wallet import Wallet

Record = TypeVar("Record")

# The legs of an entry that has none are lost here, and then its index is missing.
LEGS = (
    select(
        entries.c.entry_index,
        entries.c.key,
        entries.c.kind,
        entries.c.currency,
        entries.c.payment_id,
        postings.c.account,
        postings.c.minor,
    )
    .join_from(entries, postings, postings.c.entry_index == entries.c.entry_index)
    .order_by(entries.c.entry_index, postings.c.leg)
)


class StoredContents:
    """Inside a transaction it is one moment, however long the reading takes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def messages(self) -> Iterator[Message]:
        return self._every(Message)

    def legs(self) -> Iterator[Leg]:
        return self._rows(Prepared(LEGS, self._connection.dialect).text)

    def wallets(self) -> Iterator[Wallet]:
        return self._every(Wallet)

    def payments(self) -> Iterator[Payment]:
        return self._every(Payment)

    def attempts(self) -> Iterator[Attempt]:
        return self._every(Attempt)

    def counted(self) -> dict[str, int]:
        """How many rows each stream is going to have."""
        tables = {"legs": postings, "entries": entries}
        tables |= {f"{kind.__name__.lower()}s": shelf_of(kind).table for kind in (Payment, Wallet, Attempt, Message)}
        count = [select(func.count()).select_from(table) for table in tables.values()]
        return {name: self._connection.execute(one).scalar_one() for name, one in zip(tables, count, strict=True)}

    def _every(self, kind: type[Record]) -> Iterator[Record]:
        shelf, dialect = shelf_of(kind), self._connection.dialect
        wanted = shelf.table.select().order_by(*shelf.table.primary_key)
        return map(Rows(shelf, dialect).record, self._rows(Prepared(wanted, dialect).text))

    def _rows(self, text: str) -> Iterator[Any]:
        """A cursor of its own for each stream, because two of them are read side by side."""
        return iter(self._connection.connection.cursor().execute(text))
