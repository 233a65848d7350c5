"""Take work up so that no other process is at it, and write about it only while that is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.claim import Claim, Fenced, role
from core.ports import Book, Key
from core.services.counter import Counter


async def take(counter: Counter, whats: Sequence[str], *, lasts: timedelta) -> Mapping[str, Claim]:
    """Claims on those that nobody else is at. Only for a counter that shares its store: `counter.worker` names it."""
    assert counter.worker, "whoever has a store alone claims nothing"
    now = counter.clock.now()
    taken = await counter.store.commit(Take(tuple(whats), counter.worker, now, now + lasts))
    return {claim.what: claim for claim in taken}


async def has_role(counter: Counter, name: str, *, lasts: timedelta) -> bool:
    """Whether this process has a role for the next while; whoever has the store alone has them all."""
    return not counter.worker or bool(await take(counter, [role(name)], lasts=lasts))


@dataclass(frozen=True, slots=True)
class Take:
    """Take what is free, or ours already; answers the claims as they are from now on."""

    whats: tuple[str, ...]
    holder: str
    now: datetime
    until: datetime

    def wants(self) -> Sequence[Key[object]]:
        return tuple(Key(Claim, (what,)) for what in self.whats)

    def decide(self, book: Book) -> list[Claim]:
        return [claim for what in self.whats if (claim := self._one(what, book))]

    def _one(self, what: str, book: Book) -> Claim | None:
        known = book.get(Claim, what)
        if known is not None and not known.free_for(self.holder, now=self.now):
            return None
        before = known or Claim(what, self.holder, self.until)
        return book.put(before.taken(self.holder, until=self.until))


def claimed(what: str, holder: str, until: datetime, book: Book) -> Claim:
    """The claim on work that begins with this change, whoever was to do it before."""
    return book.put((book.get(Claim, what) or Claim(what, holder, until)).taken(holder, until=until))


def let_go(claim: Claim | None, book: Book, *, now: datetime) -> None:
    """What was to be done is done by this change, if it is still ours to do. Raises `Fenced`.

    Without a claim there is nobody to be fenced off from.
    """
    if claim is None:
        return
    known = book.get(Claim, claim.what)
    if known is None or (known.holder, known.version) != (claim.holder, claim.version):
        raise Fenced(f"{claim.what} is another's by now")
    book.put(known.taken(claim.holder, until=now))


def wanted_to_let_go(claim: Claim | None) -> tuple[Key[object], ...]:
    return (Key(Claim, (claim.what,)),) if claim else ()
