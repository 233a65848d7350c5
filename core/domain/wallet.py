"""A wallet: one person's money with us, and who may move it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.first_day import exceeded
from core.domain.lifecycle import Lifecycle
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.refusal import Refusal
from core.text import _

WALLET = Lifecycle(
    "wallet",
    start="pending",
    arrows=[
        # event       from                    to
        ("activate", "pending", "active"),
        ("lock", "active", "locked"),
        ("unlock", "locked", "active"),
        ("freeze", ("active", "locked"), "frozen"),
        ("thaw", "frozen", "active"),
        ("close", "active", "closed"),
    ],
)


class NotEnoughMoney(Refusal):
    text = _("Your balance is not enough. You have {available}, you need {needed}.")


class WalletCannotPay(Refusal):
    text = _("Your wallet cannot pay now. Please ask at the counter.")


class WalletCannotReceive(Refusal):
    text = _("This wallet is closed and cannot receive money.")


class SpentAlready(Refusal):
    text = _("{available} is left in this wallet, less than {amount}. Nothing was posted.")


class CapAfterReset(Refusal):
    text = _("Until {until} you can pay at most {cap} at a time, to keep you safe.")


class NotEmpty(Refusal):
    text = _("A wallet can be closed only when it is empty.")


@dataclass(frozen=True, slots=True)
class Wallet:
    """Money on hold has already left `available`. `proof_hash` is the identity proof set at enrolment.

    `pin_reset_at` is when its owner last had to prove who she is, for a new PIN or a new SIM: a day with a cap begins.
    """

    wallet_id: str
    msisdn: Msisdn
    language: str
    currency: str
    state: str
    available_minor: int
    pin_hash: str
    proof_hash: str
    opened_at: datetime
    pin_reset_at: datetime | None = None
    version: int = 0

    @property
    def available(self) -> Money:
        return Money(self.available_minor, self.currency)

    @property
    def enrolled(self) -> bool:
        return self.state != "pending"

    @property
    def has_pin(self) -> bool:
        return bool(self.pin_hash)

    def fire(self, event: str) -> Wallet:
        if event == "close" and self.available_minor:
            raise NotEmpty
        return replace(self, state=WALLET.after(self.state, event))

    def debit(self, amount: Money, *, now: datetime) -> Wallet:
        """Take money out. Refuses below zero, in any state but active, and above the cap after a proof."""
        _refuse_nothing(amount)
        if self.state != "active":
            raise WalletCannotPay
        if self.pin_reset_at and (limit := exceeded(amount, since=self.pin_reset_at, now=now)):
            raise CapAfterReset(until=limit.until, cap=limit.cap)
        if self.available < amount:
            raise NotEnoughMoney(available=self.available, needed=amount)
        return replace(self, available_minor=self.available_minor - amount.minor)

    @property
    def receives(self) -> bool:
        """A locked or frozen wallet still does."""
        return self.state != "closed"

    def credit(self, amount: Money) -> Wallet:
        """Put money in."""
        _refuse_nothing(amount)
        if not self.receives:
            raise WalletCannotReceive
        return replace(self, available_minor=(self.available + amount).minor)

    def uncredit(self, amount: Money) -> Wallet:
        """Money that came in goes out again, in any state: an operator does it, and nobody's PIN is asked."""
        _refuse_nothing(amount)
        if self.available < amount:
            raise SpentAlready(available=self.available, amount=amount)
        return replace(self, available_minor=(self.available - amount).minor)


def _refuse_nothing(amount: Money) -> None:
    """A debit below zero would be a gift, and a credit below zero a theft: whoever asks for one is a bug."""
    assert amount.minor > 0, f"no amount that moves something: {amount.minor}"
