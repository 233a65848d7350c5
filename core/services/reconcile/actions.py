"""What two operators decide about a difference between a provider's statement and our book.

Each verdict closes the break, and posts by how much the provider took more than we booked, or less: once a break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from core.domain.approval import Proposal
from core.domain.evidence import Break
from core.domain.journal import CLAIM_SHORT, Entry, differs
from core.domain.payment import UNSETTLED
from core.domain.statement import Difference
from core.ports import Book, Key
from core.services.approve import Action, Table
from core.services.counter import Counter
from core.services.decide_break import DecidePayment, Note
from core.services.decide_payment import ByEvidence, memo_of, not_possible
from core.services.owed import open_claim


@dataclass(frozen=True, slots=True)
class OnDifference(Note):
    """About the difference that the break was opened with."""

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        return Key(Break, (subject_id,)), Key(Difference, (subject_id,))


@dataclass(frozen=True, slots=True)
class Accept(OnDifference):
    """Nothing has to be posted: no money differs, or what the deposit's line tells was written down since."""

    def _check_more(self, proposal: Proposal, opened: Break, book: Book) -> None:
        found = difference_of(proposal, book)
        if found.over_minor and found.about:
            raise not_possible(proposal, f"{found.over_minor:+} minor units differ: claim, write off or hold them.")


@dataclass(frozen=True, slots=True)
class PostDifference(OnDifference):
    """Posted as `kind`, against `account`. `sign`: of differences by which the provider took more, or less."""

    kind: str
    account: str
    sign: int

    def _check_more(self, proposal: Proposal, opened: Break, book: Book) -> None:
        found = difference_of(proposal, book)
        if found.over_minor * self.sign <= 0:
            what = "more" if self.sign > 0 else "less"
            raise not_possible(proposal, f"the provider did not take {what} than we booked.")
        self._account(proposal, found)

    def _do_more(self, proposal: Proposal, opened: Break, book: Book, *, by: str, now: datetime, day: date) -> str:
        found = difference_of(proposal, book)
        against = self._account(proposal, found)
        entry = book.post(differs(self.kind, found, against, at=now, day=day, by=memo_of(proposal, by)))
        self._follow(entry, book)
        return f"Posted as entry {entry.index}, against {against}."

    def _account(self, proposal: Proposal, found: Difference) -> str:
        return self.account.format(source=found.source)

    def _follow(self, entry: Entry, book: Book) -> None:
        """Nothing, for most."""


@dataclass(frozen=True, slots=True)
class ClaimDifference(PostDifference):
    """The provider owes it to us: open until it was paid or is lost, as every claim."""

    def _follow(self, entry: Entry, book: Book) -> None:
        open_claim(entry, book)


@dataclass(frozen=True, slots=True)
class Replenish(PostDifference):
    """A transfer that the provider has and nobody wrote down here: it left the bank that they name."""

    def _account(self, proposal: Proposal, found: Difference) -> str:
        bank = proposal.details.get("account", "")
        if not bank.startswith("bank:") or bank == "bank:":
            raise not_possible(proposal, "say which bank it left, with --account bank:NAME.")
        if found.about:
            raise not_possible(proposal, "that line is about a sale.")
        return bank


def difference_of(proposal: Proposal, book: Book) -> Difference:
    found = book.get(Difference, proposal.subject_id)
    if found is None:
        raise not_possible(proposal, "it was not opened by a provider's statement.")
    return found


def _absent(counter: Counter) -> Action:
    """Two statements do not tell of a payment that is in doubt: it was never made."""
    return DecidePayment(counter, ByEvidence(counter, states=UNSETTLED))


OF_DIFFERENCES: Table = {
    "accept": Accept,
    "claim": partial(ClaimDifference, kind=CLAIM_SHORT, account="claim:{source}", sign=1),
    "short": partial(PostDifference, kind="short", account="loss:short", sign=1),
    "hold": partial(PostDifference, kind="long", account="suspense:{source}", sign=-1),
    "replenish": partial(Replenish, kind="replenish", account="", sign=-1),
    "voided": _absent,
}
