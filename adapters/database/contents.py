"""Everything that the invariants are checked on, read row by row from one connection: the protocol `Contents`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, cast, func, literal_column, select

from adapters.database.below import stream
from adapters.database.column_types import Number
from adapters.database.prepared import Prepared
from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import day_balances, day_cuts, entries, postings, tree_tiles
from core.domain.day_cut import DayBalance, DayClosing, DayCut, DaySum
from core.domain.head import Head
from core.domain.invariants import Days, Leg, Stored
from core.domain.message import Message
from core.domain.payment import Attempt, Payment
from core.domain.tiles import Tile, Tree
from core.domain.wallet import Wallet

Record = TypeVar("Record")

NOBODY: tuple[float, Iterator[Any]] = (float("inf"), iter(()))

ENTRIES = select(entries).order_by(entries.c.entry_index)
POSTINGS = select(postings.c.entry_index, postings.c.account, postings.c.minor).order_by(
    postings.c.entry_index, postings.c.leg
)

# What the journal posts on the days until the last cut, added up by the database.
DAY_SUMS = (
    select(
        entries.c.day,
        postings.c.account,
        entries.c.currency,
        cast(func.sum(postings.c.minor), Number),  # PostgreSQL adds whole numbers up to another kind of number
        func.max(entries.c.entry_index),
    )
    .join_from(entries, postings, postings.c.entry_index == entries.c.entry_index)
    .where(entries.c.day <= select(func.max(day_cuts.c.day)).scalar_subquery())
    .group_by(entries.c.day, postings.c.account, entries.c.currency)
    .order_by(entries.c.day)
)


class StoredContents:
    """Inside a transaction it is one moment, however long the reading takes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def messages(self) -> Iterator[Message]:
        return self._every(Message)

    def legs(self) -> Iterator[Leg]:
        for (index, key, kind, currency, _, _, payment_id, _), legs in self.entries():
            for account, minor in legs:
                yield index, key, kind, currency, payment_id, account, minor

    def entries(self) -> Iterator[Stored]:
        """Two streams side by side: a third of what the database takes to join them.

        An entry that has no legs is lost here, and then its index is missing.
        """
        dialect = self._connection.dialect
        legs = groupby(self._rows(Prepared(POSTINGS, dialect).text), key=itemgetter(0))
        whose, mine = next(legs, NOBODY)
        for facts in self._rows(Prepared(ENTRIES, dialect).text):
            while whose < facts[0]:
                whose, mine = next(legs, NOBODY)
            if whose == facts[0]:
                yield facts, [row[1:] for row in mine]

    def tree(self) -> Tree | None:
        return next(self._every(Tree), None)

    def tiles(self, level: int) -> Iterator[Tile]:
        of_level = tree_tiles.c.level == literal_column(f"{level:d}")
        return self._each(Tile, select(tree_tiles).where(of_level).order_by(tree_tiles.c.number))

    def heads(self) -> Iterator[Head]:
        return self._every(Head)

    def wallets(self) -> Iterator[Wallet]:
        return self._every(Wallet)

    def payments(self) -> Iterator[Payment]:
        return self._every(Payment)

    def attempts(self) -> Iterator[Attempt]:
        return self._every(Attempt)

    def days(self) -> Days:
        cuts = list(self._every(DayCut))
        kept = select(day_balances).order_by(day_balances.c.day, day_balances.c.account, day_balances.c.currency)
        if not cuts:
            return Days(balances=self._each(DayBalance, kept))
        return Days(
            cuts=cuts,
            closings={closing.day: closing.accounts for closing in self._every(DayClosing)},
            balances=self._each(DayBalance, kept),
            sums=(DaySum(*row) for row in self._rows(Prepared(DAY_SUMS, self._connection.dialect).text)),
        )

    def counted(self) -> dict[str, int]:
        """How many rows each stream is going to have."""
        tables = {"legs": postings, "entries": entries}
        tables |= {f"{kind.__name__.lower()}s": shelf_of(kind).table for kind in (Payment, Wallet, Attempt, Message)}
        count = [select(func.count()).select_from(table) for table in tables.values()]
        return {name: self._connection.execute(one).scalar_one() for name, one in zip(tables, count, strict=True)}

    def _every(self, kind: type[Record]) -> Iterator[Record]:
        table = shelf_of(kind).table
        return self._each(kind, table.select().order_by(*table.primary_key))

    def _each(self, kind: type[Record], wanted: Select[Any]) -> Iterator[Record]:
        dialect = self._connection.dialect
        return map(Rows(shelf_of(kind), dialect).record, self._rows(Prepared(wanted, dialect).text))

    def _rows(self, text: str) -> Iterator[Any]:
        """Two of them are read side by side."""
        return stream(self._connection, text)
