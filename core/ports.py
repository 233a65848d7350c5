"""What the core needs from outside, as Protocols. Adapters keep these promises; tests keep them with fakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from core.domain.bill import Bill
from core.domain.biller import Product
from core.domain.chat import Arrival, Link
from core.domain.evidence import Break, Case, Evidence
from core.domain.journal import Entry
from core.domain.message import Lane, Message, Offer
from core.domain.money import Money
from core.domain.payee import Payee
from core.domain.payment import Answer, Attempt, Payment
from core.domain.picture import Picture
from core.domain.reminder import Reminder
from core.domain.slip import Slip
from core.domain.ticket import Ticket
from core.refusal import Fault
from core.text import Text

Record = TypeVar("Record")
Outcome = TypeVar("Outcome")
Outcome_co = TypeVar("Outcome_co", covariant=True)
Record_co = TypeVar("Record_co", covariant=True)


# ---- the store


@dataclass(frozen=True, slots=True)
class Key(Generic[Record_co]):
    """The name of one stored record: its class and its primary key, in the order of the table's key columns."""

    kind: type[Record_co]
    parts: tuple[str | int, ...]


class Book(Protocol):
    """The rows of one batch, as they will be when it commits. Used inside `Change.decide`, never awaited, never kept.

    What an earlier change of the same batch wrote is seen by a later one; what a refused change wrote is forgotten.
    """

    def get(self, kind: type[Record], *parts: str | int) -> Record | None:
        """The record with this key, None when there is none."""

    def put(self, record: Record) -> Record:
        """Write a record, a new one (`version` 0) or a changed one; answers it with its next version.

        A record that another process changed since it was read makes the whole change be decided again.
        """

    def add(self, record: object) -> None:
        """Append a record that is never changed again: evidence, a case, a break."""

    def post(self, entry: Entry) -> Entry:
        """Write an entry of the journal, answered with its index. Raises `AlreadyPosted` when its key is taken."""

    def posted(self, key: str) -> Entry | None:
        """The entry with this key."""


class AlreadyPosted(Exception):
    """The journal has an entry with this key; nothing is written."""


class Change(Protocol[Outcome_co]):
    """One thing to be decided and written, whole or not at all."""

    def wants(self) -> Sequence[Key[object]]:
        """The records that `decide` is going to ask for: a batch reads them all at once."""

    def decide(self, book: Book) -> Outcome_co:
        """Decide in memory. A `Refusal` forgets what this change wrote and reaches the one who asked; so does a bug."""


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
    async def tickets_awaited(self, *, limit: int) -> Sequence[Ticket]:
        """Tickets that nothing was posted for, the newest first; those that have run out as well."""

    async def balance_of(self, account: str) -> int:
        """The sum of an account's postings in minor units, debits positive."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The store at a glance: payments by state, since when the oldest is in doubt, what waits to be sent, handled or
    looked into. Patient messages are not counted: they may wait.
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


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one payment, in the order in which it happened."""

    attempts: Sequence[Attempt]
    evidence: Sequence[Evidence]
    entries: Sequence[Entry]
    messages: Sequence[Message]
    breaks: Sequence[Break]


class StoreDown(Fault):
    """Nothing was written and nothing can be just now: a full disk, a lost database."""


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


# ---- providers


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


class BillerGateway(Protocol):
    """A provider. Each answer says what it proves; whatever is not understood proves nothing."""

    name: str

    async def prices(self) -> Sequence[PriceLine]:
        """The current price list. Raises `BillerDown`."""

    async def balance(self) -> Money:
        """Our deposit as the provider sees it. Raises `BillerDown`."""

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        """Whose number this is and what is owed. Moves nothing.

        Raises `ReferenceUnknown`, `NothingToPay`, `NotSoldNow` (refusals) or `BillerDown`.
        """

    async def submit(self, attempt: Attempt) -> Answer:
        """Send an attempt for the first time. Never raises for trouble outside: that answer proves nothing."""

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        """Ask what became of an attempt that may have been sent. Buys nothing twice.

        An attempt too old to be asked about safely is answered with a proof of nothing, without being sent.
        """

    @property
    def available(self) -> bool:
        """False while the circuit breaker is open: then nothing new may be held for this provider."""


# ---- people


class Notifier(Protocol):
    """Short messages to a phone."""

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        """Hand over one message; `message_id` stays the same when it is handed over again. Raises `Fault`."""


class ChatNotifier(Protocol):
    """Messages into a chat: words, a receipt to keep where there is one, and what can be done with one tap."""

    async def send(
        self, address: str, words: str, *, slip: Slip | None, offers: Sequence[Offer], patient: bool, message_id: str
    ) -> None:
        """Raises `Fault`; `Unreachable` when that person does not want to hear from us; `Later` when told to wait."""


class Unreachable(Fault):
    """Whoever is at this address has left, or has blocked us."""


class Later(Fault):
    """The network asked us to wait for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait for {seconds:g} s")
        self.seconds = seconds


class OperatorsLine(Protocol):
    """Where operators hear of trouble; no customer's name or number belongs there."""

    async def say(self, words: str) -> None:
        """Raises `Fault`; `Later` when told to wait."""


class Painter(Protocol):
    """Draws what a person keeps or chooses from, as PNG. The same in, the same out; slow enough for a thread."""

    def receipt(self, slip: Slip) -> bytes: ...

    def choices(self, pictures: Sequence[Picture]) -> bytes:
        """At most five things to choose from on one picture, each with its number."""

    def transfer(self, heading: str, bank: str, amount: str, lines: tuple[tuple[str, str], ...]) -> bytes:
        """Where to send money, and exactly how much."""


class Words(Protocol):
    """Whole sentences in a person's language."""

    def say(self, text: Text, language: str) -> str: ...


class PinVault(Protocol):
    """Slow hashes with a pepper that the store does not know; off the event loop."""

    async def hashed(self, secret: str) -> str: ...

    async def matches(self, secret: str, hashed: str) -> bool:
        """Takes as long for an empty hash as for a wrong secret."""


# ---- time and chance


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""


class Ids(Protocol):
    def new(self) -> str:
        """Unique for ever, ordered by time, safe in a URL and as a provider's reference: at most 26 of 0-9a-z."""

    def case_number(self) -> str:
        """Six digits that can be said over a telephone; taken from chance, so they tell nothing."""


# ---- more of the store


class Overtaken(Exception):
    """A record was put at a version that another commit has written over meanwhile; nothing of the change is written.

    Only a record that came into the change from outside can be overtaken: one that `decide` got from its book is not.
    """


class StoreLost(StoreDown):
    """A commit failed so that nobody knows whether it was kept. The process must end: a restart reads the truth."""
