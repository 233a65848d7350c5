"""Expect the next bill of a number that is kept, from the day on which the last one was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.biller import Kind
from core.domain.message import Message
from core.domain.payee import Payee
from core.domain.payment import Payment
from core.domain.reminder import Reminder
from core.ports import Book, Key
from core.services.counter import Counter


@dataclass(frozen=True, slots=True)
class NextBill:
    """Written in the commit that pays a bill or keeps its number: when to look for the one after it."""

    wallet_id: str
    product_id: str
    reference: str
    look_at: datetime

    @classmethod
    def after(cls, payment: Payment, counter: Counter, *, paid_at: datetime) -> NextBill | None:
        """None after what is bought when it is wanted: no bill comes for it."""
        if payment.kind != Kind.POSTPAID:
            return None
        key = (payment.wallet_id, payment.product_id, payment.reference)
        expected = paid_at + counter.terms.remind_after
        return cls(*key, look_at=counter.terms.daytime.from_then(expected, counter.zone, who=" ".join(key)))

    def wants(self) -> Sequence[Key[object]]:
        return Key(Payee, self._key), Key(Reminder, self._key)

    def expect_if_kept(self, book: Book) -> None:
        payee = book.get(Payee, *self._key)
        if payee and payee.saved:
            self.expect(book)

    def expect(self, book: Book) -> None:
        """What was paid is told no more. Whoever wanted no reminders gets none, however often she pays."""
        reminder = book.get(Reminder, *self._key) or Reminder(*self._key, look_at=None)
        message = book.get(Message, telling(reminder)) if reminder.told else None
        if message is not None and message.sent_at is None:
            book.put(message.given_up())
        if not reminder.unwanted:
            book.put(replace(reminder, look_at=self.look_at, told=""))

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.wallet_id, self.product_id, self.reference


def telling(reminder: Reminder) -> str:
    """The id of the message that tells of the bill a reminder has told last."""
    return f"bill:{reminder.wallet_id}:{reminder.product_id}:{reminder.reference}:{reminder.version}"
