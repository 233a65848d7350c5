"""What a provider's answer comes to: one table from proof and state to an arrow, one change that follows it.

Evidence is kept whatever it says. What fits no arrow posts nothing and opens a break for an operator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.evidence import Break, Evidence, digest_of
from core.domain.payment import PAYMENT, UNSETTLED, Answer, Attempt, Payment, Proof, receipt_number
from core.domain.postings import entry_for
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.counter import Counter, Terms
from core.services.tell import TellOutcome

# The provider did not know the attempt when it was last asked, past the finality window.
ABSENT = "absent"

GONE = ("voided", "cancelled", "expired")
DONE = ("captured", "disputed", "late", "written_off", "refund_due", "refunded")

# What is proven about the latest attempt, and the arrow it means from a state. What is not here changes nothing.
ARROWS: Mapping[tuple[Proof, str], str] = {
    **{(Proof.PAID, state): "capture" for state in UNSETTLED},
    **{(Proof.PAID, state): "arrive_late" for state in GONE},
    **{(Proof.FAILED, state): "void" for state in UNSETTLED},
    **{(Proof.GIVEN_BACK, state): "void" for state in UNSETTLED},
    (Proof.GIVEN_BACK, "captured"): "give_back",
    (Proof.GIVEN_BACK, "disputed"): "give_back",
    (Proof.GIVEN_BACK, "late"): "undo",
    (Proof.NOTHING, "submitted"): "lose_sight",
}
# An answer that contradicts what the book already holds: somebody must look.
CONTRADICTIONS = frozenset({(Proof.FAILED, state) for state in DONE})


async def settle(counter: Counter, attempt: Attempt, answer: Answer, *, source: str) -> Payment:
    """Write down one answer about one attempt and follow it where it leads. The same answer twice is once."""
    now = counter.clock.now()
    payment = await counter.store.read(Payment, attempt.payment_id)
    assert payment is not None, f"no payment {attempt.payment_id}"
    change = Settle(
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
    )
    return await counter.store.commit(change)


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
    """One answer about one attempt, to be written with all that follows from it."""

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

    def wants(self) -> Sequence[Key[object]]:
        return (
            Key(Payment, (self.attempt.payment_id,)),
            Key(Attempt, (self.attempt.payment_id, self.attempt.number)),
            Key(Wallet, (self.wallet_id,)),
            Key(Evidence, self._evidence_key),
        )

    def decide(self, book: Book) -> Payment:
        payment = book.get(Payment, self.attempt.payment_id)
        attempt = book.get(Attempt, self.attempt.payment_id, self.attempt.number)
        assert payment is not None and attempt is not None
        heard_before = book.get(Evidence, *self._evidence_key) is not None
        if not heard_before:
            book.add(self._evidence())
        proof, outcome = self._proof(attempt)
        event = self._event(payment, attempt, proof)
        if outcome != attempt.outcome:
            book.put(replace(attempt, outcome=outcome))
        if event is None:
            return self._no_arrow(payment, proof, book, heard_before=heard_before)
        return self._follow(event, payment, book)

    def _proof(self, attempt: Attempt) -> tuple[Proof, str]:
        """The proof, and what the attempt has come to.

        *Not created* is proof in answer to the first send; in answer to a look it is one only past the finality window
        and said a second time.
        """
        said = self.answer.proves
        if said is Proof.NOTHING:
            return said, attempt.outcome
        if said is not Proof.NOT_CREATED or self.source == "reply":
            return said, said.value
        if self.now < attempt.made_at + self.terms.finality:
            return Proof.NOTHING, attempt.outcome
        return (Proof.FAILED, Proof.FAILED.value) if attempt.outcome == ABSENT else (Proof.NOTHING, ABSENT)

    def _event(self, payment: Payment, attempt: Attempt, proof: Proof) -> str | None:
        if self._is_earlier(payment):
            late = proof is Proof.PAID and attempt.outcome != Proof.PAID
            return "attempt_late" if late and PAYMENT.allows(payment.state, "attempt_late") else None
        if proof is Proof.NOT_CREATED and payment.state == "submitted":
            return "reroute" if self.elsewhere else "void"
        if proof is Proof.NOTHING and payment.state == "in_doubt" and self._is_old(payment):
            return "escalate"
        return ARROWS.get((proof, payment.state))

    def _is_earlier(self, payment: Payment) -> bool:
        return self.attempt.number < payment.attempt or payment.state == "authorized"

    def _is_old(self, payment: Payment) -> bool:
        return self.now >= payment.authorized_at + self.terms.review_after

    def _follow(self, event: str, payment: Payment, book: Book) -> Payment:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None
        after = self._changed(event, payment)
        if entry := entry_for(event, payment, self._as_paid(after), at=self.now, day=self.day):
            written = book.post(entry)
            if entry.kind == "capture":
                after = replace(after, receipt=receipt_number(written.index))
        if event == "void":
            wallet = book.put(wallet.credit(payment.total))
        if event == "give_back":
            after, wallet = self._refund(after, wallet, book)
        if event in ("arrive_late", "attempt_late"):
            self._open_break(payment, event, book)
        self.tell.write(after, wallet, book)
        return book.put(after)

    def _changed(self, event: str, payment: Payment) -> Payment:
        after = payment.fire(event, now=self.now)
        match event:
            case "capture" | "arrive_late":
                return self._as_paid(after)
            case "attempt_late":
                return self._as_paid(after) if payment.state == "authorized" else replace(after, told=payment.told)
            case "void" | "undo":
                return replace(after, reason=self.answer.code, look_at=None)
            case "reroute":
                provider, code = self.elsewhere or ("", "")
                return replace(after, provider=provider, code=code, look_at=self.now)
            case "lose_sight" | "escalate":
                return self._look_later(after)
            case _:
                return after

    def _as_paid(self, payment: Payment) -> Payment:
        """The payment with what this attempt bought and what it cost."""
        if self.answer.proves is not Proof.PAID:
            return payment
        assert self.answer.cost is not None, "a paid answer says what it cost"
        return replace(
            payment,
            provider=self.attempt.provider,
            cost_minor=self.answer.cost.minor,
            serial=self.answer.serial,
            token=self.answer.token,
            detail=self.answer.detail,
            look_at=None,
        )

    def _refund(self, due: Payment, wallet: Wallet, book: Book) -> tuple[Payment, Wallet]:
        """The provider returned the money, so the customer has it back in the same breath."""
        refunded = replace(due.fire("refund", now=self.now), reason=self.answer.code, look_at=None)
        entry = entry_for("refund", due, refunded, at=self.now, day=self.day)
        assert entry is not None
        book.post(entry)
        return refunded, book.put(wallet.credit(due.total))

    def _no_arrow(self, payment: Payment, proof: Proof, book: Book, *, heard_before: bool) -> Payment:
        if (proof, payment.state) in CONTRADICTIONS and not heard_before and not self._is_earlier(payment):
            self._open_break(payment, "contradiction", book)
        if self.answer.code == "cost_too_high" and not heard_before:
            self._open_break(payment, "cost_too_high", book)
        if payment.look_at is None:
            return payment
        if payment.state in ("in_doubt", "review"):
            return book.put(self._look_later(payment))
        return book.put(replace(payment, look_at=None)) if payment.state in GONE else payment

    def _look_later(self, payment: Payment) -> Payment:
        return replace(payment, looks=payment.looks + 1, look_at=self.terms.next_look(payment.looks, now=self.now))

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
