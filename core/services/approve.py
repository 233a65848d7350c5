"""Decide together: one operator proposes, and the second one's word carries it out, in the same change.

What can be decided about a kind of subject is a table of actions (`verdicts.py`); each refuses what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, Self

from core.domain.approval import (
    DONE,
    REJECTED,
    WITHDRAWN,
    DecidedAlready,
    NoReason,
    NothingProposed,
    OtherProposal,
    Proposal,
    SameOperator,
)
from core.domain.operator import Operator, OperatorRefusal, UnknownOperator, WrongPassphrase
from core.ports import Book, Key
from core.services.counter import Counter


class Action(Protocol):
    """One verdict about one kind of subject. `alone` when a single operator may give it."""

    @property
    def alone(self) -> bool:
        return False

    async def prepared(self, subject_id: str) -> Self:
        """Itself, with what only lists of the store tell; a change may not await."""
        return self

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        """The records it is going to ask for, as far as the subject's id tells."""
        ...

    def check(self, proposal: Proposal, book: Book) -> None:
        """Raises `NotPossible`, or another refusal for operators, when it cannot be carried out as things are."""
        ...

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        """Carry it out, after a `check`; answers with a sentence on what was done."""
        ...


# The actions for each kind of subject, by verdict, made for a counter.
Table = Mapping[str, Callable[[Counter], Action]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a word: `done` when it was carried out, and a sentence for whoever gave it."""

    proposal: Proposal
    done: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Word:
    """What one operator says about a subject. `by` as she was when her passphrase was right."""

    subject: str
    action: str
    detail: str
    reason: str
    by: Operator
    now: datetime
    day: date

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise NoReason

    def wants(self) -> tuple[Key[object], ...]:
        return Key(Operator, (self.by.name,)), Key(Proposal, (self.subject, 1))

    def proposal(self, number: int) -> Proposal:
        return Proposal(self.subject, number, self.action, self.detail, self.reason, self.by.name, self.now)


@dataclass(frozen=True, slots=True)
class Decide:
    """Propose, or decide what another one proposed in the same words. The same word again changes nothing."""

    word: Word
    action: Action

    def wants(self) -> Sequence[Key[object]]:
        return *self.word.wants(), *self.action.wants(self.word.subject.partition(":")[2])

    def decide(self, book: Book) -> Decided:
        known = latest(self.word.subject, book)
        if known is None or not known.open:
            return Propose(self.word, self.action).decide(book)
        if not known.says(self.word.action, self.word.detail):
            raise OtherProposal(by=known.proposed_by, action=known.action, subject=known.subject, told=known.told)
        if known.proposed_by == self.word.by.name:
            return Decided(known, False, "You have proposed that already: another operator must say the same.")
        return Approve(self.word, self.action).decide(book)


@dataclass(frozen=True, slots=True)
class Propose:
    """The first word. What one operator may do alone is done with it."""

    word: Word
    action: Action

    def wants(self) -> Sequence[Key[object]]:
        return *self.word.wants(), *self.action.wants(self.word.subject.partition(":")[2])

    def decide(self, book: Book) -> Decided:
        word, known = self.word, latest(self.word.subject, book)
        still_operator(word.by, book)
        if known is not None and known.open:
            raise OtherProposal(by=known.proposed_by, action=known.action, subject=known.subject, told=known.told)
        proposal = word.proposal(known.number + 1 if known else 1)
        try:
            self.action.check(proposal, book)
        except OperatorRefusal:
            if known is not None and _is_repeated(word, known):
                return Decided(known, known.outcome == DONE, f"That was {known.outcome} before; nothing was changed.")
            raise
        if not self.action.alone:
            said = f"Proposed as {proposal.proposal_id}. Another operator must say the same."
            return Decided(book.put(proposal), False, said)
        said = self.action.decide(proposal, book, by=word.by.name, now=word.now, day=word.day)
        return Decided(book.put(proposal.ended(DONE, by=word.by.name, why="", now=word.now)), True, said)


@dataclass(frozen=True, slots=True)
class Approve:
    """The second word, by another operator: it is carried out here and now, whole or not at all."""

    word: Word
    action: Action

    def wants(self) -> Sequence[Key[object]]:
        return *self.word.wants(), *self.action.wants(self.word.subject.partition(":")[2])

    def decide(self, book: Book) -> Decided:
        word = self.word
        proposal = _undecided(word.subject, book)
        still_operator(word.by, book)
        if proposal.proposed_by == word.by.name:
            raise SameOperator(by=word.by.name)
        if not proposal.says(word.action, word.detail):
            raise OtherProposal(
                by=proposal.proposed_by, action=proposal.action, subject=proposal.subject, told=proposal.told
            )
        self.action.check(proposal, book)
        said = self.action.decide(proposal, book, by=word.by.name, now=word.now, day=word.day)
        return Decided(book.put(proposal.ended(DONE, by=word.by.name, why=word.reason, now=word.now)), True, said)


@dataclass(frozen=True, slots=True)
class Reject:
    """Take a proposal away: whoever made it withdraws it, any other operator rejects it."""

    subject: str
    by: Operator
    reason: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Operator, (self.by.name,)), Key(Proposal, (self.subject, 1))

    def decide(self, book: Book) -> Decided:
        if not self.reason.strip():
            raise NoReason
        proposal = _undecided(self.subject, book)
        still_operator(self.by, book)
        outcome = WITHDRAWN if proposal.proposed_by == self.by.name else REJECTED
        ended = book.put(proposal.ended(outcome, by=self.by.name, why=self.reason, now=self.now))
        return Decided(ended, True, f"{proposal.action} for {self.subject} is {outcome}. Nothing else was changed.")


def latest(subject: str, book: Book) -> Proposal | None:
    """The newest proposal about a subject, open or decided."""
    newest = None
    while (known := book.get(Proposal, subject, newest.number + 1 if newest else 1)) is not None:
        newest = known
    return newest


def still_operator(by: Operator, book: Book) -> None:
    """She may still decide, by the passphrase that was right a moment ago. Raises why not."""
    known = book.get(Operator, by.name)
    if known is None:
        raise UnknownOperator(name=by.name)
    if refused := known.refusal():
        raise refused
    if known.pass_hash != by.pass_hash:
        raise WrongPassphrase(name=by.name, left=0)


def _undecided(subject: str, book: Book) -> Proposal:
    known = latest(subject, book)
    if known is None:
        raise NothingProposed(subject=subject)
    if not known.open:
        raise DecidedAlready(subject=subject, action=known.action, outcome=known.outcome)
    return known


def _is_repeated(word: Word, known: Proposal) -> bool:
    """One of those who decided it says the same once more."""
    return known.says(word.action, word.detail) and word.by.name in (known.proposed_by, known.decided_by)
