"""What must be true of the money at any moment, whatever happened before: checked in one pass over a whole store.

Memory grows with the number of wallets and payments, a little for each, and not with the length of the journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter, itemgetter

from core.domain.invariants.balances import Balances
from core.domain.invariants.of_days import broken_by_days
from core.domain.invariants.of_messages import broken_by_message
from core.domain.invariants.of_payments import broken_by_payment
from core.domain.invariants.of_tree import Stored, TreeContents, tree_violations
from core.domain.invariants.rules import RULES, Contents, Days, Leg, Violation
from core.domain.invariants.trail import Trail
from core.domain.payment import Attempt, Payment

__all__ = ["RULES", "Contents", "Days", "Leg", "Stored", "TreeContents", "Violation", "tree_violations", "violations"]


def violations(contents: Contents) -> Iterator[Violation]:
    """Everything that is wrong, in the order in which it is found."""
    trails: defaultdict[str, Trail] = defaultdict(Trail)
    balances = Balances(trails)
    for message in contents.messages():
        yield from broken_by_message(message, trails)
    for index, legs in groupby(contents.legs(), key=itemgetter(0)):
        yield from balances.broken_by_entry(index, list(legs))
    for wallet in contents.wallets():
        yield from balances.broken_by_wallet(wallet)
    yield from balances.broken_by_nobody()
    yield from broken_by_days(contents.days())
    opened: set[tuple[str, str, str]] = set()
    for payment, attempts in _with_attempts(contents):
        trail = trails.pop(payment.payment_id) if payment.payment_id in trails else Trail()
        yield from broken_by_payment(payment, attempts, trail, opened)
    for payment_id in trails:
        yield Violation("payments_follow_arrows", payment_id, "there are entries or messages, but no such payment")


def _with_attempts(contents: Contents) -> Iterator[tuple[Payment, list[Attempt]]]:
    """Each payment and its attempts, from two streams in the same order."""
    groups = groupby(contents.attempts(), key=attrgetter("payment_id"))
    whose, mine = next(groups, (None, iter(())))
    for payment in contents.payments():
        attempts: list[Attempt] = []
        if whose == payment.payment_id:
            attempts = list(mine)
            whose, mine = next(groups, (None, iter(())))
        yield payment, attempts
