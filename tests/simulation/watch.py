"""Looks at the store after every commit, beside the processes: what is committed must keep every invariant, follow the
listed arrows only, and never be lost or changed again.

Only what a commit changed is looked at; the whole store is read after each restart and at the end.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from adapters.database.shelves import Rows, shelf_of
from adapters.database.tables import entries, postings
from core.domain.evidence import Break
from core.domain.invariants import Days, Leg, violations
from core.domain.invariants.balances import Balances
from core.domain.invariants.of_messages import broken_by_message
from core.domain.invariants.of_payments import broken_by_payment
from core.domain.invariants.trail import Trail
from core.domain.journal import wallet_account
from core.domain.message import Message
from core.domain.payment import OPEN, PAYMENT, Attempt, Payment
from core.domain.wallet import Wallet
from tests.simulation.disk import Disk

KEPT = (Wallet, Payment, Attempt, Message, Break)


class Broken(AssertionError):
    """What must always be true is not."""


def _reachable() -> Mapping[str, frozenset[str]]:
    """By state, where one commit may lead: by one arrow or two, since what comes back is refunded at once."""
    one: defaultdict[str, set[str]] = defaultdict(set)
    for _event, source, target in PAYMENT.arrows:
        one[source].add(target)
    return {
        state: frozenset(one[state].union(*(one[next_] for next_ in one[state]), {state})) for state in PAYMENT.states
    }


REACHABLE = _reachable()


class Watch:
    """`rows` are the records as they were at the last look, by class and key."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._connection: sqlite3.Connection | None = None
        self._raw: dict[type, dict[tuple[Any, ...], Any]] = {kind: {} for kind in KEPT}
        self.rows: dict[type, dict[tuple[Any, ...], Any]] = {kind: {} for kind in KEPT}
        self.trails: defaultdict[str, Trail] = defaultdict(Trail)
        self._balances = Balances(self.trails)
        self._sums: defaultdict[str, int] = defaultdict(int)
        self._last = 0
        self.entry_keys: set[str] = set()
        self.looks = 0

    # ---- what was seen

    @property
    def payments(self) -> Iterable[Payment]:
        return self.rows[Payment].values()

    @property
    def messages(self) -> Iterable[Message]:
        return self.rows[Message].values()

    def payment(self, payment_id: str) -> Payment | None:
        return self.rows[Payment].get((payment_id,))

    def knows_attempt(self, key: str) -> bool:
        payment_id, _, number = key.rpartition("-")
        return (payment_id, int(number)) in self.rows[Attempt]

    # ---- looking

    def open(self) -> None:
        """Look at the disk's present file."""
        self.close()
        self._connection = sqlite3.connect(self._disk.path, isolation_level=None)
        self._connection.execute("PRAGMA query_only=ON")
        self._cursor = self._connection.cursor()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def look(self) -> list[str]:
        """After a commit; answers in short what it changed. Raises `Broken`."""
        self.looks += 1
        changed = {kind: self._changed(kind) for kind in KEPT}
        found = [*self._read_journal(), *self._messages(changed[Message])]
        touched = dict.fromkeys([key[0] for key in (*changed[Payment], *changed[Attempt])])
        found += [*self._wallets(), *self._payments(touched)]
        self._refuse(found)
        return [
            f"{kind.__name__} {'-'.join(map(str, key))} {getattr(self.rows[kind][key], 'state', '')}"
            for kind, keys in changed.items()
            for key in keys
        ]

    def look_at_all(self) -> None:
        """The whole store, by the rules that operators check by; and all of it is as it was at the last look."""
        before = {kind: dict(rows) for kind, rows in self._raw.items()}
        last = self._last
        for kind in KEPT:
            self._changed(kind)
        self._read_journal()
        lost = [
            f"{kind.__name__} {key}"
            for kind, rows in before.items()
            for key in rows
            if self._raw[kind].get(key) != rows[key]
        ]
        if lost or self._raw != before or self._last != last:
            raise Broken(f"what was committed is not what is there: {lost or 'there is more'}")
        self._refuse([f"{one.rule}: {one.subject} {one.detail}" for one in violations(_Seen(self))])

    def legs_after(self, index: int) -> list[Leg]:
        legs: list[Leg] = self._cursor.execute(_legs(), (index,)).fetchall()
        return legs

    def sum_of(self, account: str) -> int:
        return self._sums[account]

    def _refuse(self, found: list[str]) -> None:
        if found:
            raise Broken("; ".join(found))

    def _changed(self, kind: type) -> list[tuple[Any, ...]]:
        """The keys of what is new or different. What was there must be there still."""
        text, parts, record = _reading(kind)
        raw, rows = self._raw[kind], self.rows[kind]
        changed = []
        count = 0
        for row in self._cursor.execute(text).fetchall():
            count += 1
            key = row[:parts]
            before = raw.get(key)
            if before != row:
                if before is not None:
                    self._may_change(kind, rows[key], record(row))
                raw[key], rows[key] = row, record(row)
                changed.append(key)
        if count != len(raw):
            raise Broken(f"{kind.__name__}: {count} rows where there were {len(raw)}")
        return changed

    def _may_change(self, kind: type, before: Any, after: Any) -> None:
        """What is written once stays, and a payment goes by the listed arrows."""
        if kind is Payment:
            if after.state not in REACHABLE[before.state]:
                raise Broken(f"{before.payment_id} went from {before.state} to {after.state}")
            if before.receipt and after.receipt != before.receipt:
                raise Broken(f"the receipt of {before.payment_id} was changed")
        if kind is Attempt and replace(after, outcome="", version=0) != replace(before, outcome="", version=0):
            raise Broken(f"the attempt {before.key} was changed")
        if kind is Message and after.words != before.words:
            raise Broken(f"the message {before.message_id} was rewritten")

    def _read_journal(self) -> list[str]:
        found = []
        for index, legs in groupby(self.legs_after(self._last), key=itemgetter(0)):
            lines = list(legs)
            found += [f"{one.rule}: {one.subject} {one.detail}" for one in self._balances.broken_by_entry(index, lines)]
            for leg in lines:
                self._sums[leg[5]] += leg[6]
            self._last = index
            self.entry_keys.add(lines[0][1])
        return found

    def _wallets(self) -> list[str]:
        return [
            f"wallets_agree: {one.wallet_id} has {one.available_minor}"
            for one in self.rows[Wallet].values()
            if self._sums[wallet_account(one.wallet_id)] != -one.available_minor
        ]

    def _messages(self, keys: list[tuple[Any, ...]]) -> list[str]:
        """Each is counted as told once, when it is first seen; later only whether it still waits or was sent."""
        found = []
        for key in keys:
            message = self.rows[Message][key]
            trails = defaultdict(Trail) if message.version > 1 else self.trails
            found += [f"{one.rule}: {one.subject} {one.detail}" for one in broken_by_message(message, trails)]
        return found

    def _payments(self, ids: Iterable[str]) -> list[str]:
        found = []
        for payment_id in ids:
            payment = self.rows[Payment][payment_id,]
            attempts = sorted((one for one in self.rows[Attempt].values() if one.payment_id == payment_id), key=_number)
            others = {
                (one.wallet_id, one.product_id, one.reference)
                for one in self.payments
                if one.state in OPEN and one.payment_id != payment_id
            }
            broken = broken_by_payment(payment, attempts, self.trails[payment_id], others)
            found += [f"{one.rule}: {one.subject} {one.detail}" for one in broken]
        return found


class _Seen:
    """All that was just read, as the rules want it."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def legs(self) -> list[Leg]:
        return self._watch.legs_after(0)

    def messages(self) -> list[Message]:
        return list(self._watch.messages)

    def wallets(self) -> list[Wallet]:
        return list(self._watch.rows[Wallet].values())

    def days(self) -> Days:
        """No day is cut while it is watched."""
        return Days()

    def payments(self) -> list[Payment]:
        return self._in_order(Payment)

    def attempts(self) -> list[Attempt]:
        return self._in_order(Attempt)

    def _in_order(self, kind: type) -> list[Any]:
        return [row for _key, row in sorted(self._watch.rows[kind].items())]


@cache
def _reading(kind: type[Any]) -> tuple[str, int, Callable[[Any], Any]]:
    """How a class is read: the statement, how many columns are its key, and what makes a record of a row."""
    shelf, dialect = shelf_of(kind), SQLiteDialect_pysqlite()
    return str(shelf.table.select().compile(dialect=dialect)), len(shelf.key_names), Rows(shelf, dialect).record


@cache
def _legs() -> str:
    entry, leg = entries.c, postings.c
    facts = (entry.entry_index, entry.key, entry.kind, entry.currency, entry.payment_id, leg.account, leg.minor)
    legs = select(*facts).join_from(entries, postings, leg.entry_index == entry.entry_index)
    after = legs.where(entry.entry_index > 0).order_by(entry.entry_index, leg.leg)
    return str(after.compile(dialect=SQLiteDialect_pysqlite()))


def _number(attempt: Attempt) -> int:
    return attempt.number
