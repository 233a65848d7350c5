"""What two operators decide about a payment: by what they know of an attempt, or by an arrow that is theirs alone.

What they know is evidence like any other: it is kept with both names, and means what a provider's word would mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Self

from core.domain.approval import NotPossible, Proposal
from core.domain.evidence import Break
from core.domain.meaning import CAME_BACK, GONE
from core.domain.money import Money
from core.domain.payment import KEPT, PAYMENT, Answer, Attempt, Payment, Proof
from core.domain.postings import entry_for
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.announce import announce
from core.services.approve import Action, Table
from core.services.counter import Counter
from core.services.owed import open_claim
from core.services.settle import settling
from core.services.tell import TellOutcome, named
from core.text import _

# Breaks that were opened because somebody must decide the payment; its decision closes them.
CLOSED_WITH_IT = ("arrive_late", "attempt_late")
PROVES: Mapping[str, Proof] = {
    "captured": Proof.PAID,
    "arrived_late": Proof.PAID,
    "voided": Proof.FAILED,
    "undo": Proof.GIVEN_BACK,
    "given_back": Proof.GIVEN_BACK,
}

FOUND_DELIVERED = _("We looked into {product} {reference}: it was delivered. Receipt {receipt}.")


@dataclass(frozen=True, slots=True)
class OnPayment(Action):
    """`breaks` are those of the payment that are closed with it."""

    counter: Counter
    breaks: tuple[str, ...] = ()

    async def prepared(self, subject_id: str) -> Self:
        story = await self.counter.store.story_of(subject_id)
        opened = [one.break_id for one in story.breaks if one.closed_at is None and one.kind in CLOSED_WITH_IT]
        return replace(self, breaks=tuple(opened))

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        return Key(Payment, (subject_id,)), *(Key(Break, (break_id,)) for break_id in self.breaks)

    def close_breaks(self, book: Book, now: datetime) -> None:
        for break_id in self.breaks:
            opened = book.get(Break, break_id)
            if opened is not None and opened.closed_at is None:
                book.put(replace(opened, closed_at=now))


@dataclass(frozen=True, slots=True)
class ByEvidence(OnPayment):
    """What became of an attempt, by the word of two operators, for a payment in one of these `states`."""

    states: tuple[str, ...] = ()

    def check(self, proposal: Proposal, book: Book) -> None:
        payment = payment_of(proposal, book)
        if payment.state not in self.states:
            raise not_possible(proposal, f"{payment.payment_id} is {payment.state}.")
        attempt = _attempt(payment, proposal, book)
        if PROVES[proposal.action] is Proof.PAID:
            _check_cost(proposal, payment, attempt)

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        payment = payment_of(proposal, book)
        attempt, answer = _attempt(payment, proposal, book), _answer(proposal, payment, by)
        change = settling(self.counter, payment, attempt, answer, source="operator", memo=memo_of(proposal, by))
        after = change.decide(book)
        if after.state == payment.state:
            raise not_possible(proposal, f"it stays {after.state}, for what is known of attempt {attempt.number}.")
        self.close_breaks(book, now)
        return f"{payment.payment_id} is {after.state} now."


@dataclass(frozen=True, slots=True)
class ByArrow(OnPayment):
    """An event of the life cycle that no provider's word leads to."""

    event: str = ""

    @property
    def alone(self) -> bool:
        """To look into a payment moves nothing."""
        return self.event == "dispute"

    def check(self, proposal: Proposal, book: Book) -> None:
        payment = payment_of(proposal, book)
        if not PAYMENT.allows(payment.state, self.event):
            raise not_possible(proposal, f"{payment.payment_id} is {payment.state}.")

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        payment = payment_of(proposal, book)
        after = payment.fire(self.event, now=now)
        entry = entry_for(self.event, payment, after, at=now, day=day)
        if entry is not None:
            entry = book.post(replace(entry, memo=memo_of(proposal, by)))
        wallet = book.get(Wallet, payment.wallet_id)
        assert wallet is not None
        if self.event == "uphold":
            assert entry is not None
            wallet = book.put(wallet.credit(payment.total))
            open_claim(entry, book)
        after = book.put(replace(after, look_at=after.look_at if after.state in CAME_BACK else None))
        self._tell(after, wallet, book, now)
        if not self.alone:
            self.close_breaks(book, now)
        return f"{payment.payment_id} is {after.state} now."

    def _tell(self, after: Payment, wallet: Wallet, book: Book, now: datetime) -> None:
        if self.event != "reject":
            TellOutcome.of(self.counter, now).write(after, wallet, book)
            return
        words = self.counter.words.say(FOUND_DELIVERED.fill(**named(after, self.counter.catalogue)), wallet.language)
        about = f"rejected:{after.payment_id}:{after.version}"
        announce(book, wallet, words, about=about, now=now, payment_id=after.payment_id)


def payment_of(proposal: Proposal, book: Book) -> Payment:
    payment = book.get(Payment, proposal.subject_id)
    if payment is None:
        raise not_possible(proposal, "there is no such payment.")
    return payment


def not_possible(proposal: Proposal, why: str) -> NotPossible:
    return NotPossible(action=proposal.action, subject=proposal.subject, why=why)


def memo_of(proposal: Proposal, by: str) -> str:
    """Who decided, and where it stands why: a reason may name a person, and the journal is for everybody."""
    return f"{proposal.names(by)}, {proposal.proposal_id}"


def _attempt(payment: Payment, proposal: Proposal, book: Book) -> Attempt:
    """The attempt that bought where one did, else the one that is named or the latest."""
    number = int(proposal.details.get("attempt", payment.attempt))
    attempt = book.get(Attempt, payment.payment_id, number)
    while payment.state in KEPT and attempt is not None and not _bought(attempt, payment):
        attempt = book.get(Attempt, payment.payment_id, attempt.number - 1)
    if attempt is None:
        raise not_possible(proposal, f"it has no attempt {number}.")
    return attempt


def _bought(attempt: Attempt, payment: Payment) -> bool:
    return attempt.outcome == Proof.PAID and attempt.provider == payment.provider


def _check_cost(proposal: Proposal, payment: Payment, attempt: Attempt) -> None:
    cost = _cost(proposal, payment)
    if cost is None:
        raise not_possible(proposal, "say what the provider took, with --cost.")
    if cost > attempt.most:
        raise not_possible(proposal, f"it may have cost {attempt.most.major} at most. Have the provider correct that.")


def _cost(proposal: Proposal, payment: Payment) -> Money | None:
    given = proposal.details.get("cost")
    return None if given is None else Money.of(int(given), payment.currency)


def _answer(proposal: Proposal, payment: Payment, by: str) -> Answer:
    """Its body names both, and why: no two proposals are the same evidence."""
    details = proposal.details
    return Answer(
        proves=PROVES[proposal.action],
        code=f"operator_{proposal.action}",
        body=f"{proposal.proposal_id} by {proposal.names(by)}: {proposal.reason}",
        cost=_cost(proposal, payment),
        serial=details.get("serial", ""),
        token=details.get("token", ""),
    )


OF_PAYMENTS: Table = {
    "captured": partial(ByEvidence, states=("review",)),
    "voided": partial(ByEvidence, states=("review",)),
    "arrived_late": partial(ByEvidence, states=GONE),
    "given_back": partial(ByEvidence, states=("captured", "disputed")),
    "undo": partial(ByEvidence, states=("late",)),
    "write_off": partial(ByArrow, event="write_off"),
    "dispute": partial(ByArrow, event="dispute"),
    "uphold": partial(ByArrow, event="uphold"),
    "reject": partial(ByArrow, event="reject"),
}
