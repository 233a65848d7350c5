"""Sign the tree's head, and tell it outside, so that nobody, we neither, can later show another journal."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from core.domain.head import Head, HeadPlace, checkpoint
from core.domain.tiles import JOURNAL, Hashes, Tree
from core.ports import Book, HeadBoard, Key
from core.refusal import Fault
from core.services.counter import Counter

log = structlog.get_logger(__name__)


async def sign_head(counter: Counter) -> Head | None:
    """The head over the whole tree, signed now unless it was before; None without a key, or without an entry."""
    tree = await counter.store.read(Tree, JOURNAL)
    if counter.signer is None or tree is None:
        return None
    if kept := await counter.store.read(Head, tree.size):
        return kept
    key, at = counter.signer.key, counter.clock.now().replace(microsecond=0)
    root = b64encode(Hashes(tree).root()).decode()
    signature = b64encode(counter.signer.sign(checkpoint(key.name, tree.size, root, at))).decode()
    return await counter.store.commit(KeepHead(Head(tree.size, root, at, key.name, key.key_id, signature)))


async def publish_head(counter: Counter, boards: Sequence[HeadBoard], *, every: timedelta) -> int:
    """Tell the newest head at each place that has not heard of one for so long; answers at how many it was told.

    A place that failed is tried again at the next round.
    """
    places = await _places(counter, boards)
    now = counter.clock.now()
    due = [board for board in boards if (at := places[board.name].at) is None or now >= at + every]
    head = await sign_head(counter) if due else None
    if head is None:
        return 0
    return sum([await _tell(counter, board, head) for board in due if places[board.name].size < head.size])


async def _places(counter: Counter, boards: Sequence[HeadBoard]) -> dict[str, HeadPlace]:
    """How far each place is, written down for those that are new and those that are given up."""
    known = await counter.store.head_places()
    names = frozenset(board.name for board in boards)
    if names != {one.place for one in known if one.wanted}:
        known = await counter.store.commit(WantPlaces(names | {one.place for one in known}, names))
    return {one.place: one for one in known}


async def _tell(counter: Counter, board: HeadBoard, head: Head) -> bool:
    try:
        await board.put(head.note)
    except Fault as fault:
        log.warning("head_not_told", place=board.name, size=head.size, why=str(fault) or type(fault).__name__)
        return False
    await counter.store.commit(MarkTold(board.name, head.size, counter.clock.now()))
    log.info("head_told", place=board.name, size=head.size)
    return True


@dataclass(frozen=True, slots=True)
class KeepHead:
    """One head a size: the first that was kept is answered."""

    head: Head

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Head, (self.head.size,)),)

    def decide(self, book: Book) -> Head:
        kept = book.get(Head, self.head.size)
        if kept is None:
            book.add(self.head)
        return kept or self.head


@dataclass(frozen=True, slots=True)
class WantPlaces:
    """Of all places, those that are wanted now."""

    places: frozenset[str]
    wanted: frozenset[str]

    def wants(self) -> Sequence[Key[object]]:
        return tuple(Key(HeadPlace, (place,)) for place in sorted(self.places))

    def decide(self, book: Book) -> Sequence[HeadPlace]:
        found = [book.get(HeadPlace, place) or HeadPlace(place) for place in sorted(self.places)]
        return [book.put(replace(one, wanted=one.place in self.wanted)) for one in found]


@dataclass(frozen=True, slots=True)
class MarkTold:
    place: str
    size: int
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(HeadPlace, (self.place,)),)

    def decide(self, book: Book) -> HeadPlace:
        known = book.get(HeadPlace, self.place)
        assert known is not None, f"no place {self.place}"
        return book.put(replace(known, size=max(known.size, self.size), at=self.now))
