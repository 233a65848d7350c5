"""A payment: one promise to pay one bill, from the quote to its end, and the attempts made to keep it.

An unknown outcome is a state, not an error. What each arrow posts stands in `postings.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain import luhn
from core.domain.lifecycle import Lifecycle
from core.domain.money import Money
from core.domain.pricing import Quote
from core.refusal import Refusal
from core.text import _

UNSETTLED = ("submitted", "in_doubt", "review")

PAYMENT = Lifecycle(
    "payment",
    start="quoted",
    arrows=[
        # event         from                                   to
        ("authorize", "quoted", "authorized"),
        ("decline", "quoted", "declined"),
        ("expire", ("quoted", "authorized"), "expired"),
        ("cancel", "authorized", "cancelled"),
        ("submit", "authorized", "submitted"),
        ("lose_sight", "submitted", "in_doubt"),
        ("capture", UNSETTLED, "captured"),
        ("void", UNSETTLED, "voided"),
        ("reroute", "submitted", "authorized"),
        ("escalate", "in_doubt", "review"),
        ("arrive_late", ("voided", "cancelled", "expired"), "late"),
        ("settle_late", "late", "captured"),
        ("write_off", "late", "written_off"),
        ("undo", "late", "voided"),
        ("attempt_late", "authorized", "captured"),
        ("attempt_late", ("submitted", "in_doubt", "review"), "review"),
        ("attempt_late", "captured", "captured"),
        ("give_back", ("captured", "disputed"), "refund_due"),
        ("refund", "refund_due", "refunded"),
        ("dispute", "captured", "disputed"),
        ("uphold", "disputed", "refunded"),
        ("reject", "disputed", "captured"),
    ],
)

# The hold still stands in these, and in these only.
HOLDING = frozenset({"authorized", "submitted", "in_doubt", "review", "refund_due"})
# The customer is waiting for an outcome in these.
OPEN = frozenset({"authorized", "submitted", "in_doubt", "review"})
# The provider kept the money in these.
KEPT = frozenset({"captured", "disputed", "late", "written_off"})
# The customer gets a message about these.
TOLD = frozenset({"captured", "voided", "expired", "cancelled", "refunded", "late", "written_off", "disputed"})

# Why a payment in review is not asked about: its store came back from a copy, and asking might buy a second time.
RESTORED = "restored"

AGAIN_WITHIN = timedelta(hours=24)


class AlreadyBeingPaid(Refusal):
    text = _("A payment for {reference} is already on its way. Please wait for its message.")


class PaidJustNow(Refusal):
    text = _("You paid the same for {reference} less than a day ago.")


class Proof(StrEnum):
    """What an answer of a provider proves about one attempt."""

    PAID = "paid"
    FAILED = "failed"
    NOT_CREATED = "not_created"
    GIVEN_BACK = "given_back"
    NOTHING = "nothing"


# The provider did not know an attempt when it was last looked for, past the finality window.
ABSENT = "absent"
# What an attempt may have come to: it is open, or it took no money and never will.
UNDECIDED = frozenset({"", ABSENT})
NEGATIVE = frozenset({Proof.FAILED.value, Proof.NOT_CREATED.value, Proof.GIVEN_BACK.value})


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's word on one attempt. `cost` is what it took from our deposit; `body` the evidence as received."""

    proves: Proof
    code: str
    body: str
    cost: Money | None = None
    serial: str = ""
    token: str = ""
    detail: str = ""
    elsewhere: bool = False
    """The refusal is this provider's own trouble, so another one may be asked (never true after money was taken)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One provider, one key, one request: saved before anything is sent, never changed but for what it came to.

    `outcome` is a proof that had a consequence, or `ABSENT`; a word that contradicts it is kept as evidence only.
    """

    payment_id: str
    number: int
    provider: str
    key: str
    code: str
    reference: str
    most_minor: int
    currency: str
    kind: str
    made_at: datetime
    outcome: str = ""
    version: int = 0

    @property
    def most(self) -> Money:
        return Money(self.most_minor, self.currency)


def attempt_key(payment_id: str, number: int) -> str:
    """Ours towards a provider: the same for ever for the same attempt, so that asking twice buys once."""
    return f"{payment_id}-{number}"


@dataclass(frozen=True, slots=True)
class Payment:
    """`told` says that the customer has seen the latest state; `look_at` is when the provider is asked again."""

    payment_id: str
    wallet_id: str
    product_id: str
    denomination_id: str
    reference: str
    holder: str
    amount_minor: int
    fee_minor: int
    most_minor: int
    currency: str
    provider: str
    code: str
    kind: str
    channel: str
    state: str
    authorized_at: datetime
    changed_at: datetime
    attempt: int = 0
    cost_minor: int | None = None
    receipt: str = ""
    serial: str = ""
    token: str = ""
    detail: str = ""
    reason: str = ""
    looks: int = 0
    look_at: datetime | None = None
    told: bool = False
    version: int = 0

    @classmethod
    def quoted(cls, quote: Quote, *, wallet_id: str, kind: str, channel: str, now: datetime) -> Payment:
        return cls(
            payment_id=quote.payment_id,
            wallet_id=wallet_id,
            product_id=quote.product_id,
            denomination_id=quote.denomination_id,
            reference=quote.reference,
            holder=quote.holder,
            amount_minor=quote.amount.minor,
            fee_minor=quote.fee.minor,
            most_minor=quote.most.minor,
            currency=quote.amount.currency,
            provider=quote.provider,
            code=quote.code,
            kind=kind,
            channel=channel,
            state=PAYMENT.start,
            authorized_at=now,
            changed_at=now,
        )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def total(self) -> Money:
        return self.amount + self.fee

    @property
    def cost(self) -> Money | None:
        """What the provider took from our deposit, None before that is known."""
        return None if self.cost_minor is None else Money(self.cost_minor, self.currency)

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def paid_before(self) -> bool:
        """An earlier attempt turned out paid while a later one was on its way; the goods of that one are noted here."""
        return self.state in UNSETTLED and self.cost_minor is not None

    def paid_within_a_day(self, total: Money, *, now: datetime) -> bool:
        """The same was bought a moment ago: most likely by mistake if it is bought again."""
        return self.state == "captured" and self.total == total and now < self.authorized_at + AGAIN_WITHIN

    def fire(self, event: str, *, now: datetime) -> Payment:
        """The payment one arrow further; the customer has yet to be told. Raises `Forbidden`."""
        return replace(self, state=PAYMENT.after(self.state, event), changed_at=now, told=False)

    def next_attempt(self, *, now: datetime) -> Attempt:
        number = self.attempt + 1
        return Attempt(
            payment_id=self.payment_id,
            number=number,
            provider=self.provider,
            key=attempt_key(self.payment_id, number),
            code=self.code,
            reference=self.reference,
            most_minor=self.most_minor,
            currency=self.currency,
            kind=self.kind,
            made_at=now,
        )


def receipt_number(index: int) -> str:
    """A receipt's number from its entry's place in the journal: unique, short to say, and with a Luhn check digit."""
    return luhn.with_check(f"{index:05d}")
