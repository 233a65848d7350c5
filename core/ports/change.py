"""What can be written, and how: a change decides in memory over the rows of its batch, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from core.domain.journal import Entry
from core.refusal import Fault

Record = TypeVar("Record")
Outcome_co = TypeVar("Outcome_co", covariant=True)
Record_co = TypeVar("Record_co", covariant=True)


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
        """Write an entry of the journal, answered with its index. Raises `AlreadyPosted` when its key is taken.

        An entry of a day that was cut is dated on the first day after it, and answered so.
        """

    def posted(self, key: str) -> Entry | None:
        """The entry with this key."""

    @property
    def last_index(self) -> int:
        """The index of the newest entry, 0 when there is none."""

    @property
    def cut(self) -> date | None:
        """The last accounting day that was cut."""


class AlreadyPosted(Exception):
    """The journal has an entry with this key; nothing is written."""


class Overtaken(Exception):
    """A record was put at a version that another commit has written over meanwhile; nothing of the change is written.

    Only a record that came into the change from outside can be overtaken: one that `decide` got from its book is not.
    """


class Change(Protocol[Outcome_co]):
    """One thing to be decided and written, whole or not at all."""

    def wants(self) -> Sequence[Key[object]]:
        """The records that `decide` is going to ask for: a batch reads them all at once."""

    def decide(self, book: Book) -> Outcome_co:
        """Decide in memory. A `Refusal` forgets what this change wrote and reaches the one who asked; so does a bug."""


class StoreDown(Fault):
    """Nothing was written and nothing can be just now: a full disk, a lost database."""


class StoreLost(StoreDown):
    """A commit failed so that nobody knows whether it was kept. The process must end: a restart reads the truth."""
