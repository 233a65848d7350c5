"""What operators ask: figures, the story of a payment, what is open. It may read much: not for the loop's thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Executable, Select, Table, false, func, select, true

from adapters.database.column_types import Moment
from adapters.database.journal import JournalStatements
from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import (
    arrivals,
    attempts,
    breaks,
    cases,
    evidence,
    head_places,
    heads,
    messages,
    operators,
    payments,
    postings,
    price_lines,
    proposals,
    safeguards,
    tickets,
)
from core.domain.approval import Proposal
from core.domain.evidence import Break, Case, Evidence
from core.domain.head import Head, HeadPlace
from core.domain.journal import Entry
from core.domain.message import COPY, Message
from core.domain.operator import Operator
from core.domain.payment import PAYMENT, Attempt, Payment
from core.domain.safeguarding import Safeguard
from core.domain.ticket import Ticket
from core.ports import Figures, PriceLine, Story

Record = TypeVar("Record")


class Reports:
    """Columns stand in the order of the records' fields, so a row is a record's arguments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._journal = JournalStatements(connection.dialect)

    def figures(self) -> Figures:
        by_state = self._rows(select(payments.c.state, func.count()).group_by(payments.c.state))
        unknown = payments.c.state.in_(("in_doubt", "review"))
        oldest = self._one(select(func.min(payments.c.authorized_at, type_=Moment())).where(unknown))
        unsent = messages.c.due_at.is_not(None), messages.c.patient == false()
        waiting, since = self._count_and_oldest(messages.c.created_at, *unsent)
        arrived, came = self._count_and_oldest(arrivals.c.came_at, arrivals.c.done_at.is_(None))
        open_breaks, newest_break = self._count_and_newest(Break, breaks)
        open_cases, newest_case = self._count_and_newest(Case, cases)
        return Figures(
            payments=dict(by_state),
            oldest_in_doubt=oldest,
            messages_waiting=waiting,
            oldest_message=since,
            arrivals_waiting=arrived,
            oldest_arrival=came,
            open_breaks=open_breaks,
            newest_break=newest_break,
            open_cases=open_cases,
            newest_case=newest_case,
            oldest_untold_head=self._oldest_untold_head(),
            short=self._short(),
        )

    def _short(self) -> Safeguard | None:
        newest = self._list(Safeguard, select(safeguards).order_by(safeguards.c.day.desc()).limit(1))
        return next((one for one in newest if one.short_minor), None)

    def _count_and_oldest(self, moment: Column[Any], *where: ColumnElement[bool]) -> tuple[int, datetime | None]:
        [(oldest, count)] = self._rows(select(func.min(moment, type_=Moment()), func.count()).where(*where))
        return count, oldest

    def _count_and_newest(self, kind: type[Record], table: Table) -> tuple[int, Record | None]:
        still_open = table.c.closed_at.is_(None)
        count = self._one(select(func.count()).select_from(table).where(still_open))
        newest = select(table).where(still_open).order_by(table.c.opened_at.desc(), *table.primary_key).limit(1)
        return count, next(iter(self._list(kind, newest)), None)

    def newest_payments(self, state: str | None, limit: int) -> Sequence[Payment]:
        """The newest by their ids, which are ordered by time; those in one state by when they came into it."""
        if state:
            return self._list(Payment, _in_state(state).limit(limit))
        return self._list(Payment, select(payments).order_by(payments.c.payment_id.desc()).limit(limit))

    def payments_in(self, state: str) -> Sequence[Payment]:
        return self._list(Payment, _in_state(state))

    def story_of(self, payment_id: str) -> Story:
        ids = [f"{state}:{payment_id}{copy}" for state in PAYMENT.states for copy in ("", COPY)]
        told = select(messages).where(messages.c.message_id.in_(ids))
        return Story(
            attempts=self._list(Attempt, _of(payment_id, attempts).order_by(attempts.c.number)),
            evidence=self._list(Evidence, _of(payment_id, evidence).order_by(evidence.c.at)),
            entries=self._entries_of(payment_id),
            messages=self._list(Message, told.order_by(messages.c.created_at)),
            breaks=self._list(Break, _of(payment_id, breaks).order_by(breaks.c.opened_at)),
        )

    def messages_to(self, wallet_id: str, limit: int) -> Sequence[Message]:
        mine = select(messages).where(messages.c.wallet_id == wallet_id)
        return self._list(Message, mine.order_by(messages.c.created_at.desc()).limit(limit))

    def open_cases(self, limit: int) -> Sequence[Case]:
        still_open = select(cases).where(cases.c.closed_at.is_(None))
        return self._list(Case, still_open.order_by(cases.c.opened_at).limit(limit))

    def open_breaks(self, limit: int) -> Sequence[Break]:
        still_open = select(breaks).where(breaks.c.closed_at.is_(None))
        return self._list(Break, still_open.order_by(breaks.c.opened_at).limit(limit))

    def operators(self) -> Sequence[Operator]:
        return self._list(Operator, select(operators).order_by(operators.c.added_at, operators.c.name))

    def open_proposals(self, limit: int) -> Sequence[Proposal]:
        undecided = select(proposals).where(proposals.c.outcome == "")
        return self._list(Proposal, undecided.order_by(proposals.c.proposed_at).limit(limit))

    def tickets_awaited(self, limit: int) -> Sequence[Ticket]:
        awaited = select(tickets).where(tickets.c.posted_at.is_(None))
        return self._list(Ticket, awaited.order_by(tickets.c.opened_at.desc()).limit(limit))

    def price_lines(self, provider: str) -> Sequence[PriceLine]:
        theirs = select(price_lines).where(price_lines.c.provider == provider)
        return self._list(PriceLine, theirs.order_by(price_lines.c.code))

    def balance_of(self, account: str) -> int:
        """Adds up the whole journal: 0.2 s for a million entries, and no index to keep at every posting."""
        total = select(func.coalesce(func.sum(postings.c.minor), 0)).where(postings.c.account == account)
        return int(self._one(total))

    def entries_from(self, first: int, limit: int) -> Sequence[Entry]:
        wanted = self._journal.within
        cursor = self._connection.connection.cursor()
        cursor.execute(wanted.text, wanted.values(first=first, last=first + limit - 1))
        return list(self._journal.entries(cursor.fetchall()))

    def head_from(self, size: int) -> Head | None:
        large_enough = select(heads).where(heads.c.size >= size)
        return next(iter(self._list(Head, large_enough.order_by(heads.c.size).limit(1))), None)

    def newest_head(self) -> Head | None:
        return next(iter(self._list(Head, select(heads).order_by(heads.c.size.desc()).limit(1))), None)

    def head_places(self) -> Sequence[HeadPlace]:
        return self._list(HeadPlace, select(head_places).order_by(head_places.c.place))

    def _oldest_untold_head(self) -> datetime | None:
        """The head that a place outside has waited for the longest."""
        told = select(func.min(head_places.c.size)).where(head_places.c.wanted == true()).scalar_subquery()
        oldest: datetime | None = self._one(select(func.min(heads.c.at, type_=Moment())).where(heads.c.size > told))
        return oldest

    def _entries_of(self, payment_id: str) -> Sequence[Entry]:
        wanted = self._journal.of_payment
        cursor = self._connection.connection.cursor()
        cursor.execute(wanted.text, wanted.values(payment_id=payment_id))
        return list(self._journal.entries(cursor.fetchall()))

    def _list(self, kind: type[Record], wanted: Select[Any]) -> list[Record]:
        rows = Rows(shelf_of(kind), self._connection.dialect)
        return [kind(*rows.opened(list(row))) for row in self._rows(wanted)]

    def _rows(self, wanted: Executable) -> Sequence[Any]:
        return self._connection.execute(wanted).all()

    def _one(self, wanted: Select[Any]) -> Any:
        return self._connection.execute(wanted).scalar_one()


def _of(payment_id: str, table: Table) -> Select[Any]:
    return select(table).where(table.c.payment_id == payment_id)


def _in_state(state: str) -> Select[Any]:
    return select(payments).where(payments.c.state == state).order_by(payments.c.changed_at.desc())
