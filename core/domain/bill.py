"""The answer to an inquiry: what is owed and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.money import Money
from core.refusal import Fault, Refusal
from core.text import _


class NothingToPay(Refusal):
    text = _("There is nothing to pay on {reference} now.")


class ReferenceUnknown(Refusal):
    text = _("{biller} does not know the number {reference}. Please look again.")


class BillerDown(Fault):
    """The provider cannot say just now; nothing was moved and nothing was asked twice."""


@dataclass(frozen=True, slots=True)
class Bill:
    """`owed` is what the biller wants, None where the customer chooses; `admin` what the provider adds for its service.

    `cost` is what the provider will take from our deposit for it.
    `asked_with` is the key the inquiry was made with: a postpaid bill is paid with the same key, on the same day.
    """

    reference: str
    holder: str
    asked_with: str
    owed: Money | None = None
    admin: Money | None = None
    cost: Money | None = None
    periods: int = 1
    detail: str = ""
