"""The rules by name, and how a breach of one is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.domain.day_cut import DayBalance, DayCut, DaySum
from core.domain.message import Message
from core.domain.payment import Attempt, Payment
from core.domain.wallet import Wallet

RULES: Mapping[str, str] = {
    "entries_balance": "the postings of an entry sum to zero",
    "journal_is_whole": "entries are numbered from 1 without a gap",
    "accounts_are_charted": "every posting is to an account of the chart",
    "entries_happen_once": "no key is posted twice, and a payment's entries bear its id",
    "what_goes_back_had_come": "money is taken back only after it came in, under the same bank and evidence number",
    "nothing_below_its_floor": "no wallet, float or hold was ever below zero, after any entry",
    "wallets_agree": "what a wallet has is the sum of its postings",
    "payments_follow_arrows": "a payment's entries and its state follow the listed arrows",
    "payments_add_up": "a payment's entries come to what its state says is held, paid, spent and owed",
    "cost_within_bounds": "no provider took more than the most it might",
    "receipts_are_numbered": "a captured payment bears the number of the entry that captured it, and no other has one",
    "attempts_are_in_row": "attempts are numbered from 1, each under its own key, for the payment's number and amount",
    "attempts_fit": "what the attempts came to fits the payment's state, and only the last may be open",
    "outcomes_are_told": "an outcome is told by one message, and nothing is told that did not happen",
    "messages_are_not_forgotten": "a message was sent or waits; only what is nothing without a chat is given up",
    "one_bill_at_a_time": "no wallet has two open payments for the same number",
    "nothing_is_stuck": "an open payment has a time at which it is looked at again",
    "tree_is_the_journal": "the stored tree is that of the entries, and every signed head is of a beginning of it",
    "days_stay_cut": "after a day was cut nothing was posted on it or on a day before it",
    "days_stay_closed": "what was kept of a day's balances is what the journal says of them",
}

# Entry index, key, kind, currency, payment id, account, minor.
Leg = tuple[int, str, str, str, str | None, str, int]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were cut, what was kept of them and what the journal says, each in the order of the days.

    `closings` has the number of accounts of each day whose balances are all kept.
    """

    cuts: Sequence[DayCut] = ()
    closings: Mapping[str, int] = field(default_factory=dict)
    balances: Iterable[DayBalance] = ()
    sums: Iterable[DaySum] = ()


class Contents(Protocol):
    """One moment of a store. Legs come in the order of their entries, payments and attempts in the order of ids."""

    def messages(self) -> Iterable[Message]: ...
    def legs(self) -> Iterable[Leg]: ...
    def wallets(self) -> Iterable[Wallet]: ...
    def payments(self) -> Iterable[Payment]: ...
    def attempts(self) -> Iterable[Attempt]: ...
    def days(self) -> Days: ...


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of `RULES` that is broken, what breaks it, and how."""

    rule: str
    subject: str
    detail: str

    def __post_init__(self) -> None:
        assert self.rule in RULES, f"no rule {self.rule}"
