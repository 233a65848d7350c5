"""What was sold, and what is still to become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adapters.sandbox.products import PASCA
from adapters.sandbox.response_codes import code

REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Course:
    """The codes a transaction goes through, one after the other. `lags`: it is done, and the status says not yet."""

    rcs: tuple[str, ...] = ("00",)
    lags: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """One transaction. `price` left the deposit, in whole rupiah, as long as `rc` keeps money.

    `nth` counts transactions with one ref_id: a repeat after 90 days makes another. `coming` are the codes still to
    come, the first of them at `due_at`. Until `shown_from` a status check is not told how it stands.
    """

    ref_id: str
    nth: int
    kind: str
    sku: str
    customer_no: str
    price: int
    created_at: datetime
    changed_at: datetime
    rc: str = "03"
    sn: str = ""
    coming: tuple[str, ...] = ()
    due_at: datetime | None = None
    shown_from: datetime | None = None
    callbacks: str = "once"
    cb_url: str = ""
    month: str = ""
    bill: Mapping[str, object] = field(default_factory=dict)

    def set_out(self, course: Course, *, settles_at: datetime, hidden_until: datetime) -> Sale:
        """This sale at the beginning of its course."""
        first, *later = course.rcs
        return replace(
            self,
            rc=first,
            coming=tuple(later),
            due_at=settles_at if later else None,
            shown_from=hidden_until if course.lags else None,
        )

    @property
    def state(self) -> str:
        return code(self.rc).state

    @property
    def keeps_money(self) -> bool:
        return code(self.rc).keeps_money

    @property
    def is_bill(self) -> bool:
        return self.kind == PASCA

    def is_for(self, kind: str, sku: str, customer_no: str) -> bool:
        return (self.kind, self.sku, self.customer_no) == (kind, sku, customer_no)

    def is_forgotten(self, now: datetime) -> bool:
        """Past 90 days the provider no longer knows a ref_id: …/api/buyer/cek-status."""
        return now - self.created_at > REMEMBERED

    def is_hidden(self, now: datetime) -> bool:
        return self.shown_from is not None and now < self.shown_from


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A bill that was found under a ref_id, and when; it can be paid until the day ends in Jakarta."""

    ref_id: str
    sku: str
    customer_no: str
    price: int
    month: str
    bill: Mapping[str, object]
    asked_at: datetime

    def is_for(self, kind: str, sku: str, customer_no: str) -> bool:
        return (PASCA, self.sku, self.customer_no) == (kind, sku, customer_no)
