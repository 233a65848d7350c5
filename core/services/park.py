"""Put off what a bug stopped, longer each time; what fails too often is parked, and operators are called.

Nothing is given up: what is parked is still tried once a day, so that a new version makes it good by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.evidence import Break
from core.domain.failing import Failing
from core.domain.message import Message
from core.domain.payment import Payment
from core.ports import Book, Key

PARKED = "parked"


def payment_named(payment_id: str) -> str:
    return f"payment:{payment_id}"


def message_named(message_id: str) -> str:
    return f"message:{message_id}"


@dataclass(frozen=True, slots=True)
class FailedAgain:
    """Count it, put it off, and open a break at the failure that parks it; answers how things stand."""

    what: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Failing, (self.what,)), Key(Break, (f"{PARKED}:{self.what}",))

    def decide(self, book: Book) -> Failing:
        failing = book.put((book.get(Failing, self.what) or Failing(self.what, 0, self.now)).again(self.now))
        put_off(self.what, failing.next_try, book)
        if failing.parked:
            self._call_operators(failing, book)
        return failing

    def _call_operators(self, failing: Failing, book: Book) -> None:
        known = book.get(Break, f"{PARKED}:{self.what}")
        if known is not None and known.closed_at is None:
            return
        kind, _, name = self.what.partition(":")
        detail = f"{self.what} failed {failing.times} times by a bug; the log says how"
        opened = Break(f"{PARKED}:{self.what}", name if kind == "payment" else None, PARKED, detail, self.now)
        book.put(replace(opened, version=known.version if known else 0))


def release(break_id: str, book: Book, *, now: datetime) -> str:
    """What a break of this kind is about is tried now, and may fail as often as before; answers what it is."""
    what = break_id.partition(":")[2]
    if failing := book.get(Failing, what):
        book.put(failing.forgotten())
    put_off(what, now, book)
    return what


def put_off(what: str, until: datetime, book: Book) -> None:
    """It is tried at that moment, if it still waits for anything."""
    kind, _, name = what.partition(":")
    if kind == "payment":
        payment = book.get(Payment, name)
        if payment is not None and payment.look_at is not None:
            book.put(replace(payment, look_at=until))
        return
    message = book.get(Message, name)
    if message is not None and message.due_at is not None:
        book.put(replace(message, due_at=until))
