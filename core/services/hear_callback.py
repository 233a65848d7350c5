"""A provider's callback is a hint: kept before it is acknowledged, matched, and then confirmed by asking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.evidence import Break, Delivery, digest_of
from core.domain.meaning import CAME_BACK, GONE
from core.domain.money import Money
from core.domain.payment import Attempt, Payment
from core.ports import Book, Key
from core.services.counter import Counter


@dataclass(frozen=True, slots=True)
class Hint:
    """What a callback says, as far as it can be matched: our key, the customer's number, the amount if it names one."""

    provider: str
    key: str
    reference: str
    amount: Money | None
    body: str
    says_paid: bool


async def hear_callback(counter: Counter, hint: Hint) -> str:
    """Keep a callback and, if it fits an open payment, have that payment asked about at once. Answers what was done."""
    attempt = await counter.store.attempt_with_key(hint.key)
    return await counter.store.commit(HearCallback(hint, attempt, counter.clock.now(), counter.ids.new()))


@dataclass(frozen=True, slots=True)
class HearCallback:
    hint: Hint
    attempt: Attempt | None
    now: datetime
    break_id: str

    def wants(self) -> Sequence[Key[object]]:
        wanted: list[Key[object]] = [Key(Delivery, (self._digest,))]
        return [*wanted, Key(Payment, (self.attempt.payment_id,))] if self.attempt else wanted

    def decide(self, book: Book) -> str:
        if book.get(Delivery, self._digest) is not None:
            return "repeated"
        hint = self.hint
        book.add(Delivery(self._digest, hint.provider, hint.key, hint.reference, hint.body, self.now))
        payment = book.get(Payment, self.attempt.payment_id) if self.attempt else None
        if self.attempt is None or payment is None:
            return "unknown"
        if not self._fits(self.attempt):
            detail = f"a callback for {hint.key} names another number or amount"
            book.add(Break(self.break_id, payment.payment_id, "callback_differs", detail, self.now))
            return "differs"
        return self._heed(payment, book)

    def _heed(self, payment: Payment, book: Book) -> str:
        """What is open, or said to be otherwise than in the book, is asked about at once where asking is safe.

        A prepaid purchase is asked about by sending it again. Once it has ended unpaid that would buy: then somebody
        must look.
        """
        says_paid = self.hint.says_paid
        differs = payment.state in (GONE if says_paid else CAME_BACK)
        if differs and payment.kind == "prepaid" and payment.state in (*GONE, "late"):
            detail = f"the provider says that {self.hint.key} was {'paid' if says_paid else 'not paid'} after all"
            kind = "paid_after_end" if says_paid else "contradiction"
            book.add(Break(self.break_id, payment.payment_id, kind, detail, self.now))
            return "late"
        if differs or payment.state in ("in_doubt", "review"):
            book.put(replace(payment, look_at=self.now))
        return "heard"

    def _fits(self, attempt: Attempt) -> bool:
        hint = self.hint
        within = hint.amount is None or hint.amount <= attempt.most
        return hint.provider == attempt.provider and hint.reference == attempt.reference and within

    @property
    def _digest(self) -> str:
        return digest_of(self.hint.provider, self.hint.body)
