"""A batch in memory: a sheet of the rows as they will be, and for each change a page that is kept or torn out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from adapters.database.shelves import SHELVES, Parts
from core.domain.journal import Entry, Unbalanced
from core.ports import AlreadyPosted, Overtaken

Record = TypeVar("Record")
Name = tuple[type, Parts]


class Rows(Protocol):
    """What the sheet reads from, inside the transaction that will write it."""

    def find(self, kind: type[Record], parts: Parts) -> Record | None: ...
    def entry(self, key: str) -> Entry | None: ...
    def last_index(self) -> int:
        """The index of the newest entry, 0 when there is none."""


class Sheet:
    """The rows of one batch. `written` holds what must be written, each with the version it had in the database."""

    def __init__(self, rows: Rows, known: Mapping[Name, object | None], *, careful: bool) -> None:
        self.careful = careful
        self.written: dict[Name, int] = {}
        self.entries: dict[str, Entry] = {}
        self._rows = rows
        self._known: dict[Name, object | None] = dict(known)
        self._last_index: int | None = None

    def knows(self, name: Name) -> bool:
        return name in self._known

    def record(self, name: Name) -> object | None:
        """As the batch leaves it so far; read now if nobody said that it would be wanted."""
        try:
            return self._known[name]
        except KeyError:
            return self._known.setdefault(name, self._rows.find(*name))

    def entry(self, key: str) -> Entry | None:
        return self.entries.get(key) or self._rows.entry(key)

    @property
    def next_index(self) -> int:
        if self._last_index is None:
            self._last_index = self._rows.last_index()
        return self._last_index + len(self.entries) + 1

    def rows_of(self, kind: type) -> tuple[list[Any], list[tuple[Any, int]]]:
        """What must be written of one kind: new records, and changed ones with the version they had."""
        mine = [(self._known[name], before) for name, before in self.written.items() if name[0] is kind]
        return [record for record, before in mine if not before], [pair for pair in mine if pair[1]]

    def keep(self, page: Page) -> None:
        """Make a change's page part of the batch."""
        self._known.update(page.records)
        self.entries.update(page.entries)
        for name, version in page.before.items():
            self.written.setdefault(name, version)


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
        version: int = getattr(record, "version", 0)
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
        if self.posted(entry.key) is not None:
            raise AlreadyPosted(entry.key)
        posted = replace(entry, index=self._sheet.next_index + len(self.entries))
        self.entries[entry.key] = posted
        return posted

    def posted(self, key: str) -> Entry | None:
        return self.entries.get(key) or self._sheet.entry(key)

    def _refuse_overtaken(self, name: Name, version: int) -> None:
        """A record is written over the version it was read at. One nobody read here is left to the database to judge."""
        known = self.records.get(name)
        if known is None:
            if not self._sheet.careful and not self._sheet.knows(name):
                return
            known = self._sheet.record(name)
        if version != (getattr(known, "version", -1) if known is not None else 0):
            raise Overtaken(f"{name[0].__name__} {name[1]} is no longer at version {version}")
