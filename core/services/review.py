"""What waits for operators, and their word about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.approval import NoSuchVerdict, Proposal
from core.domain.evidence import Break, Case
from core.domain.operator import Operator, OperatorRefusal
from core.domain.payment import Payment
from core.ports import Store
from core.services.approve import Action, Decide, Decided, Reject, Word
from core.services.counter import Counter
from core.services.decide_break import possible_for
from core.services.verdicts import VERDICTS

# In these states a payment waits for people.
WAITING = ("review", "late", "disputed")
AT_MOST = 500


class NothingByThatName(OperatorRefusal):
    says = "There is no payment, break or case {name}, and it is no subject like wallet:w1."


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. `proposal` when one operator has spoken and another one has not."""

    subject: str
    what: str
    since: datetime
    detail: str = ""
    proposal: Proposal | None = None


async def waiting(store: Store) -> Sequence[Waiting]:
    """All that operators have to decide, the oldest first."""
    proposals = {one.subject: one for one in await store.open_proposals(limit=AT_MOST)}
    found = [
        *[_payment(one) for state in WAITING for one in await store.payments_in(state)],
        *[_break(one) for one in await store.open_breaks(limit=AT_MOST)],
    ]
    known = {one.subject for one in found}
    found += [
        Waiting(one.subject, "proposal", one.proposed_at) for one in proposals.values() if one.subject not in known
    ]
    with_proposals = [
        Waiting(one.subject, one.what, one.since, one.detail, proposals.get(one.subject)) for one in found
    ]
    return sorted(with_proposals, key=lambda one: (one.since, one.subject))


def _payment(one: Payment) -> Waiting:
    return Waiting(f"payment:{one.payment_id}", one.state, one.changed_at, one.reason)


def _break(one: Break) -> Waiting:
    about = f" of payment {one.payment_id}" if one.payment_id else ""
    return Waiting(f"break:{one.break_id}", f"{one.kind}{about}", one.opened_at, one.detail)


async def subject_named(store: Store, name: str) -> str:
    """`kind:id` for what an operator names by its id alone. Raises `NothingByThatName`."""
    if name.partition(":")[0] in VERDICTS and ":" in name:
        return name
    for kind, subject in ((Payment, "payment"), (Break, "break"), (Case, "case")):
        if await store.read(kind, name) is not None:
            return f"{subject}:{name}"
    raise NothingByThatName(name=name)


async def say(counter: Counter, subject: str, verdict: str, *, by: Operator, reason: str, detail: str = "") -> Decided:
    """One operator's word. The first one proposes, another one who says the same decides."""
    now = counter.clock.now()
    word = Word(subject, verdict, detail, reason, by, now, counter.day(now))
    action = await action_for(counter, subject, verdict).prepared(subject.partition(":")[2])
    return await counter.store.commit(Decide(word, action))


async def reject(counter: Counter, subject: str, *, by: Operator, reason: str) -> Decided:
    """Take what is proposed away: another one's, or one's own."""
    return await counter.store.commit(Reject(subject, by, reason, counter.clock.now()))


def action_for(counter: Counter, subject: str, verdict: str) -> Action:
    """Raises `NoSuchVerdict`."""
    table = VERDICTS.get(subject.partition(":")[0], {})
    if verdict not in table:
        raise NoSuchVerdict(action=verdict, subject=subject, possible=", ".join(table) or "none")
    return table[verdict](counter)


async def about(store: Store, subject: str) -> Sequence[Proposal]:
    """All that was ever proposed about a subject, the oldest first."""
    said: list[Proposal] = []
    while (one := await store.read(Proposal, subject, len(said) + 1)) is not None:
        said.append(one)
    return said


async def possible(store: Store, subject: str) -> Sequence[str]:
    """The verdicts there are for it; of a break, those of its kind."""
    kind, _, name = subject.partition(":")
    opened = await store.read(Break, name) if kind == "break" else None
    return possible_for(opened.kind) if opened else tuple(VERDICTS.get(kind, ()))
