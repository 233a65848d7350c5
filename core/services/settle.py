"""Write down a provider's answer, and follow the arrow it means: one change, whole or not at all.

Evidence is kept whatever it says. What fits no arrow posts nothing and opens a break for an operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.canonical import leaf_of, spoken_code
from core.domain.claim import Claim
from core.domain.evidence import Break, Evidence, digest_of
from core.domain.journal import Entry
from core.domain.meaning import Circumstances, meaning
from core.domain.payment import Answer, Attempt, Payment, Proof, receipt_number
from core.domain.postings import entry_for
from core.domain.receipt import OURS, Opened, ReceiptKey
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.announce import wanted_to_announce
from core.services.claim import let_go, wanted_to_let_go
from core.services.counter import Counter, Terms
from core.services.next_bill import NextBill
from core.services.owed import open_claim
from core.services.tell import STILL_AFTER, TellOutcome


async def settle(
    counter: Counter, attempt: Attempt, answer: Answer, *, source: str, claim: Claim | None = None
) -> Payment:
    """Write down one answer about one attempt and follow it where it leads. The same answer twice is once.

    Under a `claim` that another process has taken over meanwhile nothing is written: raises `Fenced`.
    """
    payment = await counter.store.read(Payment, attempt.payment_id)
    assert payment is not None, f"no payment {attempt.payment_id}"
    return await counter.store.commit(settling(counter, payment, attempt, answer, source=source, claim=claim))


def settling(
    counter: Counter,
    payment: Payment,
    attempt: Attempt,
    answer: Answer,
    *,
    source: str,
    claim: Claim | None = None,
    memo: str = "",
) -> Settle:
    """The change that writes down one answer, to be committed or to be a part of another one."""
    now = counter.clock.now()
    return Settle(
        attempt=attempt,
        answer=answer,
        source=source,
        wallet_id=payment.wallet_id,
        elsewhere=_elsewhere(counter, payment, answer),
        now=now,
        day=counter.day(now),
        terms=counter.terms,
        tell=TellOutcome.of(counter, now),
        break_id=counter.ids.new(),
        secret=counter.ids.secret(),
        next_bill=NextBill.after(payment, counter, paid_at=now),
        claim=claim,
        memo=memo,
    )


def _elsewhere(counter: Counter, payment: Payment, answer: Answer) -> tuple[str, str] | None:
    """Another provider that sells the same and is there: (name, its code)."""
    if not answer.elsewhere or payment.kind != "prepaid":
        return None
    codes = counter.catalogue.product(payment.product_id).codes_of(payment.denomination_id)
    tried = list(codes).index(payment.provider) if payment.provider in codes else -1
    for name, code in list(codes.items())[tried + 1 :]:
        if name in counter.gateways and counter.gateways[name].available:
            return name, code
    return None


@dataclass(frozen=True, slots=True)
class Settle:
    """One answer about one attempt, to be written with all that follows from it. `memo` says who decided it."""

    attempt: Attempt
    answer: Answer
    source: str
    wallet_id: str
    elsewhere: tuple[str, str] | None
    now: datetime
    day: date
    terms: Terms
    tell: TellOutcome
    break_id: str
    secret: str
    next_bill: NextBill | None = None
    claim: Claim | None = None
    memo: str = ""

    def wants(self) -> Sequence[Key[object]]:
        return (
            Key(Payment, (self.attempt.payment_id,)),
            Key(Attempt, (self.attempt.payment_id, self.attempt.number)),
            Key(Wallet, (self.wallet_id,)),
            Key(Evidence, self._evidence_key),
            Key(ReceiptKey, (OURS,)),
            wanted_to_announce(self.wallet_id),
            *(self.next_bill.wants() if self.next_bill else ()),
            *wanted_to_let_go(self.claim),
        )

    def decide(self, book: Book) -> Payment:
        let_go(self.claim, book, now=self.now)
        payment = book.get(Payment, self.attempt.payment_id)
        attempt = book.get(Attempt, self.attempt.payment_id, self.attempt.number)
        assert payment is not None and attempt is not None
        heard = book.get(Evidence, *self._evidence_key) is not None
        if not heard:
            book.add(self._evidence())
        means = meaning(payment, attempt, self.answer, self._circumstances(payment, attempt, heard=heard))
        if means.outcome != attempt.outcome:
            book.put(replace(attempt, outcome=means.outcome))
        if means.trouble:
            self._open_break(payment, means.trouble, book)
        return self._follow(means.event, payment, book) if means.event else self._stay(payment, book)

    def _circumstances(self, payment: Payment, attempt: Attempt, *, heard: bool) -> Circumstances:
        return Circumstances(
            first=self.source == "reply",
            final=self.now >= attempt.made_at + self.terms.asking(attempt.provider).finality,
            old=self.now >= payment.authorized_at + self.terms.review_after,
            elsewhere=self.elsewhere is not None,
            heard=heard,
        )

    def _follow(self, event: str, payment: Payment, book: Book) -> Payment:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None
        after = self._changed(event, payment)
        written, code = self._post(event, payment, self._as_paid(after), book), ""
        if written and written.kind == "capture":
            after, code = replace(after, receipt=receipt_number(written.index)), spoken_code(leaf_of(written))
        if event == "capture" and payment.paid_before and self._paid:
            written = self._post("attempt_late", after, payment, book)
        if event == "void":
            wallet = book.put(wallet.credit(payment.total))
        if event == "give_back":
            after, wallet = self._refund(after, wallet, book)
        if written and written.kind == "attempt_late":
            open_claim(written, book)
        elif event in ("arrive_late", "attempt_late"):
            self._open_break(payment, event, book)
        if self.next_bill and after.state == "captured" != payment.state:
            self.next_bill.expect_if_kept(book)
        self.tell.write(after, wallet, book, code=code)
        return book.put(after)

    def _post(self, event: str, before: Payment, after: Payment, book: Book) -> Entry | None:
        """An entry that captures commits to what the receipt says, and shows none of it."""
        entry = entry_for(event, before, after, at=self.now, day=self.day)
        if entry and entry.kind == "capture":
            key = book.get(ReceiptKey, OURS) or book.put(ReceiptKey(OURS, self.secret))
            entry = replace(entry, memo=f"{Opened.of(after, key).memo} {self.memo}".rstrip())
        elif entry:
            entry = replace(entry, memo=self.memo)
        return book.post(entry) if entry else None

    def _changed(self, event: str, payment: Payment) -> Payment:
        after = payment.fire(event, now=self.now)
        match event:
            case "capture" | "arrive_late":
                return replace(self._as_paid(after), look_at=None)
            case "attempt_late" if payment.state == "captured":
                return replace(after, told=payment.told)
            case "attempt_late":
                return replace(self._as_paid(after), look_at=after.look_at if after.open else None)
            case "reroute":
                provider, code = self.elsewhere or ("", "")
                return replace(after, provider=provider, code=code, look_at=self.now)
            case "lose_sight" | "escalate":
                return self._look_later(after)
            case _:
                return replace(after, reason=self.answer.code, look_at=None)

    @property
    def _paid(self) -> bool:
        return self.answer.proves is Proof.PAID

    def _as_paid(self, payment: Payment) -> Payment:
        """The payment with what this attempt bought and what it cost, if it bought anything."""
        if not self._paid:
            return payment
        assert self.answer.cost is not None, "a paid answer says what it cost"
        return replace(
            payment,
            provider=self.attempt.provider,
            cost_minor=self.answer.cost.minor,
            serial=self.answer.serial,
            token=self.answer.token,
            detail=self.answer.detail,
        )

    def _refund(self, due: Payment, wallet: Wallet, book: Book) -> tuple[Payment, Wallet]:
        """The provider returned the money, so the customer has it back in the same breath."""
        refunded = replace(due.fire("refund", now=self.now), reason=self.answer.code, look_at=None)
        self._post("refund", due, refunded, book)
        return refunded, book.put(wallet.credit(due.total))

    def _stay(self, payment: Payment, book: Book) -> Payment:
        """Nothing followed. What is in doubt is looked at again, and so is what a callback made us ask about, until the
        provider has spoken."""
        if payment.look_at is None or payment.state in ("authorized", "submitted"):
            return payment
        if not payment.open and self.answer.proves is not Proof.NOTHING:
            return book.put(replace(payment, look_at=None))
        later = self._look_later(payment)
        if later.state == "in_doubt" and later.looks == STILL_AFTER:
            wallet = book.get(Wallet, self.wallet_id)
            assert wallet is not None
            self.tell.still_asking(later, wallet, book)
        return book.put(later)

    def _look_later(self, payment: Payment) -> Payment:
        look_at = self.terms.asking(self.attempt.provider).next_look(payment.looks, now=self.now)
        return replace(payment, looks=payment.looks + 1, look_at=look_at)

    def _open_break(self, payment: Payment, kind: str, book: Book) -> None:
        detail = f"{self.source} said {self.answer.proves} ({self.answer.code}) while {payment.state}"
        book.add(Break(self.break_id, payment.payment_id, kind, detail, self.now))

    def _evidence(self) -> Evidence:
        payment_id, number, digest = self._evidence_key
        answer = self.answer
        return Evidence(
            payment_id, number, digest, self.source, answer.proves.value, answer.code, answer.body, self.now
        )

    @property
    def _evidence_key(self) -> tuple[str, int, str]:
        answer = self.answer
        digest = digest_of(answer.proves.value, answer.code, answer.body)
        return self.attempt.payment_id, self.attempt.number, digest
