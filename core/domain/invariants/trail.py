"""What a payment left behind, gathered in one pass: where its entries lead by the listed arrows, what they come to on
each kind of account, and what its owner was told. A few small values a payment, for millions of payments."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from core.domain.payment import PAYMENT, TOLD
from core.domain.postings import CLAIM_ENDS, kind_posted

States = frozenset[str]

# The accounts on which a payment's entries must come to what its state says.
ACCOUNTED = ("wallet", "held", "deposit", "claim", "receivable")
PLACE = {kind: place for place, kind in enumerate(ACCOUNTED)}
MARK = {state: 1 << place for place, state in enumerate(sorted(TOLD))}


class Trail:
    """`states`: where the payment may stand now. `sums`: in the order of `ACCOUNTED`, debits positive.

    `wallet`: whose money was moved. `captured_at`: the entry that captured it, 0 before. `due` and `told`: the states
    its owner had to be told of and was told of, as bits of `MARK`. `owed`: what providers still owe us back for it.
    """

    __slots__ = ("captured_at", "due", "owed", "states", "sums", "told", "wallet")

    def __init__(self) -> None:
        self.states: States = START
        self.sums = [0] * len(ACCOUNTED)
        self.wallet = ""
        self.captured_at = 0
        self.owed = 0
        self.due = 0
        self.told = 0

    def go(self, kind: str, index: int) -> bool:
        """Follow one entry; False when no arrow leads on, and then the trail stays where it was.

        That a claim ends leads nowhere, and needs one that was open.
        """
        if kind in CLAIM_ENDS:
            return self.owed > 0
        states = after(self.states, kind)
        if not states:
            return False
        self.states = states
        self.due |= _told_by(kind)
        if not self.captured_at and "captured" in states:
            self.captured_at = index
        return True

    def add(self, kind: str, account_kind: str, minor: int) -> bool:
        """Count one leg; False when more of a claim has ended than there was.

        What ends a claim belongs to the deal with the provider: what the payment came to stays as it is.
        """
        if account_kind == "claim":
            self.owed += minor
        if kind not in CLAIM_ENDS:
            self.sums[PLACE[account_kind]] += minor
        return self.owed >= 0

    @property
    def claimed(self) -> int:
        """What providers owed us back for it, ended or not."""
        return self.sums[PLACE["claim"]]


@cache
def after(states: States, kind: str) -> States:
    """Where a payment may stand after an entry of a kind; nowhere when no listed arrow posts it from here."""
    return _onwards(_targets(states, kind))


@cache
def _told_by(kind: str) -> int:
    return sum(MARK[state] for state in _targets(frozenset(PAYMENT.states), kind) & TOLD)


def _targets(states: States, kind: str) -> States:
    return frozenset(
        target for event, source, target in PAYMENT.arrows if source in states and kind_posted(event, source) == kind
    )


def _onwards(states: States) -> States:
    """These states, and all that arrows without an entry lead to from them."""
    reached = set(states)
    while more := _silent_targets(reached) - reached:
        reached |= more
    return frozenset(reached)


def _silent_targets(states: Iterable[str]) -> set[str]:
    return {
        target for event, source, target in PAYMENT.arrows if source in states and kind_posted(event, source) is None
    }


START = _onwards(frozenset({PAYMENT.start}))
