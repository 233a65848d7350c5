"""A provider's callback is a hint: kept before it is acknowledged, matched, and then confirmed by asking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.evidence import Break, Delivery, digest_of
from core.domain.money import Money
from core.domain.payment import Attempt, Payment
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.settle import GONE


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
        """An open payment is asked about at once. One that has ended unpaid is asked about only where asking is safe:

        a prepaid purchase is asked about by sending it again, and that would buy; then somebody must look.
        """
        ended_unpaid = payment.state in GONE and self.hint.says_paid
        if payment.state in ("in_doubt", "review") or (ended_unpaid and payment.kind == "postpaid"):
            book.put(replace(payment, look_at=self.now))
        elif ended_unpaid:
            detail = f"the provider says that {self.hint.key} was paid after all"
            book.add(Break(self.break_id, payment.payment_id, "paid_after_end", detail, self.now))
            return "late"
        return "heard"

    def _fits(self, attempt: Attempt) -> bool:
        hint = self.hint
        within = hint.amount is None or hint.amount <= attempt.most
        return hint.provider == attempt.provider and hint.reference == attempt.reference and within

    @property
    def _digest(self) -> str:
        return digest_of(self.hint.provider, self.hint.body)
