"""The book: append-only entries whose postings sum to zero, and the rules that write them.

Signs are those of Beancount: a debit is positive, a credit negative. What we owe customers is therefore negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.money import Money
from core.domain.statement import Difference


@dataclass(frozen=True, slots=True)
class AccountKind:
    """A row of the chart. `floor` says that the account may never fall below zero on its natural side."""

    code: int
    debit_natured: bool
    floor: bool
    meaning: str


# The kinds of entries by which a customer's money comes in; what came in may be taken back.
CAME_IN = ("top_up", "set_aside")
# A claim that belongs to no payment, by what a provider's statement shows beyond our book.
CLAIM_SHORT = "claim_short"

# An account is named `kind` or `kind:whose`.
CHART = {
    "bank": AccountKind(1010, True, False, "our money at a bank"),
    "deposit": AccountKind(1020, True, False, "our prefunded balance at a provider"),
    "claim": AccountKind(1050, True, False, "what a provider owes us back"),
    "receivable": AccountKind(1060, True, False, "what a customer owes after a late success"),
    "wallet": AccountKind(2010, False, True, "a customer's money"),
    "float": AccountKind(2020, False, True, "an agent's money"),
    "held": AccountKind(2030, False, True, "money on hold for open payments"),
    "payable": AccountKind(2040, False, False, "what we owe a biller until settlement"),
    "unidentified": AccountKind(2060, False, True, "money that came in without a name"),
    "suspense": AccountKind(2070, False, True, "what a provider left with us and may ask for yet"),
    "capital": AccountKind(3000, False, False, "what the owners put in"),
    "margin": AccountKind(4010, False, False, "what is left between price and cost"),
    "fee": AccountKind(4020, False, False, "fees customers paid"),
    "commission": AccountKind(4030, False, False, "what billers leave us for collecting"),
    "interest": AccountKind(4050, False, False, "what banks pay for our money"),
    "loss": AccountKind(5040, True, False, "late successes and claims we had to bear"),
    "cost": AccountKind(5060, True, False, "what banks take for their service"),
}


def kind_of(account: str) -> AccountKind:
    """The row of the chart an account belongs to. Raises `KeyError` for one that is not in the chart."""
    return CHART[account.partition(":")[0]]


def wallet_account(wallet_id: str) -> str:
    return f"wallet:{wallet_id}"


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg: debit > 0, credit < 0, in minor units of the entry's currency."""

    account: str
    minor: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the book. `key` is unique for ever, which is what makes an entry happen once.

    `index` is its place in the journal, given when it is written. `day` is the accounting date.
    """

    key: str
    kind: str
    currency: str
    postings: tuple[Posting, ...]
    at: datetime
    day: date
    payment_id: str | None = None
    memo: str = ""
    index: int = 0


class Unbalanced(AssertionError):
    """The legs of an entry do not sum to zero: a bug, and nothing of it is written."""


def entry(
    kind: str,
    *legs: tuple[str, int],
    key: str,
    currency: str,
    at: datetime,
    day: date,
    payment_id: str | None = None,
    memo: str = "",
) -> Entry:
    """An entry of legs `(account, minor)`; legs of zero are left out. Raises `Unbalanced`."""
    postings = tuple(Posting(account, minor) for account, minor in legs if minor)
    for posting in postings:
        kind_of(posting.account)
    if sum(posting.minor for posting in postings) or not postings:
        raise Unbalanced(f"{kind} {key}: {postings}")
    return Entry(key, kind, currency, postings, at, day, payment_id, memo)


def top_up(wallet_id: str, amount: Money, *, bank: str, evidence: str, at: datetime, day: date, by: str) -> Entry:
    """Money came in at a bank for a customer. Posted once per bank and evidence number."""
    return entry(
        "top_up",
        (f"bank:{bank}", amount.minor),
        (wallet_account(wallet_id), -amount.minor),
        key=f"top_up:{bank}:{evidence}",
        currency=amount.currency,
        at=at,
        day=day,
        memo=by,
    )


def fund_deposit(provider: str, amount: Money, *, bank: str, evidence: str, at: datetime, day: date, by: str) -> Entry:
    """Money went from a bank to our deposit at a provider. Posted once per bank and evidence number."""
    return entry(
        "fund_deposit",
        (f"deposit:{provider}", amount.minor),
        (f"bank:{bank}", -amount.minor),
        key=f"fund_deposit:{bank}:{evidence}",
        currency=amount.currency,
        at=at,
        day=day,
        memo=by,
    )


def set_aside(amount: Money, *, bank: str, evidence: str, at: datetime, day: date, by: str) -> Entry:
    """Money came in at a bank that no wallet can take. Posted once per bank and evidence number."""
    return entry(
        "set_aside",
        (f"bank:{bank}", amount.minor),
        ("unidentified", -amount.minor),
        key=f"set_aside:{bank}:{evidence}",
        currency=amount.currency,
        at=at,
        day=day,
        memo=by,
    )


def book_line(
    account: str, amount: Money, *, through: str, bank: str, evidence: str, at: datetime, day: date, by: str
) -> Entry:
    """A line of a bank's statement is booked against an account, as two operators have decided: once a line.

    What came in was set aside before (`through` is `unidentified`), what goes out goes from the `bank` account. The
    amount has its sign: what came in is positive.
    """
    return entry(
        "book_line",
        (through, amount.minor),
        (account, -amount.minor),
        key=f"book_line:{bank}:{evidence}",
        currency=amount.currency,
        at=at,
        day=day,
        memo=by,
    )


def differs(kind: str, found: Difference, against: str, *, at: datetime, day: date, by: str) -> Entry:
    """By how much a provider took more from our deposit than we booked, or less, as two operators have decided.

    Once a difference, whichever way.
    """
    return entry(
        kind,
        (against, found.over_minor),
        (f"deposit:{found.source}", -found.over_minor),
        key=f"{kind}:{found.break_id}",
        currency=found.currency,
        at=at,
        day=day,
        memo=by,
    )


def take_back(came: Entry, *, bank: str, evidence: str, at: datetime, day: date, by: str) -> Entry:
    """Money that came in went back to who sent it: its entry is undone leg by leg. Once per bank and evidence."""
    return entry(
        "take_back",
        *((posting.account, -posting.minor) for posting in came.postings),
        key=f"take_back:{bank}:{evidence}",
        currency=came.currency,
        at=at,
        day=day,
        memo=by,
    )


def line_name(words: str) -> str:
    """A bank, or a line on its statement, by the name it is known again by: capitals and blanks make no difference."""
    return " ".join(words.split()).upper()
