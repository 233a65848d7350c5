"""Which record lies in which table. Adding a record is one line at the end, and its table.

A shelf knows how a record becomes a row and back. Columns are named after the record's fields and stand in their
order, so a row read is the record's arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Table

from adapters.database import tables
from adapters.database.column_types import Sealed
from adapters.database.sealing import keyring_of, name_of
from core.domain.approval import Proposal
from core.domain.bank_line import BankBalance, BankLine
from core.domain.chat import Arrival, Chat, Link, LinkRequest, Screen
from core.domain.claim import Claim
from core.domain.day_cut import DayBalance, DayClosing, DayCut
from core.domain.evidence import Break, Case, Delivery, Evidence
from core.domain.failing import Failing
from core.domain.head import Head, HeadPlace
from core.domain.line import Line
from core.domain.message import Message
from core.domain.operator import Operator
from core.domain.payee import Payee
from core.domain.payment import Attempt, Payment
from core.domain.pin import PinTries
from core.domain.receipt import ReceiptKey
from core.domain.reminder import Reminder
from core.domain.restore import Restore
from core.domain.safeguarding import Safeguard
from core.domain.statement import Absence, Difference, SeenLine, Statement
from core.domain.ticket import Ticket
from core.domain.tiles import Tile, Tree
from core.domain.wallet import Wallet
from core.ports import Contact, PriceLine, SavedSession

Record = TypeVar("Record")
Parts = tuple[str | int, ...]
Row = Sequence[Any]


class Shelf(Generic[Record]):
    """One record class and its table."""

    def __init__(self, kind: type[Record], table: Table) -> None:
        self.kind = kind
        self.table = table
        self._made: Callable[..., Record] = kind
        self.names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # each record is a dataclass
        assert self.names == [column.name for column in table.columns], f"{table.name} is not as {kind.__name__}"
        self.key_names = [column.name for column in table.primary_key]
        assert self.names[: len(self.key_names)] == self.key_names, f"{table.name} must begin with its key"
        self.versioned = self.names[-1] == "version"
        self.key_of = _tuple_of(self.key_names)
        self._changing = [name for name in self.names if name not in self.key_names]
        self._values_of = _tuple_of(self._changing)
        self._all_but_version = _tuple_of([name for name in self.names if name != "version"])

    def next_version(self, record: Record) -> Record:
        """As `dataclasses.replace` would, in half the time."""
        version: int = record.version  # type: ignore[attr-defined]  # asked of versioned records only
        return self._made(*self._all_but_version(record), version + 1)

    def differing(self, record: Record, before: object | None) -> tuple[str, ...]:
        """The columns besides the key in which a record differs from what was there before; all when nobody knows."""
        if before is None:
            return tuple(self._changing)
        pairs = zip(self._changing, self._values_of(record), self._values_of(before), strict=True)
        return tuple([name for name, now, then in pairs if now is not then and now != then])


class Rows(Generic[Record]):
    """A shelf's records as rows of one store, with the columns in an order that a statement asks for.

    What is sealed is sealed and opened here, where its row is known.
    """

    def __init__(self, shelf: Shelf[Record], dialect: Dialect) -> None:
        self._kind = shelf.kind
        self._table = shelf.table
        self._dialect = dialect
        self._key_of, self._key_length = shelf.key_of, len(shelf.key_names)
        self._keyring = keyring_of(dialect)
        self._sealed = _sealed_places(shelf.table, shelf.names) if self._keyring else []
        keys = [(place, column.type.dialect_impl(dialect)) for place, column in enumerate(shelf.table.primary_key)]
        self._keying = [(place, convert) for place, kind in keys if (convert := kind.bind_processor(dialect))]
        types = [(place, column.type.dialect_impl(dialect)) for place, column in enumerate(shelf.table.columns)]
        self._reading = [
            (place, convert) for place, kind in types if (convert := kind.result_processor(dialect, None)) is not None
        ]

    def key(self, parts: Parts) -> Parts:
        """A record's key as it lies in the table."""
        if not self._keying:
            return parts
        values = list(parts)
        for place, convert in self._keying:
            values[place] = convert(values[place])
        return tuple(values)

    def record(self, row: Row) -> Record:
        values = list(row)
        for place, convert in self._reading:
            values[place] = convert(values[place])
        return self._kind(*self.opened(values))

    def opened(self, values: list[Any]) -> list[Any]:
        """The values of a row, converted but for what is sealed. Raises `Altered`."""
        if self._keyring is not None and self._sealed:
            row = name_of(values[: self._key_length])
            for place, name in self._sealed:
                values[place] = self._keyring.opened(name, row, values[place])
        return values

    def writer(self, names: Sequence[str]) -> Callable[[Record], Sequence[Any]]:
        """A function from a record to the values of these columns."""
        all_of = _tuple_of(names)
        sealed = _sealed_places(self._table, names) if self._keyring else []
        apart = {place for place, _ in sealed}
        types = [(place, self._table.c[name].type.dialect_impl(self._dialect)) for place, name in enumerate(names)]
        open_ = [(place, kind) for place, kind in types if place not in apart]
        writing = [(place, convert) for place, kind in open_ if (convert := kind.bind_processor(self._dialect))]

        def row(record: Record) -> Sequence[Any]:
            values = list(all_of(record))
            for place, convert in writing:
                values[place] = convert(values[place])
            return self._seal(record, values, sealed) if sealed else values

        return row

    def _seal(self, record: Record, values: list[Any], sealed: Sequence[tuple[int, str]]) -> list[Any]:
        assert self._keyring is not None
        row = name_of(self._key_of(record))
        for place, name in sealed:
            values[place] = self._keyring.seal(name, row, values[place])
        return values


def _sealed_places(table: Table, names: Sequence[str]) -> list[tuple[int, str]]:
    """Where among these columns a sealed one stands, and what its values are bound to."""
    kinds = ((place, table.c[name].type) for place, name in enumerate(names))
    return [(place, kind.place) for place, kind in kinds if isinstance(kind, Sealed)]


def _tuple_of(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    only = attrgetter(names[0])
    return lambda record: (only(record),)


def _by_kind(*shelves: Shelf[Any]) -> dict[type, Shelf[Any]]:
    return {shelf.kind: shelf for shelf in _parents_first(shelves)}


def _parents_first(shelves: Iterable[Shelf[Any]]) -> list[Shelf[Any]]:
    order = {table: place for place, table in enumerate(tables.metadata.sorted_tables)}
    return sorted(shelves, key=lambda shelf: order[shelf.table])


# In the order in which rows are written: what others point to comes first.
SHELVES = _by_kind(
    Shelf(Wallet, tables.wallets),
    Shelf(Contact, tables.contacts),
    Shelf(PinTries, tables.pin_tries),
    Shelf(Payee, tables.payees),
    Shelf(SavedSession, tables.sessions),
    Shelf(Payment, tables.payments),
    Shelf(Attempt, tables.attempts),
    Shelf(Evidence, tables.evidence),
    Shelf(Delivery, tables.deliveries),
    Shelf(Message, tables.messages),
    Shelf(Break, tables.breaks),
    Shelf(Case, tables.cases),
    Shelf(PriceLine, tables.price_lines),
    Shelf(Link, tables.links),
    Shelf(Chat, tables.chats),
    Shelf(LinkRequest, tables.link_requests),
    Shelf(Arrival, tables.arrivals),
    Shelf(Screen, tables.screens),
    Shelf(Ticket, tables.tickets),
    Shelf(Reminder, tables.reminders),
    Shelf(Claim, tables.claims),
    Shelf(Restore, tables.restores),
    Shelf(Tree, tables.trees),
    Shelf(Tile, tables.tree_tiles),
    Shelf(Head, tables.heads),
    Shelf(HeadPlace, tables.head_places),
    Shelf(ReceiptKey, tables.receipt_keys),
    Shelf(Line, tables.lines),
    Shelf(Operator, tables.operators),
    Shelf(Proposal, tables.proposals),
    Shelf(Failing, tables.failures),
    Shelf(DayCut, tables.day_cuts),
    Shelf(DayBalance, tables.day_balances),
    Shelf(DayClosing, tables.day_closings),
    Shelf(BankLine, tables.bank_lines),
    Shelf(BankBalance, tables.bank_balances),
    Shelf(Safeguard, tables.safeguards),
    Shelf(Statement, tables.statements),
    Shelf(SeenLine, tables.statement_lines),
    Shelf(Absence, tables.absences),
    Shelf(Difference, tables.differences),
)


def shelf_of(kind: type[Record]) -> Shelf[Record]:
    """Raises `KeyError` for a class that is not kept."""
    return SHELVES[kind]
