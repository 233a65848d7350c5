"""What each arrow of the payment life cycle writes into the journal. An event without a rule here posts nothing.

T is what the customer pays, C what the provider takes, F our fee; A = T - F. Debits are positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from core.domain.journal import Entry, entry, wallet_account
from core.domain.payment import Payment

Legs = tuple[tuple[str, int], ...]


def _hold(p: Payment) -> Legs:
    return (wallet_account(p.wallet_id), p.total.minor), ("held", -p.total.minor)


def _release(p: Payment) -> Legs:
    return _inverse(_hold(p))


def _capture(p: Payment) -> Legs:
    return ("held", p.total.minor), *_earned(p)


def _earned(p: Payment) -> Legs:
    """The provider took C from our deposit; the rest of T is ours.

    Of a bill it is commission: the charge that customers pay on top is the provider's, which leaves us a part of it.
    """
    cost = _cost(p)
    if p.kind == "postpaid":
        return (f"deposit:{p.provider}", -cost), (f"commission:{p.product_id}", cost - p.total.minor)
    return (
        (f"deposit:{p.provider}", -cost),
        (f"fee:{p.product_id}", -p.fee_minor),
        (f"margin:{p.product_id}", cost - p.amount_minor),
    )


def _arrive_late(p: Payment) -> Legs:
    return (f"receivable:{p.wallet_id}", p.total.minor), *_earned(p)


def _settle_late(p: Payment) -> Legs:
    return (wallet_account(p.wallet_id), p.total.minor), (f"receivable:{p.wallet_id}", -p.total.minor)


def _write_off(p: Payment) -> Legs:
    """What we hoped to earn is taken back, what the provider took is lost."""
    _deposit, *hoped_for = _earned(p)
    return ("loss:late", _cost(p)), *_inverse(tuple(hoped_for)), (f"receivable:{p.wallet_id}", -p.total.minor)


def _attempt_late(p: Payment) -> Legs:
    """A second provider was paid for one purchase: the first owes us its price."""
    return (f"claim:{p.provider}", _cost(p)), (f"deposit:{p.provider}", -_cost(p))


def _uphold(p: Payment) -> Legs:
    """She has all of it back, what we earned by it included; the provider owes us what it took."""
    _deposit, *earned = _earned(p)
    return (f"claim:{p.provider}", _cost(p)), *_inverse(tuple(earned)), (wallet_account(p.wallet_id), -p.total.minor)


def _cost(p: Payment) -> int:
    assert p.cost_minor is not None, "nothing is captured before the provider's price is known"
    return p.cost_minor


def _inverse(legs: Legs) -> Legs:
    return tuple((account, -minor) for account, minor in legs)


RULES: Mapping[str, Callable[[Payment], Legs]] = {
    "authorize": _hold,
    "expire": _release,
    "cancel": _release,
    "void": _release,
    "capture": _capture,
    "arrive_late": _arrive_late,
    "settle_late": _settle_late,
    "write_off": _write_off,
    "undo": lambda p: _inverse(_arrive_late(p)),
    "attempt_late": _attempt_late,
    "give_back": lambda p: _inverse(_capture(p)),
    "refund": _release,
    "uphold": _uphold,
}


# A hold is made once and ends once; the others may come again after they were undone.
_ONCE = frozenset({"authorize", "expire", "cancel", "void", "capture"})
# Paid by the earlier attempt while the later was never sent; a claim when both were paid; else nothing yet.
_LATE_KINDS = {"authorized": "capture", "captured": "attempt_late"}


def kind_posted(event: str, state: str) -> str | None:
    """The kind of entry that an event writes when it leaves a state, None where it posts nothing."""
    if event == "attempt_late":
        return _LATE_KINDS.get(state)
    return event if event in RULES and (state, event) != ("quoted", "expire") else None


def entry_for(event: str, before: Payment, after: Payment, *, at: datetime, day: date) -> Entry | None:
    """The entry an event writes, None where it posts nothing."""
    kind = kind_posted(event, before.state)
    if kind is None:
        return None
    return entry(
        kind,
        *RULES[kind](after),
        key=f"{kind}:{after.payment_id}" if kind in _ONCE else f"{kind}:{after.payment_id}:{before.version}",
        currency=after.currency,
        at=at,
        day=day,
        payment_id=after.payment_id,
    )


# How what a provider owes us ends: it came into our deposit, or is lost.
CLAIM_ENDS = ("claim_paid", "claim_lost")


def claim_end(claimed: Entry, kind: str, *, at: datetime, day: date, memo: str) -> Entry:
    """The entry by which the claim of an entry ends, whole; its key tells of which entry it is."""
    [(account, minor)] = [(leg.account, leg.minor) for leg in claimed.postings if leg.account.startswith("claim:")]
    to = f"deposit:{account.partition(':')[2]}" if kind == "claim_paid" else "loss:claim"
    return entry(
        kind,
        (to, minor),
        (account, -minor),
        key=end_key(claimed.key, claimed.kind, kind),
        currency=claimed.currency,
        at=at,
        day=day,
        payment_id=claimed.payment_id,
        memo=memo,
    )


def end_key(claimed: str, claimed_kind: str, kind: str) -> str:
    """`uphold:p1:7` ends as `claim_paid:p1:7`."""
    return f"{kind}{claimed.removeprefix(claimed_kind)}"
