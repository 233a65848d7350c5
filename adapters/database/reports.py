"""What operators ask: figures, the story of a payment, what is open. Read from one connection, never written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, func, select

from adapters.database import tables
from adapters.database.column_types import Moment
from adapters.database.journal import JournalStatements
from core.domain.evidence import Break, Case, Evidence
from core.domain.journal import Entry
from core.domain.message import Message
from core.domain.payment import PAYMENT, Attempt, Payment
from core.ports import Figures, PriceLine, Story

Record = TypeVar("Record")


class Reports:
    """Columns stand in the order of the records' fields, so a row is a record's arguments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._journal = JournalStatements(connection.dialect)

    def figures(self) -> Figures:
        p, m = tables.payments, tables.messages
        by_state = dict(self._rows(select(p.c.state, func.count()).group_by(p.c.state)))
        unknown = p.c.state.in_(("in_doubt", "review"))
        oldest = self._one(select(func.min(p.c.authorized_at, type_=Moment())).where(unknown))
        waiting = self._one(select(func.count()).select_from(m).where(m.c.due_at.is_not(None)))
        return Figures(by_state, oldest, waiting)

    def newest_payments(self, state: str | None, limit: int) -> Sequence[Payment]:
        p = tables.payments
        wanted = select(p).order_by(p.c.authorized_at.desc()).limit(limit)
        return self._list(Payment, wanted.where(p.c.state == state) if state else wanted)

    def story_of(self, payment_id: str) -> Story:
        a, e = tables.attempts, tables.evidence
        m, b = tables.messages, tables.breaks
        message_ids = [f"{state}:{payment_id}" for state in PAYMENT.states]
        return Story(
            attempts=self._list(Attempt, _of(a, payment_id).order_by(a.c.number)),
            evidence=self._list(Evidence, _of(e, payment_id).order_by(e.c.at)),
            entries=self.entries_of(payment_id),
            messages=self._list(Message, select(m).where(m.c.message_id.in_(message_ids)).order_by(m.c.created_at)),
            breaks=self._list(Break, _of(b, payment_id).order_by(b.c.opened_at)),
        )

    def entries_of(self, payment_id: str) -> Sequence[Entry]:
        wanted = self._journal.of_payment
        cursor = self._connection.connection.cursor()
        cursor.execute(wanted.text, wanted.values(payment_id=payment_id))
        return list(self._journal.entries(cursor.fetchall()))

    def payments_in(self, state: str) -> Sequence[Payment]:
        p = tables.payments
        return self._list(Payment, select(p).where(p.c.state == state).order_by(p.c.changed_at.desc()))

    def price_lines(self, provider: str) -> Sequence[PriceLine]:
        p = tables.price_lines
        return self._list(PriceLine, select(p).where(p.c.provider == provider).order_by(p.c.code))

    def messages_to(self, wallet_id: str, limit: int) -> Sequence[Message]:
        m = tables.messages
        return self._list(
            Message, select(m).where(m.c.wallet_id == wallet_id).order_by(m.c.created_at.desc()).limit(limit)
        )

    def open_cases(self, limit: int) -> Sequence[Case]:
        c = tables.cases
        return self._list(Case, select(c).where(c.c.closed_at.is_(None)).order_by(c.c.opened_at).limit(limit))

    def open_breaks(self, limit: int) -> Sequence[Break]:
        b = tables.breaks
        return self._list(Break, select(b).where(b.c.closed_at.is_(None)).order_by(b.c.opened_at).limit(limit))

    def balance_of(self, account: str) -> int:
        p = tables.postings
        return int(self._one(select(func.coalesce(func.sum(p.c.minor), 0)).where(p.c.account == account)))

    def _list(self, kind: type[Record], wanted: Select[Any]) -> list[Record]:
        return [kind(*row) for row in self._rows(wanted)]

    def _rows(self, wanted: Select[Any]) -> Sequence[Any]:
        return self._connection.execute(wanted).all()

    def _one(self, wanted: Select[Any]) -> Any:
        return self._connection.execute(wanted).scalar_one()


def _of(table: Table, payment_id: str) -> Select[Any]:
    return select(table).where(table.c.payment_id == payment_id)
