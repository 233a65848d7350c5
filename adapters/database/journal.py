"""The journal's own statements: an entry is a row, and each of its legs another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, bindparam, func, select

from adapters.database.bulk import inserts
from adapters.database.column_types import Day, Moment
from adapters.database.prepared import Prepared, Values
from adapters.database.tables import day_cuts, entries, postings
from core.domain.journal import Entry, Posting

# One row a leg, the entry's own values in front.
LEGS = (
    select(*entries.c, postings.c.account, postings.c.minor)
    .join_from(entries, postings, postings.c.entry_index == entries.c.entry_index)
    .order_by(entries.c.entry_index, postings.c.leg)
)
WITH_KEY = LEGS.where(entries.c.key == bindparam("wanted"))
FROM_INDEX = LEGS.where(entries.c.entry_index >= bindparam("first"))
WITHIN = FROM_INDEX.where(entries.c.entry_index <= bindparam("last"))
OF_PAYMENT = LEGS.where(entries.c.payment_id == bindparam("payment_id"))
INDEX_OF = select(entries.c.entry_index).where(entries.c.key == bindparam("wanted"))
# Where the journal ends, and the last day that was cut: what each batch that posts must know.
END = select(
    select(func.max(entries.c.entry_index)).scalar_subquery(), select(func.max(day_cuts.c.day)).scalar_subquery()
)


class JournalStatements:
    def __init__(self, dialect: Dialect) -> None:
        self.with_key = Prepared(WITH_KEY, dialect)
        self.from_index = Prepared(FROM_INDEX, dialect)
        self.within = Prepared(WITHIN, dialect)
        self.of_payment = Prepared(OF_PAYMENT, dialect)
        self.index_of = Prepared(INDEX_OF, dialect)
        self.end = Prepared(END, dialect)
        self._dialect = dialect

    def insert(self, journal: Iterable[Entry]) -> Iterator[tuple[str, Values]]:
        moment, day = Moment().bind_processor(self._dialect), Day().bind_processor(self._dialect)
        heads: list[Values] = []
        legs: list[Values] = []
        for one in journal:
            index = one.index
            heads.append(
                (index, one.key, one.kind, one.currency, moment(one.at), day(one.day), one.payment_id, one.memo)
            )
            legs += [(index, leg, posting.account, posting.minor) for leg, posting in enumerate(one.postings)]
        yield from inserts(entries, self._dialect, heads)
        yield from inserts(postings, self._dialect, legs)

    def entries(self, legs: Iterable[Sequence[Any]]) -> Iterator[Entry]:
        """Entries from rows of `LEGS`, in which the legs of one entry lie together."""
        moment = Moment().result_processor(self._dialect, None)
        day = Day().result_processor(self._dialect, None)
        for _, rows in groupby(legs, key=itemgetter(0)):
            own = list(rows)
            index, key, kind, currency, at, on, payment_id, memo = own[0][:8]
            postings_ = tuple(Posting(row[8], row[9]) for row in own)
            yield Entry(key, kind, currency, postings_, moment(at), day(on), payment_id, memo, index)
