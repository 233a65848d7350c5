"""A batch in memory: a sheet of the rows as they will be, and for each change a page that is kept or torn out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from adapters.database.shelves import SHELVES, Parts
from core.domain.journal import Entry, Unbalanced
from core.ports import AlreadyPosted, Overtaken

Record = TypeVar("Record")
Name = tuple[type, Parts]


class Rows(Protocol):
    """What a sheet reads from, inside the transaction that will write it."""

    def find(self, kind: type[Record], parts: Parts) -> Record | None: ...
    def entry(self, key: str) -> Entry | None: ...
    def last_index(self) -> int:
        """The index of the newest entry, 0 when there is none."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the database holds of a record that is to be written: its version, and its values when they were read."""

    version: int
    record: object | None


class Sheet:
    """The rows of one batch. `written` says which of them must be written, and what was there before.

    A `careful` sheet reads what is about to be written over, so that each conflict is found by the change that has it.
    The first attempt leaves that to the database, which finds it for nothing but cannot say whose it is.
    """

    def __init__(self, rows: Rows, known: dict[Name, object | None], *, careful: bool) -> None:
        self.careful = careful
        self.written: defaultdict[type, dict[Parts, Before]] = defaultdict(dict)
        self.entries: dict[str, Entry] = {}
        self._rows = rows
        self._known = known
        self._last_index: int | None = None

    def knows(self, name: Name) -> bool:
        return self.careful or name in self._known

    def record(self, name: Name) -> object | None:
        """As the batch leaves it so far; read now if nobody said that it would be wanted."""
        known = self._known
        if name not in known:
            known[name] = self._rows.find(*name)
        return known[name]

    def entry(self, key: str) -> Entry | None:
        return self.entries.get(key) or self._rows.entry(key)

    @property
    def next_index(self) -> int:
        if self._last_index is None:
            self._last_index = self._rows.last_index()
        return self._last_index + len(self.entries) + 1

    def rows_of(self, kind: type) -> tuple[list[Any], list[tuple[Any, Before]]]:
        """What must be written of one kind: new records, and changed ones with what was there before."""
        mine = [(self._known[kind, parts], before) for parts, before in self.written[kind].items()]
        return [record for record, before in mine if not before.version], [pair for pair in mine if pair[1].version]

    def keep(self, page: Page) -> None:
        """Make a change's page part of the batch."""
        for name, version in page.before.items():
            kind, parts = name
            if parts not in self.written[kind]:
                self.written[kind][parts] = Before(version, self._known.get(name))
        self._known.update(page.records)
        self.entries.update(page.entries)


class Page:
    """What one change reads and writes: a `Book` for the time of its decision."""

    def __init__(self, sheet: Sheet) -> None:
        self.records: dict[Name, object] = {}
        self.before: dict[Name, int] = {}
        self.entries: dict[str, Entry] = {}
        self._sheet = sheet

    def get(self, kind: type[Record], *parts: str | int) -> Record | None:
        name = kind, parts
        return self.records.get(name) or self._sheet.record(name)  # type: ignore[return-value]  # it is of that kind

    def put(self, record: Record) -> Record:
        shelf = SHELVES[type(record)]
        name = shelf.kind, shelf.key_of(record)
        version: int = record.version if shelf.versioned else 0  # type: ignore[attr-defined]  # which is what it says
        self._refuse_overtaken(name, version)
        self.before.setdefault(name, version)
        written: Record = shelf.next_version(record) if shelf.versioned else record
        self.records[name] = written
        return written

    def add(self, record: object) -> None:
        self.put(record)

    def post(self, entry: Entry) -> Entry:
        if sum(posting.minor for posting in entry.postings) or not entry.postings:
            raise Unbalanced(f"{entry.kind} {entry.key}: {entry.postings}")
        sheet, key = self._sheet, entry.key
        if key in self.entries or key in sheet.entries or (sheet.careful and sheet.entry(key)):
            raise AlreadyPosted(key)
        index = sheet.next_index + len(self.entries)
        posted = Entry(
            key, entry.kind, entry.currency, entry.postings, entry.at, entry.day, entry.payment_id, entry.memo, index
        )
        self.entries[key] = posted
        return posted

    def posted(self, key: str) -> Entry | None:
        return self.entries.get(key) or self._sheet.entry(key)

    def _refuse_overtaken(self, name: Name, version: int) -> None:
        """A record is written over the version it was read at."""
        known = self.records.get(name)
        if known is None:
            if not self._sheet.knows(name):
                return
            known = self._sheet.record(name)
        if version != getattr(known, "version", 0) or (known is not None and not version):
            raise Overtaken(f"{name[0].__name__} {name[1]} is no longer at version {version}")
