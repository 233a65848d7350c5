"""The invariants on a live store, and what no later moment may take back from an earlier one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from adapters.database.reading_thread import Snapshot
from adapters.database.store import DatabaseStore
from core.domain.evidence import Evidence
from core.domain.invariants import Violation, tree_violations, violations
from core.domain.journal import Entry
from core.domain.message import Message
from core.domain.payment import Attempt, Payment


async def broken(store: DatabaseStore) -> list[Violation]:
    """Every breach of an invariant in what is committed now."""
    async with store.snapshot() as snapshot:
        return await snapshot.consider(lambda contents: [*violations(contents), *tree_violations(contents)])


@asynccontextmanager
async def invariants_kept(store: DatabaseStore) -> AsyncIterator[None]:
    """Whatever is done meanwhile leaves every invariant whole."""
    yield
    assert await broken(store) == []


@dataclass
class Memory:
    """What was seen at the last look: nothing acknowledged may be missing or different at the next."""

    entries: list[Entry] = field(default_factory=list)
    seen: dict[tuple[str, ...], object] = field(default_factory=dict)

    async def changed(self, store: DatabaseStore) -> list[str]:
        """A sentence for each thing that was forgotten or rewritten since the last look."""
        async with store.snapshot() as snapshot:
            entries = [entry async for entry in snapshot.journal()]
            seen = {name: one async for name, one in _lasting(snapshot)}
        found = [f"{' '.join(name)} was changed" for name, one in self.seen.items() if seen.get(name) != one]
        if entries[: len(self.entries)] != self.entries:
            found.append("the journal was rewritten")
        self.entries, self.seen = entries, seen
        return found


async def _lasting(snapshot: Snapshot) -> AsyncIterator[tuple[tuple[str, ...], object]]:
    """By name, all that is written once: what was asked of a provider and what it said, receipts, messages."""
    async for attempt in snapshot.every(Attempt):
        yield ("attempt", attempt.key), replace(attempt, outcome="", version=0)
    async for word in snapshot.every(Evidence):
        yield ("evidence", word.payment_id, str(word.attempt), word.digest), word
    async for payment in snapshot.every(Payment):
        if payment.receipt:
            yield ("receipt of", payment.payment_id), payment.receipt
    async for message in snapshot.every(Message):
        yield ("message", message.message_id), message.words
