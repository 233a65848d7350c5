"""The journal, entry by entry: balances of the accounts that have a floor, and the trail of each payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from core.domain.invariants.rules import Leg, Violation
from core.domain.invariants.trail import PLACE, Trail
from core.domain.journal import CAME_IN, CHART, CLAIM_SHORT, wallet_account
from core.domain.postings import CLAIM_ENDS
from core.domain.postings import RULES as OF_PAYMENTS
from core.domain.wallet import Wallet

# The side on which an account that has a floor may not fall below it: 1 debit, -1 credit.
FLOORS = {kind: 1 if row.debit_natured else -1 for kind, row in CHART.items() if row.floor}


class Balances:
    """As far as the journal has been read. `trails` are led on by the entries of their payments."""

    def __init__(self, trails: Mapping[str, Trail]) -> None:
        self._trails = trails
        self._balances: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._keys: set[str] = set()
        self._last = 0

    def broken_by_entry(self, index: int, legs: list[Leg]) -> Iterator[Violation]:
        _, key, kind, currency, payment_id, _, _ = legs[0]
        if index != self._last + 1:
            yield Violation("journal_is_whole", f"entry {index}", f"comes after entry {self._last}")
        self._last = index
        if total := sum([leg[6] for leg in legs]):
            yield Violation("entries_balance", f"entry {index}", f"{kind} {key} sums to {total} {currency}")
        yield from self._add(index, legs, currency)
        if payment_id is None:
            yield from self._of_no_payment(index, key, kind, legs)
        else:
            yield from _lead(self._trails[payment_id], payment_id, index, legs)

    def broken_by_wallet(self, wallet: Wallet) -> Iterator[Violation]:
        posted = self._balances[wallet.currency].pop(wallet_account(wallet.wallet_id), 0)
        if posted != wallet.available_minor:
            detail = f"has {wallet.available_minor}, its postings say {posted} {wallet.currency}"
            yield Violation("wallets_agree", wallet.wallet_id, detail)

    def broken_by_nobody(self) -> Iterator[Violation]:
        """Money on wallets that are not there, once all wallets have been seen."""
        for currency, balances in self._balances.items():
            for account, balance in balances.items():
                if balance and account.startswith("wallet:"):
                    yield Violation("wallets_agree", account, f"{balance} {currency} belong to no wallet")

    def _add(self, index: int, legs: list[Leg], currency: str) -> Iterator[Violation]:
        """An account is judged after the whole entry, which may touch it more than once."""
        balances = self._balances[currency]
        below: dict[str, None] = {}
        for leg in legs:
            account = leg[5]
            kind = account.partition(":")[0]
            if sign := FLOORS.get(kind):
                balance = balances[account] = balances.get(account, 0) + sign * leg[6]
                if balance < 0:
                    below[account] = None
            elif kind not in CHART:
                yield Violation("accounts_are_charted", f"entry {index}", f"{account} is in no row of the chart")
        for account in below:
            if balances[account] < 0:
                detail = f"{balances[account]} {currency} after entry {index}"
                yield Violation("nothing_below_its_floor", account, detail)

    def _of_no_payment(self, index: int, key: str, kind: str, legs: list[Leg]) -> Iterator[Violation]:
        """That a payment's entry comes once its trail tells; the keys of the others are remembered."""
        if key in self._keys:
            yield Violation("entries_happen_once", f"entry {index}", f"{key} was posted before")
        self._keys.add(key)
        if kind == "take_back" and not any(came + key.removeprefix(kind) in self._keys for came in CAME_IN):
            yield Violation("what_goes_back_had_come", f"entry {index}", f"{key} was not there to be taken back")
        ends_nothing = kind in CLAIM_ENDS and not self._ends_claim_of_statement(key.removeprefix(kind), kind)
        if kind in OF_PAYMENTS or ends_nothing or any(leg[5] == "held" for leg in legs):
            yield Violation("payments_follow_arrows", f"entry {index}", f"{kind} {key} belongs to no payment")

    def _ends_claim_of_statement(self, about: str, kind: str) -> bool:
        """What a provider's statement made us claim ends once, and after it was claimed."""
        return CLAIM_SHORT + about in self._keys and not any(
            end + about in self._keys for end in CLAIM_ENDS if end != kind
        )


def _lead(trail: Trail, payment_id: str, index: int, legs: list[Leg]) -> Iterator[Violation]:
    """Lead a payment's trail one entry on."""
    _, key, kind, _, _, _, _ = legs[0]
    if not f"{key}:".startswith(f"{kind}:{payment_id}:"):
        yield Violation("entries_happen_once", f"entry {index}", f"{key} is not a key of payment {payment_id}")
    if not trail.go(kind, index):
        where = ", ".join(sorted(trail.states))
        yield Violation("payments_follow_arrows", payment_id, f"entry {index}: no {kind} from {where}")
    for leg in legs:
        name, _, whose = leg[5].partition(":")
        if name not in PLACE:
            continue
        if not trail.add(kind, name, leg[6]):
            yield Violation("payments_add_up", payment_id, f"entry {index} ends more of a claim than there is")
        if name == "wallet" and trail.wallet != whose:
            if trail.wallet:
                yield Violation("payments_add_up", payment_id, f"entry {index} moves money of wallet {whose}")
            trail.wallet = whose
