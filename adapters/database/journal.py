"""The journal's own statements: an entry is a row, and each of its legs another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, bindparam, func, insert, select

from adapters.database.column_types import Day, Moment
from adapters.database.tables import entries, postings
from core.domain.journal import Entry, Posting

# One row a leg, the entry's own values in front.
LEGS = select(*entries.c, postings.c.account, postings.c.minor).join_from(
    entries, postings, postings.c.entry_index == entries.c.entry_index
)
WITH_KEY = LEGS.where(entries.c.key == bindparam("wanted")).order_by(postings.c.leg)
LAST_INDEX = select(func.max(entries.c.entry_index))

Values = tuple[Any, ...]


class JournalStatements:
    """Compiled once, for the same reason as those in `statements.py`."""

    def __init__(self, dialect: Dialect) -> None:
        self.insert_entries = str(insert(entries).compile(dialect=dialect))
        self.insert_postings = str(insert(postings).compile(dialect=dialect))
        self.with_key = str(WITH_KEY.compile(dialect=dialect))
        self.last_index = str(LAST_INDEX.compile(dialect=dialect))
        self._dialect = dialect

    def rows(self, journal: Iterable[Entry]) -> tuple[list[Values], list[Values]]:
        """Values for the two inserts."""
        moment: Any = Moment().bind_processor(self._dialect)
        day: Any = Day().bind_processor(self._dialect)
        heads: list[Values] = []
        legs: list[Values] = []
        for one in journal:
            heads.append(
                (one.index, one.key, one.kind, one.currency, moment(one.at), day(one.day), one.payment_id, one.memo)
            )
            legs += [(one.index, leg, posting.account, posting.minor) for leg, posting in enumerate(one.postings)]
        return heads, legs

    def entry(self, legs: Sequence[Sequence[Any]]) -> Entry | None:
        return next(self.entries(legs), None)

    def entries(self, legs: Iterable[Sequence[Any]]) -> Iterator[Entry]:
        """Entries from rows of `LEGS` in which the legs of one entry lie together."""
        moment: Any = Moment().result_processor(self._dialect, None)
        day: Any = Day().result_processor(self._dialect, None)
        for _, rows in groupby(legs, key=itemgetter(0)):
            own = list(rows)
            index, key, kind, currency, at, on, payment_id, memo = own[0][:8]
            postings_ = tuple(Posting(row[8], row[9]) for row in own)
            yield Entry(key, kind, currency, postings_, moment(at), day(on), payment_id, memo, index)
