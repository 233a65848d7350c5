"""Close a customer's case, and tell her. One operator does it: it moves nothing, and she can open another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.approval import NotPossible, Proposal
from core.domain.evidence import Case
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.announce import announce
from core.services.approve import Action, Table
from core.services.counter import Counter
from core.text import _

CLOSED = _("We have looked into your case {number}. Is something still wrong? Choose it in the menu again.")


@dataclass(frozen=True, slots=True)
class CloseCase(Action):
    counter: Counter

    @property
    def alone(self) -> bool:
        return True

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        return (Key(Case, (subject_id,)),)

    def check(self, proposal: Proposal, book: Book) -> None:
        case = book.get(Case, proposal.subject_id)
        if case is None or case.closed_at is not None:
            why = "there is no such case." if case is None else "it is closed."
            raise NotPossible(action=proposal.action, subject=proposal.subject, why=why)

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        case = book.get(Case, proposal.subject_id)
        assert case is not None
        book.put(replace(case, closed_at=now))
        wallet = book.get(Wallet, case.wallet_id)
        assert wallet is not None
        words = self.counter.words.say(CLOSED.fill(number=case.number), wallet.language)
        announce(book, wallet, words, about=f"case_closed:{case.number}", now=now)
        return f"Case {case.number} is closed, and its customer is told."


OF_CASES: Table = {"close": CloseCase}
