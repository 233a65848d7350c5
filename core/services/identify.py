"""Know an operator by her passphrase. Wrong ones are counted and make her wait, as wrong PINs do a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from core.domain.operator import Operator, OperatorRefusal, UnknownOperator
from core.ports import Book, Key
from core.services.counter import Counter

log = structlog.get_logger(__name__)


async def identify(counter: Counter, name: str, passphrase: str) -> Operator:
    """The operator who may decide. Raises an `OperatorRefusal`, which the log has as well."""
    known = await counter.store.read(Operator, name)
    # Compared for a name that is nobody's too, and in a pause: the clock tells nothing.
    right = await counter.vault.matches(passphrase, known.pass_hash if known else "")
    found, refused = await counter.store.commit(OperatorTry(name, right, counter.clock.now()))
    if refused is None:
        assert found is not None
        return found
    log.warning("operator_refused", operator=name if known else "unknown", why=type(refused).__name__)
    raise refused


@dataclass(frozen=True, slots=True)
class OperatorTry:
    """One passphrase that was typed, compared already. Does not raise: the count must be written either way."""

    name: str
    right: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Operator, (self.name,)),)

    def decide(self, book: Book) -> tuple[Operator | None, OperatorRefusal | None]:
        known = book.get(Operator, self.name)
        if known is None:
            return None, UnknownOperator(name=self.name)
        tried, refused = known.after_try(right=self.right, now=self.now)
        if tried != known:
            tried = book.put(tried)
        return tried, refused or tried.refusal()
