"""Open a counter again whose store came back from a copy: only when what the copy lacks was looked up.

Until then no money is taken and no provider is asked. To ask about a prepaid purchase is to send it again, and a copy
may hold as unsent what was sent, paid for and settled after it was made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.chat import Arrival
from core.domain.operator import OperatorRefusal
from core.domain.payment import RESTORED, Payment
from core.domain.restore import Restore
from core.ports import Book, Key, Store
from core.services.counter import Counter

# Whether a provider's statements tell of all it sold between two moments.
Covered = Callable[[Store, str, datetime, datetime], Awaitable[bool]]

PREPAID_UNKNOWN = ("authorized", "submitted", "in_doubt", "review")
MOST_AT_ONCE = 1_000


class NotCovered(OperatorRefusal):
    says = "No statement of {providers} covers {since} to {until} yet. Reconcile one first."


class NothingToReopen(OperatorRefusal):
    says = "This store was not restored from a backup, or is open again."


async def closed_since(store: Store) -> Restore | None:
    """How the store came back from a copy, as long as it is closed for that; None for one that is open."""
    newest = await _newest(store)
    return newest if newest and newest.closed else None


async def _newest(store: Store) -> Restore | None:
    newest = None
    while (known := await store.read(Restore, newest.number + 1 if newest else 1)) is not None:
        newest = known
    return newest


async def close(counter: Counter, taken_at: datetime) -> Restore:
    """Say that this store is as it was at a moment: a server's own tools brought it back, and left no mark in it."""
    newest = await _newest(counter.store)
    number = newest.number + 1 if newest else 1
    return await counter.store.commit(Close(Restore(number, taken_at, counter.clock.now())))


@dataclass(frozen=True, slots=True)
class Close:
    restore: Restore

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Restore, (self.restore.number,)),)

    def decide(self, book: Book) -> Restore:
        return book.get(Restore, self.restore.number) or book.put(self.restore)


async def notice(counter: Counter, restore: Restore) -> Restore:
    """Write down when it was brought back: nothing that came later is lacking."""
    return await counter.store.commit(Notice(restore.number, counter.clock.now()))


async def uncovered(counter: Counter, restore: Restore, covered: Covered) -> list[str]:
    """Providers that may have sold something of which neither the copy nor a statement tells."""
    until = restore.noticed_at or counter.clock.now()
    return [name for name in counter.gateways if not await covered(counter.store, name, restore.taken_at, until)]


@dataclass(frozen=True, slots=True)
class Reopened:
    """What was put to people's decision, and what was dropped because it was done before."""

    restore: Restore
    under_review: Sequence[Payment]
    dropped: int


async def reopen(counter: Counter, covered: Covered, *, channels: Sequence[str], by: str) -> Reopened:
    """Let people in again. Begun anew after a crash, it goes on. Raises `NothingToReopen`, `NotCovered`."""
    restore = await closed_since(counter.store)
    if restore is None:
        raise NothingToReopen
    restore = await notice(counter, restore)
    if lacking := await uncovered(counter, restore, covered):
        raise NotCovered(
            providers=", ".join(lacking),
            since=f"{restore.taken_at:%Y-%m-%d %H:%M}Z",
            until=f"{restore.noticed_at:%Y-%m-%d %H:%M}Z",
        )
    now = counter.clock.now()
    under_review = [
        await counter.store.commit(PutUnderReview(payment.payment_id, now))
        for state in PREPAID_UNKNOWN
        for payment in await counter.store.payments_in(state)
        if payment.kind == "prepaid" and (payment.state != "review" or payment.look_at is not None)
    ]
    dropped = sum([await _drop_arrivals(counter, channel) for channel in channels])
    opened = await counter.store.commit(Open(restore.number, by, now))
    return Reopened(opened, under_review, dropped)


async def _drop_arrivals(counter: Counter, channel: str) -> int:
    """What waited in the copy was handled after it was made: a PIN that was pressed once would pay a second time."""
    dropped = 0
    while waiting := await counter.store.arrivals_waiting(channel, limit=MOST_AT_ONCE):
        await counter.store.commit(Drop(tuple((one.channel, one.slot) for one in waiting), counter.clock.now()))
        dropped += len(waiting)
    return dropped


@dataclass(frozen=True, slots=True)
class Notice:
    number: int
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Restore, (self.number,)),)

    def decide(self, book: Book) -> Restore:
        restore = book.get(Restore, self.number)
        assert restore is not None, f"no restore {self.number}"
        return restore if restore.noticed_at else book.put(restore.noticed(self.now))


@dataclass(frozen=True, slots=True)
class PutUnderReview:
    """Nobody can say what became of it, and the provider must not be asked: people decide by the statement."""

    payment_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Payment, (self.payment_id,)),)

    def decide(self, book: Book) -> Payment:
        payment = book.get(Payment, self.payment_id)
        assert payment is not None, f"no payment {self.payment_id}"
        if payment.state == "authorized":
            attempt = book.put(payment.next_attempt(now=self.now))
            payment = replace(payment.fire("submit", now=self.now), attempt=attempt.number)
        for state, event in (("submitted", "lose_sight"), ("in_doubt", "escalate")):
            if payment.state == state:
                payment = payment.fire(event, now=self.now)
        return book.put(replace(payment, look_at=None, reason=RESTORED))


@dataclass(frozen=True, slots=True)
class Drop:
    slots: tuple[tuple[str, int], ...]
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return tuple(Key(Arrival, slot) for slot in self.slots)

    def decide(self, book: Book) -> None:
        for slot in self.slots:
            arrival = book.get(Arrival, *slot)
            assert arrival is not None
            book.put(arrival.done(self.now))


@dataclass(frozen=True, slots=True)
class Open:
    number: int
    by: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Restore, (self.number,)),)

    def decide(self, book: Book) -> Restore:
        restore = book.get(Restore, self.number)
        assert restore is not None, f"no restore {self.number}"
        return restore if not restore.closed else book.put(restore.opened(self.by, self.now))
