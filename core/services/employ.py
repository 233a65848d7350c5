"""Who is an operator: the first two are added as the counter is set up, every later one is admitted by two of them.

Else whoever is alone at the machine would add a second name for herself and be two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.approval import NotPossible, Proposal
from core.domain.operator import (
    FOUNDERS,
    NameTaken,
    NeedsAnOperator,
    Operator,
    TooFewLeft,
    WrongPassphrase,
    new_passphrase,
)
from core.ports import Book, Key
from core.services.approve import Action, Decided, Propose, Table, Word
from core.services.counter import Counter


async def add_operator(counter: Counter, name: str, passphrase: str, *, by: Operator | None) -> str:
    """Add somebody; answers a sentence. Without `by` only a founder is added. Raises what a person can put right."""
    taken = len(await counter.store.operators())
    if by is None and taken >= FOUNDERS:
        raise NeedsAnOperator(name=name)
    hashed = await counter.vault.hashed(new_passphrase(passphrase, name=name))
    now = counter.clock.now()
    added = await counter.store.commit(
        AddOperator(name, hashed, by, now, counter.day(now), founder=by is None or taken < FOUNDERS)
    )
    if isinstance(added, Operator):
        return f"{name} is an operator."
    return f"{name} is added. Another operator must admit: `loket review decide {added.proposal.subject} admit`."


async def change_passphrase(counter: Counter, operator: Operator, passphrase: str) -> Operator:
    """Another passphrase for an operator whose present one was right a moment ago."""
    hashed = await counter.vault.hashed(new_passphrase(passphrase, name=operator.name))
    return await counter.store.commit(ChangePassphrase(operator, hashed))


@dataclass(frozen=True, slots=True)
class AddOperator:
    """A founder may decide at once; for anybody else it is proposed to admit her."""

    name: str
    pass_hash: str
    by: Operator | None
    now: datetime
    day: date
    founder: bool

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Operator, (self.name,)),)

    def decide(self, book: Book) -> Operator | Decided:
        if book.get(Operator, self.name) is not None:
            raise NameTaken(name=self.name)
        added_by = self.by.name if self.by else ""
        admitted_at = self.now if self.founder else None
        added = book.put(Operator(self.name, self.pass_hash, added_by, self.now, admitted_at))
        if self.founder:
            return added
        assert self.by is not None
        word = Word(f"operator:{self.name}", "admit", "", "a new operator", self.by, self.now, self.day)
        return Propose(word, Admit()).decide(book)


@dataclass(frozen=True, slots=True)
class ChangePassphrase:
    operator: Operator
    pass_hash: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Operator, (self.operator.name,)),)

    def decide(self, book: Book) -> Operator:
        known = book.get(Operator, self.operator.name)
        if known is None or known.pass_hash != self.operator.pass_hash:
            raise WrongPassphrase(name=self.operator.name, left=0)
        return book.put(replace(known, pass_hash=self.pass_hash))


@dataclass(frozen=True, slots=True)
class Admit(Action):
    """Somebody who was added may decide from now on."""

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        return (Key(Operator, (subject_id,)),)

    def check(self, proposal: Proposal, book: Book) -> None:
        known = book.get(Operator, proposal.subject_id)
        if known is None or known.admitted_at is not None or known.closed_at is not None:
            why = "there is nobody of that name to be admitted."
            raise NotPossible(action=proposal.action, subject=proposal.subject, why=why)

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        known = book.get(Operator, proposal.subject_id)
        assert known is not None
        book.put(replace(known, admitted_at=now))
        return f"{known.name} is an operator."


@dataclass(frozen=True, slots=True)
class Dismiss(Action):
    """Somebody is no operator any more. By one other operator and at once: it takes power away and gives none."""

    counter: Counter
    names: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        return True

    async def prepared(self, subject_id: str) -> Dismiss:
        return replace(self, names=tuple(one.name for one in await self.counter.store.operators()))

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        return tuple(Key(Operator, (name,)) for name in self.names)

    def check(self, proposal: Proposal, book: Book) -> None:
        everybody = [book.get(Operator, name) for name in self.names]
        left = [one.name for one in everybody if one is not None and one.open and one.name != proposal.subject_id]
        known = book.get(Operator, proposal.subject_id)
        if known is None or known.closed_at is not None:
            why = "there is nobody of that name to be closed."
            raise NotPossible(action=proposal.action, subject=proposal.subject, why=why)
        if proposal.proposed_by == known.name:
            raise NotPossible(action=proposal.action, subject=proposal.subject, why="another operator does that.")
        if len(left) < FOUNDERS:
            raise TooFewLeft

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        known = book.get(Operator, proposal.subject_id)
        assert known is not None
        book.put(replace(known, closed_at=now, closed_by=by))
        return f"{known.name} is no operator any more."


def _admit(_counter: Counter) -> Action:
    return Admit()


OF_OPERATORS: Table = {"admit": _admit, "close": Dismiss}
