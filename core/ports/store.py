"""Durable memory: what the core reads back from it, as single records, short lists, and for operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from core.domain.approval import Proposal
from core.domain.chat import Arrival, Link
from core.domain.evidence import Break, Case, Evidence
from core.domain.head import Head, HeadPlace
from core.domain.journal import Entry
from core.domain.message import Lane, Message
from core.domain.money import Money
from core.domain.operator import Operator
from core.domain.payee import Payee
from core.domain.payment import Attempt, Payment
from core.domain.reminder import Reminder
from core.domain.safeguarding import Safeguard
from core.domain.statement import Statement
from core.domain.ticket import Ticket
from core.ports.change import Change

Record = TypeVar("Record")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class SavedSession:
    """One customer's place in the conversation, and the answer given last, for a delivery that is repeated.

    `state` is the conversation's own JSON. `heard_digest` is a peppered HMAC over all that was typed in this gateway
    session and `heard_length` its length: the text itself may hold a PIN and is not kept.
    """

    channel: str
    address: str
    gateway_session: str
    heard_length: int
    heard_digest: str
    state: str
    answer: str
    ended: bool
    changed_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers at an address of a channel."""

    channel: str
    address: str
    wallet_id: str
    since: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a provider's price list. `cost_minor` is what it takes from our deposit, None for bills.

    `pause` is the daily cut-off as the provider writes it, `HH:MM-HH:MM` in its own time zone, or empty.
    """

    provider: str
    code: str
    name: str
    on_sale: bool
    cost_minor: int | None
    currency: str
    pause: str
    seen_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The store at a glance: payments by state, since when the oldest is in doubt, what waits to be sent, handled or
    looked into. Patient messages are not counted: they may wait. `short`: what customers' money lacked on the last day.
    """

    payments: Mapping[str, int]
    oldest_in_doubt: datetime | None
    messages_waiting: int
    oldest_message: datetime | None = None
    arrivals_waiting: int = 0
    oldest_arrival: datetime | None = None
    open_breaks: int = 0
    newest_break: Break | None = None
    open_cases: int = 0
    newest_case: Case | None = None
    oldest_untold_head: datetime | None = None
    short: Safeguard | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one payment, in the order in which it happened."""

    attempts: Sequence[Attempt]
    evidence: Sequence[Evidence]
    entries: Sequence[Entry]
    messages: Sequence[Message]
    breaks: Sequence[Break]


class Store(Protocol):
    """Durable memory. When `commit` answers, the change survives a power cut."""

    async def commit(self, change: Change[Outcome]) -> Outcome:
        """Decide and write one change. Raises its refusal; raises `StoreDown` when nothing could be written."""

    async def read(self, kind: type[Record], *parts: str | int) -> Record | None:
        """One record as last committed."""

    # Lists, newest first unless said; as last committed.
    async def payments_of(self, wallet_id: str, *, limit: int) -> Sequence[Payment]: ...
    async def payees_of(self, wallet_id: str, *, limit: int) -> Sequence[Payee]: ...
    async def payments_due(self, now: datetime, *, limit: int) -> Sequence[Payment]:
        """Payments whose `look_at` has come, the longest overdue first."""

    async def payments_in(self, state: str) -> Sequence[Payment]: ...

    async def messages_due(self, now: datetime, *, lane: Lane, limit: int) -> Sequence[Message]:
        """Messages of one lane whose `due_at` has come, the oldest first."""

    async def arrivals_waiting(self, channel: str, *, limit: int) -> Sequence[Arrival]:
        """What was acknowledged and not handled, in the order in which it came."""

    async def links_at(self, channel: str, address: str) -> Sequence[Link]:
        """Whose wallets may be used there, the oldest link first; those that are over as well."""

    async def links_of(self, wallet_id: str) -> Sequence[Link]:
        """Where a wallet may be used besides its phone, the oldest link first; those that are over as well."""

    async def reminders_due(self, now: datetime, *, limit: int) -> Sequence[Reminder]:
        """Reminders whose `look_at` has come, the longest overdue first."""

    async def ticket_of(self, wallet_id: str, asked: Money) -> Ticket | None:
        """The newest ticket that a wallet has for an amount and that nothing was posted for, run out or not."""

    async def attempt_with_key(self, key: str) -> Attempt | None: ...
    async def price_lines(self, provider: str) -> Sequence[PriceLine]: ...

    # For operators.
    async def figures(self) -> Figures: ...
    async def newest_payments(self, *, state: str | None, limit: int) -> Sequence[Payment]: ...
    async def story_of(self, payment_id: str) -> Story: ...
    async def messages_to(self, wallet_id: str, *, limit: int) -> Sequence[Message]: ...
    async def open_cases(self, *, limit: int) -> Sequence[Case]: ...
    async def open_breaks(self, *, limit: int) -> Sequence[Break]: ...
    async def operators(self) -> Sequence[Operator]:
        """Everybody who is or was one, the oldest first."""

    async def open_proposals(self, *, limit: int) -> Sequence[Proposal]:
        """What waits for another operator's word, the oldest first."""

    async def tickets_awaited(self, *, limit: int) -> Sequence[Ticket]:
        """Tickets that nothing was posted for, the newest first; those that have run out as well."""

    async def statements_of(self, source: str) -> Sequence[Statement]:
        """Provider's statements that were reconciled, or begun, by the beginning of their intervals."""

    async def balance_of(self, account: str) -> int:
        """The sum of an account's postings in minor units, debits positive."""

    # For what proves the journal.
    async def entries_from(self, first: int, *, limit: int) -> Sequence[Entry]:
        """At most so many entries from an index on, in the order of the book."""

    async def head_from(self, size: int) -> Head | None:
        """The smallest signed head over at least so many entries."""

    async def newest_head(self) -> Head | None: ...

    async def head_places(self) -> Sequence[HeadPlace]:
        """Every place that heads were ever told at."""
