"""What two operators decide about a break: a table of its kinds, and what each verdict does besides closing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Self

from core.domain.approval import NoSuchVerdict, Proposal
from core.domain.bank_sorting import BOOKED
from core.domain.evidence import Break
from core.domain.payment import Payment
from core.domain.postings import CLAIM_ENDS, claim_end, end_key
from core.domain.reconciled import DECIDED_BY, QUEUED
from core.ports import Book, Key
from core.services.approve import Action, Table
from core.services.counter import Counter
from core.services.decide_payment import OF_PAYMENTS, memo_of, not_possible
from core.services.owed import CLAIM, claimed_by
from core.services.park import PARKED, release

NOTED = ("noted",)
# What can be said about each kind of break. Of one that has no row here: that it was noted.
BREAKS: Mapping[str, tuple[str, ...]] = {
    "contradiction": ("noted", "given_back", "arrived_late"),
    "cost_too_high": NOTED,
    "callback_differs": NOTED,
    "paid_after_end": ("noted", "arrived_late"),
    "arrive_late": NOTED,
    "attempt_late": NOTED,
    CLAIM: ("paid", "lost"),
    PARKED: ("release",),
    "set_aside": (),
    **dict.fromkeys(BOOKED, ("book",)),
    **dict.fromkeys(QUEUED, DECIDED_BY),
}
# While the payment is in that state it has to be decided itself; the break is over with it.
ABOUT = {"arrive_late": "late", "attempt_late": "review", "cost_too_high": "review"}


@dataclass(frozen=True, slots=True)
class Note(Action):
    """Somebody looked, and nothing in the book has to be changed. The other verdicts do more than that."""

    counter: Counter

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        return (Key(Break, (subject_id,)),)

    def check(self, proposal: Proposal, book: Book) -> None:
        opened = _opened(proposal, book)
        possible = possible_for(opened.kind)
        if proposal.action not in possible:
            subject = f"a break of kind {opened.kind}"
            raise NoSuchVerdict(action=proposal.action, subject=subject, possible=", ".join(possible) or "none")
        self._check_more(proposal, opened, book)

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        opened = _opened(proposal, book)
        said = self._do_more(proposal, opened, book, by=by, now=now, day=day)
        book.put(replace(opened, closed_at=now))
        return f"{said} The break is closed."

    def _check_more(self, proposal: Proposal, opened: Break, book: Book) -> None:
        payment = book.get(Payment, opened.payment_id) if opened.payment_id else None
        if payment is not None and payment.state == ABOUT.get(opened.kind):
            raise not_possible(proposal, f"payment {payment.payment_id} is {payment.state}: decide that first.")

    def _do_more(self, proposal: Proposal, opened: Break, book: Book, *, by: str, now: datetime, day: date) -> str:
        return "Nothing was posted."


@dataclass(frozen=True, slots=True)
class DecidePayment(Note):
    """The same verdict about the payment that the break is about."""

    verdict: Action

    async def prepared(self, subject_id: str) -> Self:
        opened = await self.counter.store.read(Break, subject_id)
        if opened is None or opened.payment_id is None:
            return self
        return replace(self, verdict=await self.verdict.prepared(opened.payment_id))

    def _check_more(self, proposal: Proposal, opened: Break, book: Book) -> None:
        self.verdict.check(_of_payment(proposal, opened), book)

    def _do_more(self, proposal: Proposal, opened: Break, book: Book, *, by: str, now: datetime, day: date) -> str:
        return self.verdict.decide(_of_payment(proposal, opened), book, by=by, now=now, day=day)


@dataclass(frozen=True, slots=True)
class EndClaim(Note):
    """What a provider owed us came into our deposit, or never will: `kind` of entry."""

    kind: str

    def _check_more(self, proposal: Proposal, opened: Break, book: Book) -> None:
        claimed = book.posted(claimed_by(opened.break_id))
        assert claimed is not None, f"no entry {opened.break_id}"
        if any(book.posted(end_key(claimed.key, claimed.kind, kind)) for kind in CLAIM_ENDS):
            raise not_possible(proposal, "that claim has ended.")

    def _do_more(self, proposal: Proposal, opened: Break, book: Book, *, by: str, now: datetime, day: date) -> str:
        claimed = book.posted(claimed_by(opened.break_id))
        assert claimed is not None, f"no entry {opened.break_id}"
        entry = book.post(claim_end(claimed, self.kind, at=now, day=day, memo=memo_of(proposal, by)))
        return f"Posted as entry {entry.index}."


@dataclass(frozen=True, slots=True)
class Release(Note):
    """What was parked is tried again at once."""

    def _do_more(self, proposal: Proposal, opened: Break, book: Book, *, by: str, now: datetime, day: date) -> str:
        return f"{release(opened.break_id, book, now=now)} is tried again now."


def possible_for(kind: str) -> tuple[str, ...]:
    return BREAKS.get(kind, NOTED)


def _opened(proposal: Proposal, book: Book) -> Break:
    opened = book.get(Break, proposal.subject_id)
    if opened is None or opened.closed_at is not None:
        raise not_possible(proposal, "there is no such break." if opened is None else "it is closed.")
    return opened


def _of_payment(proposal: Proposal, opened: Break) -> Proposal:
    return replace(proposal, subject=f"payment:{opened.payment_id}")


def _payment_verdict(verdict: str) -> Callable[[Counter], Action]:
    return lambda counter: DecidePayment(counter, OF_PAYMENTS[verdict](counter))


OF_BREAKS: Table = {
    "noted": Note,
    "given_back": _payment_verdict("given_back"),
    "arrived_late": _payment_verdict("arrived_late"),
    "paid": partial(EndClaim, kind="claim_paid"),
    "lost": partial(EndClaim, kind="claim_lost"),
    "release": Release,
}
