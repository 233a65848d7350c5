"""What a reconciliation reads of the store: attempts and their payments, lines seen before, the deposit at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Dialect, Select, case, func, literal, select

from adapters.database.column_types import Moment
from adapters.database.reading_thread import ReadingThread
from adapters.database.sealing import keyring_of, name_of
from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import (
    absences,
    attempts,
    breaks,
    differences,
    entries,
    payments,
    postings,
    statement_lines,
    statements,
)
from core.domain.judging import Booked
from core.domain.matching import Funding
from core.domain.payment import Proof
from core.domain.statement import Absence, SeenLine, Statement

Record = TypeVar("Record")

AT_ONCE = 500
# Posted as of the day of the sale, whenever it became known.
OF_THE_SALE = ("capture", "arrive_late", "attempt_late")
KNOWN_COST = (Proof.PAID.value, Proof.GIVEN_BACK.value)

BOOKED = select(
    attempts.c.key,
    attempts.c.payment_id,
    attempts.c.number,
    attempts.c.made_at,
    attempts.c.code,
    attempts.c.reference,
    attempts.c.currency,
    attempts.c.most_minor,
    attempts.c.outcome,
    payments.c.state,
    (payments.c.attempt == attempts.c.number).label("latest"),
    case((payments.c.provider == attempts.c.provider, payments.c.cost_minor)).label("cost"),
    payments.c.serial,
).join_from(attempts, payments, payments.c.payment_id == attempts.c.payment_id)


class StatementBooks:
    """Keeps the promises of `core.services.reconcile.records.Records`."""

    def __init__(self, thread: ReadingThread) -> None:
        self._thread = thread

    async def statements_of(self, source: str) -> Sequence[Statement]:
        wanted = select(statements).where(statements.c.source == source).order_by(statements.c.since)
        return await self._thread.ask(self._records, Statement, wanted)

    async def booked_between(self, provider: str, since: datetime, until: datetime) -> Sequence[Booked]:
        mine = attempts.c.provider == provider, attempts.c.made_at >= since, attempts.c.made_at < until
        return await self._thread.ask(self._booked, provider, mine)

    async def booked_under(self, provider: str, keys: Collection[str]) -> Sequence[Booked]:
        found: list[Booked] = []
        for some in _some_at_a_time(keys):
            mine = attempts.c.key.in_(some), attempts.c.provider == provider
            found += await self._thread.ask(self._booked, provider, mine)
        return found

    async def lines_about(self, source: str, about: Collection[str]) -> Sequence[SeenLine]:
        found: list[SeenLine] = []
        for some in _some_at_a_time(about):
            wanted = select(statement_lines).where(
                statement_lines.c.about.in_(some), statement_lines.c.source == source
            )
            found += await self._thread.ask(self._records, SeenLine, wanted)
        return found

    async def absences_of(self, source: str) -> Sequence[Absence]:
        wanted = select(absences).where(absences.c.source == source).order_by(absences.c.key)
        return await self._thread.ask(self._records, Absence, wanted)

    async def fundings_of(self, provider: str, since: datetime, until: datetime) -> Sequence[Funding]:
        wanted = (
            select(entries.c.key, entries.c.at, postings.c.minor, entries.c.currency)
            .join_from(entries, postings, postings.c.entry_index == entries.c.entry_index)
            .where(
                postings.c.account == f"deposit:{provider}",
                entries.c.kind == "fund_deposit",
                entries.c.at >= since,
                entries.c.at < until,
            )
            .order_by(entries.c.entry_index)
        )
        return [Funding(*row) for row in await self._thread.ask(self._rows, wanted)]

    async def deposit_at(self, provider: str, until: datetime) -> int:
        booked_at = case((entries.c.kind.in_(OF_THE_SALE), payments.c.authorized_at), else_=entries.c.at)
        before = booked_at < literal(until, Moment())
        wanted = (
            select(func.coalesce(func.sum(postings.c.minor), 0))
            .join_from(postings, entries, postings.c.entry_index == entries.c.entry_index)
            .join(payments, payments.c.payment_id == entries.c.payment_id, isouter=True)
            .where(postings.c.account == f"deposit:{provider}", before)
        )
        [(total,)] = await self._thread.ask(self._rows, wanted)
        return int(total)

    async def queued_minor(self, source: str, *, but: str) -> int:
        wanted = (
            select(func.coalesce(func.sum(differences.c.over_minor), 0))
            .join_from(differences, breaks, breaks.c.break_id == differences.c.break_id)
            .where(differences.c.source == source, differences.c.statement_id != but, breaks.c.closed_at.is_(None))
        )
        [(total,)] = await self._thread.ask(self._rows, wanted)
        return int(total)

    def _booked(self, provider: str, mine: Sequence[ColumnElement[bool]]) -> list[Booked]:
        posted = self._posted(provider, mine)
        connection = self._connection
        opened = _Opened(connection.dialect)
        return [
            opened.booked(row, posted.get(row[1], 0))
            for row in connection.execute(BOOKED.where(*mine)).yield_per(AT_ONCE)
        ]

    def _posted(self, provider: str, mine: Sequence[ColumnElement[bool]]) -> dict[str, int]:
        """What the entries of these payments took from the deposit."""
        theirs = select(attempts.c.payment_id).where(*mine)
        wanted = (
            select(entries.c.payment_id, func.sum(postings.c.minor))
            .join_from(entries, postings, postings.c.entry_index == entries.c.entry_index)
            .where(entries.c.payment_id.in_(theirs), postings.c.account == f"deposit:{provider}")
            .group_by(entries.c.payment_id)
        )
        return {payment_id: int(minor) for payment_id, minor in self._rows(wanted)}

    @property
    def _connection(self) -> Connection:
        return self._thread.connection

    def _records(self, kind: type[Record], wanted: Select[Any]) -> list[Record]:
        rows = Rows(shelf_of(kind), self._connection.dialect)
        return [kind(*rows.opened(list(row))) for row in self._rows(wanted)]

    def _rows(self, wanted: Select[Any]) -> Sequence[Any]:
        return self._connection.execute(wanted).all()


def _some_at_a_time(keys: Collection[str]) -> Iterator[list[str]]:
    listed = list(keys)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))


class _Opened:
    """Rows of `BOOKED`, whose sealed values are opened by the keys of their own rows."""

    def __init__(self, dialect: Dialect) -> None:
        self._keyring = keyring_of(dialect)

    def booked(self, row: Any, posted: int) -> Booked:
        key, payment_id, number, made_at, code, reference, currency, most, outcome, state, latest, cost, serial = row
        if self._keyring is not None:
            reference = self._keyring.opened("attempts.reference", name_of([payment_id, number]), reference)
            serial = self._keyring.opened("payments.serial", name_of([payment_id]), serial)
        return Booked(
            key,
            payment_id,
            number,
            made_at,
            code,
            reference,
            currency,
            most,
            outcome,
            state,
            bool(latest),
            cost if outcome in KNOWN_COST else None,
            serial if outcome == Proof.PAID else "",
            posted,
        )
