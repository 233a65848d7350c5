"""Short lists that a conversation or a round of follow-up needs at once: each is found by an index and bounded.

Read in the event loop's own thread like single records: from the page cache that takes some 20 µs, and handing it to
another thread takes longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import BindParameter, Select, bindparam, false, literal, select, true

from adapters.database.below import Database, Reading
from adapters.database.prepared import Prepared
from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import arrivals, attempts, claims, links, messages, payees, payments, reminders, tickets
from core.domain.chat import Arrival, Link
from core.domain.claim import payment_work
from core.domain.message import SMS, Lane, Message
from core.domain.money import Money
from core.domain.payee import Payee
from core.domain.payment import Attempt, Payment
from core.domain.reminder import Reminder
from core.domain.ticket import Ticket

Record = TypeVar("Record")

WALLET: BindParameter[str] = bindparam("wallet_id")
LIMIT: BindParameter[int] = bindparam("limit")
NOW: BindParameter[datetime] = bindparam("now")

PAYMENTS_OF = (
    select(payments)
    .where(payments.c.wallet_id == WALLET)
    .order_by(payments.c.authorized_at.desc(), payments.c.payment_id.desc())
    .limit(LIMIT)
)
PAYEES_OF = select(payees).where(payees.c.wallet_id == WALLET).order_by(payees.c.last_at.desc()).limit(LIMIT)
# Those that a process is at would else fill the list for all others.
_CLAIMED = select(claims.c.what).where(
    claims.c.what == literal(payment_work("")) + payments.c.payment_id, claims.c.until > NOW
)
PAYMENTS_DUE = (
    select(payments).where(payments.c.look_at <= NOW, ~_CLAIMED.exists()).order_by(payments.c.look_at).limit(LIMIT)
)
_AT_ONCE, _PATIENT = messages.c.patient == false(), messages.c.patient == true()
LANES = {
    Lane.PHONES: (_AT_ONCE, messages.c.channel == SMS),
    Lane.CHATS: (_AT_ONCE, messages.c.channel != SMS),
    Lane.PATIENT: (_PATIENT,),
}
MESSAGES_DUE = {
    lane: select(messages).where(*taken, messages.c.due_at <= NOW).order_by(messages.c.due_at).limit(LIMIT)
    for lane, taken in LANES.items()
}
CHANNEL: BindParameter[str] = bindparam("at_channel")
ARRIVALS_WAITING = (
    select(arrivals)
    .where(arrivals.c.done_at.is_(None), arrivals.c.channel == CHANNEL)
    .order_by(arrivals.c.came_at, arrivals.c.number)
    .limit(LIMIT)
)
LINKS_AT = (
    select(links)
    .where(links.c.channel == CHANNEL, links.c.address == bindparam("at_address"))
    .order_by(links.c.since, links.c.wallet_id)
)
LINKS_OF = select(links).where(links.c.wallet_id == WALLET).order_by(links.c.since, links.c.address)
REMINDERS_DUE = select(reminders).where(reminders.c.look_at <= NOW).order_by(reminders.c.look_at).limit(LIMIT)
TICKET_OF = (
    select(tickets)
    .where(
        tickets.c.wallet_id == WALLET,
        tickets.c.currency == bindparam("in_currency"),
        tickets.c.asked_minor == bindparam("asked"),
        tickets.c.posted_at.is_(None),
    )
    .order_by(tickets.c.opened_at.desc())
    .limit(1)
)
ATTEMPT_WITH_KEY = select(attempts).where(attempts.c.key == bindparam("wanted"))


class Lists:
    def __init__(self, database: Database, reading: Reading) -> None:
        def listing(kind: type[Record], wanted: Select[Any]) -> Listing[Record]:
            return Listing(kind, wanted, database, reading)

        self._payments_of = listing(Payment, PAYMENTS_OF)
        self._payees_of = listing(Payee, PAYEES_OF)
        self._payments_due = listing(Payment, PAYMENTS_DUE)
        self._messages_due = {lane: listing(Message, wanted) for lane, wanted in MESSAGES_DUE.items()}
        self._arrivals_waiting = listing(Arrival, ARRIVALS_WAITING)
        self._links_at = listing(Link, LINKS_AT)
        self._links_of = listing(Link, LINKS_OF)
        self._reminders_due = listing(Reminder, REMINDERS_DUE)
        self._ticket_of = listing(Ticket, TICKET_OF)
        self._attempt_with_key = listing(Attempt, ATTEMPT_WITH_KEY)

    def payments_of(self, wallet_id: str, limit: int) -> Sequence[Payment]:
        return self._payments_of(wallet_id=wallet_id, limit=limit)

    def payees_of(self, wallet_id: str, limit: int) -> Sequence[Payee]:
        return self._payees_of(wallet_id=wallet_id, limit=limit)

    def payments_due(self, now: datetime, limit: int) -> Sequence[Payment]:
        return self._payments_due(now=now, limit=limit)

    def messages_due(self, now: datetime, lane: Lane, limit: int) -> Sequence[Message]:
        return self._messages_due[lane](now=now, limit=limit)

    def arrivals_waiting(self, channel: str, limit: int) -> Sequence[Arrival]:
        return self._arrivals_waiting(at_channel=channel, limit=limit)

    def links_at(self, channel: str, address: str) -> Sequence[Link]:
        return self._links_at(at_channel=channel, at_address=address)

    def links_of(self, wallet_id: str) -> Sequence[Link]:
        return self._links_of(wallet_id=wallet_id)

    def reminders_due(self, now: datetime, limit: int) -> Sequence[Reminder]:
        return self._reminders_due(now=now, limit=limit)

    def ticket_of(self, wallet_id: str, asked: Money) -> Ticket | None:
        found = self._ticket_of(wallet_id=wallet_id, in_currency=asked.currency, asked=asked.minor)
        return next(iter(found), None)

    def attempt_with_key(self, key: str) -> Attempt | None:
        return next(iter(self._attempt_with_key(wanted=key)), None)


class Listing(Generic[Record]):
    """Records by one prepared statement."""

    def __init__(self, kind: type[Record], wanted: Select[Any], database: Database, reading: Reading) -> None:
        self._rows = Rows(shelf_of(kind), reading.dialect)
        self._prepared = Prepared(wanted, reading.dialect)
        self._database = database
        self._cursor = reading.cursor

    def __call__(self, **named: Any) -> list[Record]:
        try:
            self._cursor.execute(self._prepared.text, self._prepared.values(**named))
            return [self._rows.record(row) for row in self._cursor.fetchall()]
        except self._database.error as error:
            raise self._database.unreadable(error) from error
