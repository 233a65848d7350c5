"""A sound store breaks no rule, and whatever is bent in it breaks the rule that was made for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from core.domain.day_cut import DayBalance, DayCut, DaySum
from core.domain.invariants import RULES, Days, Leg, Violation, violations
from core.domain.invariants.of_payments import LATEST
from core.domain.invariants.trail import START, after
from core.domain.journal import Entry, Posting, take_back, top_up
from core.domain.message import Message
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.payment import PAYMENT, TOLD, Attempt, Payment, receipt_number
from core.domain.postings import claim_end, entry_for
from core.domain.wallet import Wallet
from core.services.tell import OUTCOMES
from tests.domain.payments import COST, NOON, QUOTED, TODAY, attempt

SITI = Wallet("w1", Msisdn("+6281234567890"), "id", "IDR", "active", 0, "pin", "proof", NOON)


@dataclass
class Store:
    """A store on paper. Its rows may be bent."""

    wallet: Wallet = SITI
    entries: list[Entry] = field(default_factory=list)
    paid: list[Payment] = field(default_factory=list)
    tried: list[Attempt] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)
    over: Days = field(default_factory=Days)

    def messages(self) -> Iterable[Message]:
        return self.told

    def legs(self) -> Iterator[Leg]:
        for one in self.entries:
            for leg in one.postings:
                yield one.index, one.key, one.kind, one.currency, one.payment_id, leg.account, leg.minor

    def wallets(self) -> Iterable[Wallet]:
        return [self.wallet]

    def payments(self) -> Iterable[Payment]:
        return sorted(self.paid, key=lambda one: one.payment_id)

    def days(self) -> Days:
        return self.over

    def attempts(self) -> Iterable[Attempt]:
        return sorted(self.tried, key=lambda one: (one.payment_id, one.number))

    def post(self, entry: Entry | None) -> None:
        if entry is None:
            return
        self.entries.append(replace(entry, index=len(self.entries) + 1))
        moved = sum(leg.minor for leg in entry.postings if leg.account == "wallet:w1")
        self.wallet = replace(self.wallet, available_minor=self.wallet.available_minor - moved)

    def pay(self, payment_id: str, *events: str, outcome: str = "") -> None:
        """One payment, taken along these events."""
        one = replace(QUOTED, payment_id=payment_id, reference=payment_id, cost_minor=None)
        for event in events:
            one = self._go(one, event)
        if one.attempt:
            made = replace(attempt(outcome=outcome), payment_id=payment_id, key=f"{payment_id}-1", reference=payment_id)
            self.tried.append(made)
        self.paid.append(one)

    def _go(self, one: Payment, event: str) -> Payment:
        bought = event in ("capture", "arrive_late")
        then = replace(
            one.fire(event, now=NOON),
            cost_minor=COST.minor if bought else one.cost_minor,
            attempt=1 if event == "submit" else one.attempt,
            version=one.version + 1,
        )
        then = replace(then, look_at=NOON if then.open else None)
        entry = entry_for(event, one, then, at=NOON, day=TODAY)
        self.post(entry)
        if entry and entry.kind in ("capture", "settle_late"):
            then = replace(then, receipt=then.receipt or receipt_number(len(self.entries)))
        if then.state in TOLD and (entry or event == "dispute"):
            message = Message(f"{then.state}:{then.payment_id}", "w1", SITI.msisdn, "…", NOON, due_at=NOON)
            self.told += [message] if message not in self.told else []
        return then

    def end_claim(self, payment_id: str, kind: str) -> None:
        [claimed] = [one for one in self.entries if one.key.startswith(f"uphold:{payment_id}:")]
        self.post(claim_end(claimed, kind, at=NOON, day=TODAY, memo="ani and budi"))


def sound() -> Store:
    """One payment of each kind that may be found."""
    store = Store()
    store.post(top_up("w1", Money.of(500_000, "IDR"), bank="BCA", evidence="1", at=NOON, day=TODAY, by="ani"))
    again = top_up("w1", Money.of(50_000, "IDR"), bank="BCA", evidence="2", at=NOON, day=TODAY, by="ani")
    store.post(again)
    store.post(take_back(again, bank="BCA", evidence="2", at=NOON, day=TODAY, by="ani"))
    held = ("authorize", "submit")
    store.pay("p01", "authorize")
    store.pay("p02", *held)
    store.pay("p03", *held, "lose_sight", outcome="absent")
    store.pay("p04", *held, "lose_sight", "escalate")
    store.pay("p05", *held, "capture", outcome="paid")
    store.pay("p06", *held, "lose_sight", "void", outcome="failed")
    store.pay("p07", "authorize", "expire")
    store.pay("p08", "decline")
    store.pay("p09", "expire")
    store.pay("p10", *held, "void", "arrive_late", outcome="paid")
    store.pay("p11", *held, "void", "arrive_late", "write_off", outcome="paid")
    store.pay("p12", *held, "void", "arrive_late", "undo", outcome="given_back")
    store.pay("p13", *held, "void", "arrive_late", "settle_late", outcome="paid")
    store.pay("p14", *held, "capture", "give_back", "refund", outcome="given_back")
    store.pay("p15", *held, "capture", "dispute", outcome="paid")
    store.pay("p16", *held, "capture", "dispute", "reject", outcome="paid")
    store.pay("p17", *held, "capture", "dispute", "uphold", outcome="paid")
    store.pay("p18", *held, "capture", "dispute", "uphold", outcome="paid")
    store.end_claim("p18", "claim_paid")
    store.pay("p19", *held, "capture", "dispute", "uphold", outcome="paid")
    store.end_claim("p19", "claim_lost")
    copy = Message("captured:p05:chat", "w1", "4711", "…", NOON, due_at=NOON, channel="telegram")
    given_up = replace(copy, message_id="bill:p05", due_at=None, patient=True)
    store.told += [copy, replace(copy, message_id="captured:p15:chat", due_at=None), given_up]
    return store


def test_a_sound_store_breaks_no_rule():
    assert list(violations(sound())) == []


def test_an_empty_store_breaks_no_rule():
    assert list(violations(Store())) == []


# ---- bent rows


def bend(store: Store, payment_id: str, **more: object) -> None:
    store.paid = [replace(one, **more) if one.payment_id == payment_id else one for one in store.paid]  # type: ignore[arg-type]  # any field


def bend_attempt(store: Store, payment_id: str, **more: object) -> None:
    store.tried = [replace(one, **more) if one.payment_id == payment_id else one for one in store.tried]  # type: ignore[arg-type]  # any field


def bend_entry(store: Store, key: str, /, **more: object) -> None:
    store.entries = [replace(one, **more) if one.key == key else one for one in store.entries]  # type: ignore[arg-type]  # any field


def legs(store: Store, key: str) -> list[Posting]:
    return [leg for one in store.entries if one.key == key for leg in one.postings]


def a_leg_is_changed(store: Store) -> None:
    first, second = legs(store, "authorize:p01")
    bend_entry(store, "authorize:p01", postings=(first, replace(second, minor=second.minor - 100)))


def an_entry_is_missing(store: Store) -> None:
    store.entries = [one for one in store.entries if one.key != "capture:p05"]


def an_entry_was_written_twice(store: Store) -> None:
    store.entries.append(replace(store.entries[0], index=len(store.entries) + 1))


def a_leg_goes_nowhere(store: Store) -> None:
    first, second = legs(store, "authorize:p01")
    bend_entry(store, "authorize:p01", postings=(first, replace(second, account="pocket:ani")))


def the_top_up_comes_last(store: Store) -> None:
    first, *rest = store.entries
    store.entries = [replace(one, index=place) for place, one in enumerate([*rest, first], 1)]


def money_is_captured_and_given_back(store: Store) -> None:
    (captured,) = [one for one in store.paid if one.payment_id == "p05"]
    gone = replace(captured, state="voided")
    store.post(entry_for("void", replace(captured, state="in_doubt"), gone, at=NOON, day=TODAY))


def a_claim_is_paid_twice(store: Store) -> None:
    store.end_claim("p18", "claim_lost")


def what_nobody_claimed_is_paid(store: Store) -> None:
    (never,) = [one for one in store.entries if one.key.startswith("claim_paid:p18:")]
    store.post(replace(never, key="claim_paid:p05:7", payment_id="p05"))


def a_claim_is_paid_for_no_payment(store: Store) -> None:
    (never,) = [one for one in store.entries if one.key.startswith("claim_paid:p18:")]
    store.post(replace(never, key="claim_paid:p18:x", payment_id=None))


def more_is_paid_than_was_claimed(store: Store) -> None:
    (ended,) = [one for one in store.entries if one.key.startswith("claim_paid:p18:")]
    more = tuple(replace(leg, minor=2 * leg.minor) for leg in ended.postings)
    bend_entry(store, ended.key, postings=more)


def another_wallet_pays(store: Store) -> None:
    first, second = legs(store, "authorize:p01")
    bend_entry(store, "authorize:p01", postings=(replace(first, account="wallet:w2"), second))


def a_hold_has_no_payment(store: Store) -> None:
    hold = (Posting("wallet:w1", 100), Posting("held", -100))
    store.post(replace(store.entries[0], key="mine", kind="gift", postings=hold))


def an_earlier_attempt_is_open(store: Store) -> None:
    (one,) = [one for one in store.tried if one.payment_id == "p03"]
    store.tried.append(replace(one, number=2, key="p03-2"))
    bend(store, "p03", attempt=2)


def over(store: Store, *, posted_later: bool = False, kept: int = 50_000) -> None:
    """A day is over, and what is kept of it is not what the journal says."""
    sums = [DaySum("2026-11-20", "bank:BCA", "IDR", 50_000, 18 if posted_later else 17)]
    balances = [DayBalance("bank:BCA", "IDR", "2026-11-20", kept)]
    store.over = Days([DayCut("2026-11-20", 17, NOON, "ani")], {"2026-11-20": 1}, balances, sums)


def a_message_is_lost(store: Store) -> None:
    store.told = [one for one in store.told if one.message_id != "captured:p05"]


def a_message_is_there_twice(store: Store) -> None:
    store.told += [one for one in store.told if one.message_id == "captured:p05"]


def a_message_tells_what_did_not_happen(store: Store) -> None:
    store.told.append(replace(store.told[0], message_id="refunded:p05"))


def a_message_says_of_no_payment(store: Store) -> None:
    store.told.append(replace(store.told[0], message_id="captured:p99"))


def a_message_is_never_sent(store: Store) -> None:
    store.told[0] = replace(store.told[0], due_at=None)


def a_message_waits_though_it_was_sent(store: Store) -> None:
    store.told[0] = replace(store.told[0], sent_at=NOON)


def a_bill_is_paid_twice_at_once(store: Store) -> None:
    bend(store, "p02", reference="p01")
    bend_attempt(store, "p02", reference="p01")


Bend = Callable[[Store], None]


def bent(**more: object) -> Bend:
    """The captured payment, with other values."""
    return lambda store: bend(store, "p05", **more)


def tried(payment_id: str, **more: object) -> Bend:
    return lambda store: bend_attempt(store, payment_id, **more)


BROKEN: list[tuple[str, Bend]] = [
    ("entries_balance", a_leg_is_changed),
    ("journal_is_whole", an_entry_is_missing),
    ("accounts_are_charted", a_leg_goes_nowhere),
    ("entries_happen_once", an_entry_was_written_twice),
    ("entries_happen_once", lambda store: bend_entry(store, "capture:p05", key="capture:p06")),
    ("entries_happen_once", lambda store: bend_entry(store, "capture:p05", key="capture:p05x")),
    ("what_goes_back_had_come", lambda store: bend_entry(store, "take_back:BCA:2", key="take_back:BCA:3")),
    ("what_goes_back_had_come", lambda store: bend_entry(store, "top_up:BCA:2", key="top_up:BRI:2")),
    ("nothing_below_its_floor", the_top_up_comes_last),
    ("wallets_agree", lambda store: setattr(store, "wallet", replace(store.wallet, available_minor=1))),
    ("wallets_agree", another_wallet_pays),
    ("wallets_agree", lambda store: bend_entry(store, "top_up:BCA:1", currency="KES")),
    ("payments_follow_arrows", money_is_captured_and_given_back),
    ("payments_follow_arrows", a_hold_has_no_payment),
    ("payments_follow_arrows", bent(state="voided")),
    ("payments_follow_arrows", bent(state="lost")),
    ("payments_follow_arrows", a_message_says_of_no_payment),
    ("payments_follow_arrows", a_claim_is_paid_twice),
    ("payments_follow_arrows", what_nobody_claimed_is_paid),
    ("payments_follow_arrows", a_claim_is_paid_for_no_payment),
    ("payments_add_up", more_is_paid_than_was_claimed),
    ("payments_add_up", bent(amount_minor=20_001_00)),
    ("payments_add_up", bent(cost_minor=20_299_00)),
    ("payments_add_up", bent(wallet_id="w2")),
    ("payments_add_up", another_wallet_pays),
    ("cost_within_bounds", bent(most_minor=20_299_00)),
    ("receipts_are_numbered", bent(receipt="000018")),
    ("receipts_are_numbered", bent(receipt="")),
    ("receipts_are_numbered", lambda store: bend(store, "p06", receipt="000018")),
    ("attempts_are_in_row", bent(attempt=2)),
    ("attempts_are_in_row", bent(reference="other")),
    ("attempts_are_in_row", tried("p05", key="p05-2")),
    ("attempts_are_in_row", tried("p05", most_minor=1)),
    ("attempts_are_in_row", tried("p05", number=2)),
    ("attempts_fit", tried("p05", outcome="failed")),
    ("attempts_fit", tried("p05", outcome="")),
    ("attempts_fit", tried("p06", outcome="paid")),
    ("attempts_fit", tried("p03", outcome="paid")),
    ("attempts_fit", an_earlier_attempt_is_open),
    ("outcomes_are_told", a_message_is_lost),
    ("outcomes_are_told", a_message_is_there_twice),
    ("outcomes_are_told", a_message_tells_what_did_not_happen),
    ("messages_are_not_forgotten", a_message_is_never_sent),
    ("messages_are_not_forgotten", a_message_waits_though_it_was_sent),
    ("one_bill_at_a_time", a_bill_is_paid_twice_at_once),
    ("days_stay_cut", lambda store: over(store, posted_later=True)),
    ("days_stay_closed", lambda store: over(store, kept=49_900)),
    ("nothing_is_stuck", lambda store: bend(store, "p03", look_at=None)),
    ("nothing_is_stuck", lambda store: bend(store, "p14", look_at=NOON + timedelta(hours=1))),
]


@pytest.mark.parametrize(("rule", "bend_it"), BROKEN)
def test_a_bent_row_breaks_its_rule(rule: str, bend_it: Bend):
    store = sound()

    bend_it(store)

    assert rule in {found.rule for found in violations(store)}


def test_every_rule_is_tried():
    of_the_tree = "tree_is_the_journal"  # tried in test_tree_of_the_journal.py, which has a tree

    assert {rule for rule, _ in BROKEN} | {of_the_tree} == set(RULES)


def test_a_violation_names_the_rule_the_row_and_what_is_wrong_with_it():
    store = sound()
    bend(store, "p05", cost_minor=20_299_00)

    assert list(violations(store)) == [
        Violation(
            "payments_add_up",
            "p05",
            "is captured of 2250000 that cost 2029900, "
            "by its entries wallet 2250000, held 0, deposit -2030000, claim 0, receivable 0",
        )
    ]


def test_a_rule_without_a_name_cannot_be_broken():
    with pytest.raises(AssertionError):
        Violation("no_such_rule", "p1", "")


# ---- what the rules are made of


def test_the_trail_follows_the_life_cycle_and_no_other():
    """Every way through the life cycle leaves a trail that ends in the state it leads to."""
    seen: set[tuple[str, frozenset[str]]] = set()
    ways = [(PAYMENT.start, START)]
    while ways:
        state, trail = ways.pop()
        assert state in trail
        for event, source, target in PAYMENT.arrows:
            before, then = replace(QUOTED, state=source, cost_minor=1), replace(QUOTED, state=target, cost_minor=1)
            if source != state:
                continue
            entry = entry_for(event, before, then, at=NOON, day=TODAY)
            step = target, after(trail, entry.kind) if entry else trail
            if step not in seen:
                seen.add(step)
                ways.append(step)

    assert {state for state, _ in seen} == set(PAYMENT.states) - {PAYMENT.start}


def test_people_are_told_of_the_states_that_have_words():
    assert set(OUTCOMES) - {"declined"} == TOLD


def test_every_state_says_what_its_latest_attempt_may_have_come_to():
    assert set(LATEST) == set(PAYMENT.states)
