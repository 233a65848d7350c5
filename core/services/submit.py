"""Send a payment to its provider: the attempt is saved before a byte leaves, and what comes back is evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.claim import Claim, payment_work
from core.domain.payment import Attempt, Payment
from core.domain.postings import entry_for
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.claim import claimed, let_go, wanted_to_let_go
from core.services.counter import Counter
from core.services.settle import settle
from core.services.tell import TellOutcome


async def submit(counter: Counter, payment_id: str) -> Payment:
    """Send an authorized payment. One that is past that state is answered as it is and not sent again."""
    now = counter.clock.now()
    overdue = now + counter.terms.answer_overdue
    sent = await counter.store.commit(Submit(payment_id, now, overdue, worker=counter.worker))
    if sent.attempt is None:
        return sent.payment
    answer = await counter.gateways[sent.attempt.provider].submit(sent.attempt)
    return await settle(counter, sent.attempt, answer, source="reply", claim=sent.claim)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A payment, and the attempt to send now; None when it is past that. Its answer is written under the `claim`."""

    payment: Payment
    attempt: Attempt | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """Make the next attempt, unless another has been made. `overdue` is when silence becomes doubt.

    A `worker` among several claims it until then, whoever else was to follow it: what is sent now is sent by this one.
    """

    payment_id: str
    now: datetime
    overdue: datetime
    worker: str = ""

    def wants(self) -> Sequence[Key[object]]:
        claim = (Key(Claim, (payment_work(self.payment_id),)),) if self.worker else ()
        return (Key(Payment, (self.payment_id,)), *claim)

    def decide(self, book: Book) -> Submitted:
        payment = book.get(Payment, self.payment_id)
        assert payment is not None, f"no payment {self.payment_id}"
        if payment.state != "authorized":
            return Submitted(payment)
        attempt = book.put(payment.next_attempt(now=self.now))
        submitted = replace(payment.fire("submit", now=self.now), attempt=attempt.number, look_at=self.overdue, looks=0)
        claim = claimed(payment_work(self.payment_id), self.worker, self.overdue, book) if self.worker else None
        return Submitted(book.put(submitted), attempt, claim)


async def expire(counter: Counter, payment: Payment, claim: Claim | None = None) -> Payment:
    """Let go of a hold that was never sent. One that was sent meanwhile is left alone."""
    now = counter.clock.now()
    return await counter.store.commit(
        Expire(payment.payment_id, payment.wallet_id, now, counter.day(now), TellOutcome.of(counter, now), claim)
    )


@dataclass(frozen=True, slots=True)
class Expire:
    """Release a hold whose every attempt is proven not created."""

    payment_id: str
    wallet_id: str
    now: datetime
    day: date
    tell: TellOutcome
    claim: Claim | None = None

    def wants(self) -> Sequence[Key[object]]:
        return Key(Payment, (self.payment_id,)), Key(Wallet, (self.wallet_id,)), *wanted_to_let_go(self.claim)

    def decide(self, book: Book) -> Payment:
        let_go(self.claim, book, now=self.now)
        payment, wallet = book.get(Payment, self.payment_id), book.get(Wallet, self.wallet_id)
        assert payment is not None and wallet is not None
        if payment.state != "authorized":
            return payment
        expired = replace(payment.fire("expire", now=self.now), look_at=None, reason="never_sent")
        entry = entry_for("expire", payment, expired, at=self.now, day=self.day)
        assert entry is not None
        book.post(entry)
        wallet = book.put(wallet.credit(payment.total))
        self.tell.write(expired, wallet, book)
        return book.put(expired)
