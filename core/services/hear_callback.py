"""A provider's callback is a hint: kept before it is acknowledged, matched, and then confirmed by asking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.evidence import Break, Delivery, digest_of
from core.domain.meaning import GONE
from core.domain.money import Money
from core.domain.payment import NEGATIVE, Attempt, Payment, Proof
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
        if self.attempt is None:
            return wanted
        payment_id, number = self.attempt.payment_id, self.attempt.number
        return [*wanted, Key(Payment, (payment_id,)), Key(Attempt, (payment_id, number))]

    def decide(self, book: Book) -> str:
        if book.get(Delivery, self._digest) is not None:
            return "repeated"
        hint, known = self.hint, self.attempt
        book.add(Delivery(self._digest, hint.provider, hint.key, hint.reference, hint.body, self.now))
        payment = book.get(Payment, known.payment_id) if known else None
        attempt = book.get(Attempt, known.payment_id, known.number) if known else None
        if attempt is None or payment is None:
            return "unknown"
        if not self._fits(payment, attempt):
            detail = f"a callback for {hint.key} names another number or amount"
            self._open_break(payment, "callback_differs", detail, book)
            return "differs"
        return self._heed(payment, attempt, book)

    def _heed(self, payment: Payment, attempt: Attempt, book: Book) -> str:
        """What is open is asked about at once, and so is what is said to be otherwise than in the book, where that is
        safe: else somebody must look."""
        said = self.hint.says_paid
        denied = attempt.outcome in NEGATIVE if said else attempt.outcome == Proof.PAID
        if denied and not _may_be_asked(payment, attempt):
            detail = f"the provider says that {attempt.key} was {'paid' if said else 'not paid'} after all"
            self._open_break(payment, "paid_after_end" if said else "contradiction", detail, book)
            return "late"
        if denied or payment.state in ("in_doubt", "review"):
            book.put(replace(payment, look_at=self.now))
        return "heard"

    def _open_break(self, payment: Payment, kind: str, detail: str, book: Book) -> None:
        book.add(Break(self.break_id, payment.payment_id, kind, detail, self.now))

    def _fits(self, payment: Payment, attempt: Attempt) -> bool:
        """Of what we know to be paid the amount is what it cost; else it is no more than that may cost."""
        hint = self.hint
        known = hint.says_paid and attempt.outcome == Proof.PAID and attempt.provider == payment.provider
        amount_fits = hint.amount is None or (hint.amount == payment.cost if known else hint.amount <= attempt.most)
        return hint.provider == attempt.provider and hint.reference == attempt.reference and amount_fits

    @property
    def _digest(self) -> str:
        return digest_of(self.hint.provider, self.hint.body)


def _may_be_asked(payment: Payment, attempt: Attempt) -> bool:
    """Of the attempt that bought, or the only one that might have. A prepaid purchase is asked about by sending it
    again, and once it has ended unpaid that would buy."""
    if payment.state in ("captured", "disputed"):
        return attempt.provider == payment.provider
    ended = payment.state in (*GONE, "late")
    return ended and payment.kind == "postpaid" and attempt.number == payment.attempt
