"""Bring every open payment to its end: send what was promised, ask about what is in doubt, let go of the unsent.

Started again after any crash, it goes on from the rows alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from core.domain.claim import Claim, Fenced, payment_work
from core.domain.meaning import CAME_BACK, GONE
from core.domain.payment import Attempt, Payment, attempt_key
from core.ports import Book, Key, StoreDown
from core.services.claim import let_go, take, wanted_to_let_go
from core.services.counter import Counter
from core.services.park import FailedAgain, payment_named
from core.services.settle import settle
from core.services.submit import expire, submit

log = structlog.get_logger(__name__)

AT_ONCE = 20
MOST_AT_ONCE = 200
A_MOMENT_S = 0.5


async def follow_up(counter: Counter) -> int:
    """One round over the payments whose time has come; answers how many were due."""
    due = await counter.store.payments_due(counter.clock.now(), limit=AT_ONCE)
    ours = await _ours(counter, due)
    await asyncio.gather(*(follow(counter, payment, claim) for payment, claim in ours))
    return len(ours)


async def _ours(counter: Counter, due: Sequence[Payment]) -> list[tuple[Payment, Claim | None]]:
    """Those that no other process is at, each with our claim on it; all of them where there is no other."""
    if not (counter.worker and due):
        return [(payment, None) for payment in due]
    whats = [payment_work(payment.payment_id) for payment in due]
    claims = await take(counter, whats, lasts=counter.terms.answer_overdue)
    return [(payment, claims[what]) for payment, what in zip(due, whats, strict=True) if what in claims]


class Follower:
    """Round after round over what is due, where one whose provider keeps silent holds up no other.

    Whoever is being followed is not begun again. Held in memory only: after a crash the rows say what is left to do.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._begun: dict[str, asyncio.Task[None]] = {}

    async def round(self) -> int:
        """Begin with what is due, and wait for it a moment; answers how many were begun."""
        counter, room = self._counter, min(AT_ONCE, MOST_AT_ONCE - len(self._begun))
        due = await counter.store.payments_due(counter.clock.now(), limit=room + len(self._begun))
        fresh = [payment for payment in due if payment.payment_id not in self._begun][:room]
        ours = await _ours(counter, fresh)
        if ours:
            done, _ = await asyncio.wait([self._begin(*one) for one in ours], timeout=A_MOMENT_S)
            for task in done:
                task.result()
        return len(ours)

    async def finish(self, within_s: float) -> None:
        """Wait for what was begun; what takes longer is left to the next start."""
        begun = list(self._begun.values())
        if begun:
            await asyncio.wait(begun, timeout=within_s)
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)

    def _begin(self, payment: Payment, claim: Claim | None) -> asyncio.Task[None]:
        task = asyncio.create_task(follow(self._counter, payment, claim))
        self._begun[payment.payment_id] = task
        task.add_done_callback(lambda done: self._ended(payment.payment_id, done))
        return task

    def _ended(self, payment_id: str, task: asyncio.Task[None]) -> None:
        """What stopped it is said by the round, or by the store to the next one that asks."""
        del self._begun[payment_id]
        if not task.cancelled():
            task.exception()


async def recover(counter: Counter) -> int:
    """At start: what was submitted and not answered is in doubt from now on. Answers how many were found.

    Where other processes share the store they may still be waiting for those answers: the claims will tell.
    """
    if counter.worker:
        return 0
    found = 0
    for payment in await counter.store.payments_in("submitted"):
        await counter.store.commit(LoseSight(payment.payment_id, counter.clock.now()))
        found += 1
    return found


async def follow(counter: Counter, payment: Payment, claim: Claim | None = None) -> None:
    """Take one payment as far as it goes now. What a bug stops is loud, and put off so that others have their turn."""
    try:
        await NEXT[payment.state](counter, payment, claim)
    except StoreDown:
        raise
    except Fenced as fenced:
        log.warning("taken_over", payment_id=payment.payment_id, why=str(fenced))
    except Exception:
        # A bug in one payment must not hold up the rest; it is logged with the payment's id and met again later.
        log.exception("follow_up_failed", payment_id=payment.payment_id, state=payment.state)
        failing = await counter.store.commit(FailedAgain(payment_named(payment.payment_id), counter.clock.now()))
        if failing.parked:
            log.error("payment_parked", payment_id=payment.payment_id, times=failing.times)


async def _send_or_let_go(counter: Counter, payment: Payment, claim: Claim | None) -> Payment:
    if counter.clock.now() >= payment.changed_at + counter.terms.unsent_lasts:
        return await expire(counter, payment, claim)
    return await submit(counter, payment.payment_id)


async def _lose_sight(counter: Counter, payment: Payment, claim: Claim | None) -> Payment:
    return await counter.store.commit(LoseSight(payment.payment_id, counter.clock.now(), claim))


async def ask(counter: Counter, payment: Payment, claim: Claim | None = None) -> Payment:
    """Ask the provider what became of the latest attempt, or of the one that bought the goods."""
    attempt = await _attempt_of(counter, payment, payment.attempt)
    while attempt.provider != payment.provider and not payment.open:
        attempt = await _attempt_of(counter, payment, attempt.number - 1)
    answer = await counter.gateways[attempt.provider].ask_outcome(attempt)
    return await settle(counter, attempt, answer, source="poll", claim=claim)


async def _attempt_of(counter: Counter, payment: Payment, number: int) -> Attempt:
    attempt = await counter.store.read(Attempt, payment.payment_id, number)
    assert attempt is not None, f"no attempt {attempt_key(payment.payment_id, number)}"
    return attempt


NEXT = {
    "authorized": _send_or_let_go,
    "submitted": _lose_sight,
    "in_doubt": ask,
    "review": ask,
    # A callback says that it was paid after all, or given back, and asking is safe: see `hear_callback`.
    **dict.fromkeys((*GONE, *CAME_BACK), ask),
}


@dataclass(frozen=True, slots=True)
class LoseSight:
    """Nobody waits for this answer any more: the payment is in doubt and is asked about at once."""

    payment_id: str
    now: datetime
    claim: Claim | None = None

    def wants(self) -> Sequence[Key[object]]:
        return Key(Payment, (self.payment_id,)), *wanted_to_let_go(self.claim)

    def decide(self, book: Book) -> Payment:
        let_go(self.claim, book, now=self.now)
        payment = book.get(Payment, self.payment_id)
        assert payment is not None, f"no payment {self.payment_id}"
        if payment.state != "submitted":
            return payment
        return book.put(replace(payment.fire("lose_sight", now=self.now), look_at=self.now))
