"""A batch in memory: a sheet of the rows as they will be, and for each change a page that can be torn out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from adapters.database.shelves import SHELVES, Parts
from core.domain.day_cut import DayCut, first_open
from core.domain.journal import Entry, Unbalanced
from core.ports import AlreadyPosted, Overtaken

Record = TypeVar("Record")
Name = tuple[type, Parts]

# What the database holds of a record that is to be written: its version, and the record if it was read.
Before = tuple[int, Any]


class _Unread:
    """Stands for a record that nobody has looked for yet."""


UNREAD: Final = _Unread()


@dataclass(frozen=True, slots=True)
class End:
    """Where the journal ends: the index of its newest entry, 0 when there is none, and the last day that was cut."""

    last_index: int
    cut: date | None


class Rows(Protocol):
    """What a sheet reads from, inside the transaction that will write it."""

    def find(self, kind: type[Record], parts: Parts) -> Record | None: ...
    def entry(self, key: str) -> Entry | None: ...
    def has_entry(self, key: str) -> bool: ...
    def end(self) -> End:
        """Asked once a batch, when something is posted."""


class Sheet:
    """The rows of one batch. `written` says which of them must be written, and what was there before.

    A `careful` sheet reads what is about to be written over, so that each conflict is found by the change that has it.
    The first attempt leaves that to the database, which finds it for nothing but cannot say whose it is. An entry that
    was posted before is such a conflict: looking for each would be a question to the database for each payment.
    """

    def __init__(self, rows: Rows, known: dict[Name, Any], *, careful: bool) -> None:
        self.careful = careful
        self.known = known
        self.written: defaultdict[type, dict[Parts, Before]] = defaultdict(dict)
        self.entries: dict[str, Entry] = {}
        self.refused: set[str] = set()
        self._rows = rows
        self._end: End | None = None

    def read(self, name: Name) -> Any:
        """A record nobody said would be wanted."""
        found = self.known[name] = self._rows.find(*name)
        return found

    def posted(self, key: str) -> Entry | None:
        return self.entries.get(key) or self._rows.entry(key)

    def has_posted(self, key: str) -> bool:
        return key in self.entries or key in self.refused or (self.careful and self._rows.has_entry(key))

    def look_for(self, keys: Sequence[str]) -> bool:
        """Whether one of these was posted before; who posts it from now on is told so."""
        found = [key for key in keys if key not in self.refused and self._rows.has_entry(key)]
        self.refused.update(found)
        return bool(found)

    @property
    def end(self) -> End:
        if self._end is None:
            self._end = self._rows.end()
        return self._end

    @property
    def last_index(self) -> int:
        return self.end.last_index + len(self.entries)

    @property
    def cut(self) -> date | None:
        """The last day that was cut; a cut within this batch counts from there on."""
        if DayCut not in self.written:
            return self.end.cut
        return max((date.fromisoformat(str(day)) for (day,) in self.written[DayCut]), default=self.end.cut)

    def rows_of(self, kind: type) -> tuple[list[Any], list[tuple[Any, Before]]]:
        """What must be written of one kind: new records, and changed ones with what was there before."""
        mine = [(self.known[kind, parts], before) for parts, before in self.written[kind].items()]
        return [record for record, before in mine if not before[0]], [pair for pair in mine if pair[1][0]]


class Page:
    """What one change writes: a `Book` for the time of its decision. It remembers how the sheet was without it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._known = sheet.known
        self._overwritten: list[tuple[Name, Any]] = []
        self._first_written: list[Name] = []
        self._posted: list[str] = []

    def get(self, kind: type[Record], *parts: str | int) -> Record | None:
        name = kind, parts
        found: Record | None = self._known[name] if name in self._known else self._sheet.read(name)
        return found

    def put(self, record: Record) -> Record:
        shelf = SHELVES[type(record)]
        kind, parts = name = shelf.kind, shelf.key_of(record)
        version: int = record.version if shelf.versioned else 0  # type: ignore[attr-defined]  # which is what it says
        before = self._before(name, version)
        written: Record = shelf.next_version(record) if shelf.versioned else record
        self._overwritten.append((name, before))
        self._known[name] = written
        to_write = self._sheet.written[kind]
        if parts not in to_write:
            to_write[parts] = version, None if before is UNREAD else before
            self._first_written.append(name)
        return written

    def add(self, record: object) -> None:
        self.put(record)

    def post(self, entry: Entry) -> Entry:
        if sum([posting.minor for posting in entry.postings]) or not entry.postings:
            raise Unbalanced(f"{entry.kind} {entry.key}: {entry.postings}")
        sheet, key = self._sheet, entry.key
        if sheet.has_posted(key):
            raise AlreadyPosted(key)
        index, day = sheet.last_index + 1, first_open(entry.day, sheet.cut)
        posted = Entry(
            key, entry.kind, entry.currency, entry.postings, entry.at, day, entry.payment_id, entry.memo, index
        )
        sheet.entries[key] = posted
        self._posted.append(key)
        return posted

    def posted(self, key: str) -> Entry | None:
        return self._sheet.posted(key)

    @property
    def last_index(self) -> int:
        return self._sheet.last_index

    @property
    def cut(self) -> date | None:
        return self._sheet.cut

    def tear_out(self) -> bool:
        """Leave the sheet as it was before this page.

        Whether the change was refused for what it says: not when it had posted what was posted before and was not told
        so, for then it may have been refused for what came of that. It must be decided again, and is told.
        """
        for name, before in reversed(self._overwritten):
            if before is UNREAD:
                del self._known[name]
            else:
                self._known[name] = before
        for kind, parts in self._first_written:
            del self._sheet.written[kind][parts]
        for key in self._posted:
            del self._sheet.entries[key]
        return self._sheet.careful or not self._sheet.look_for(self._posted)

    def _before(self, name: Name, version: int) -> Any:
        """What is to be written over: a record at the version it was read at, or nothing where it is new."""
        before = self._known.get(name, UNREAD)
        if before is UNREAD:
            if not self._sheet.careful:
                return UNREAD
            before = self._sheet.read(name)
        fits = before.version == version if before is not None and version else before is None and not version
        if not fits:
            raise Overtaken(f"{name[0].__name__} {name[1]} is no longer at version {version}")
        return before
