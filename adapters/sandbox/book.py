"""What the sandbox remembers: sales, inquiries, the deposit and how often each ref_id came in.

One small SQLite file of its own, or memory. A killed process loses nothing of a file (a power cut may cost the last
moments), so a restarted sandbox still knows what it sold.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.sandbox.sales import Inquiry, Sale

TABLES = """
create table if not exists sale (
    ref_id text, nth integer, kind text, sku text, customer_no text, price integer, rc text, sn text,
    created_at text, changed_at text, coming text, due_at text, shown_from text, callbacks text, cb_url text,
    month text, bill text, primary key (ref_id, nth));
create index if not exists sale_due on sale (due_at) where due_at is not null;
create index if not exists sale_of_number on sale (customer_no, sku);
create table if not exists inquiry (
    ref_id text primary key, sku text, customer_no text, price integer, month text, bill text, asked_at text);
create table if not exists movement (
    id integer primary key, at text, reason text, ref_id text, nth integer, amount integer, balance integer);
create table if not exists ticket (notes text primary key, amount integer, bank text, paid integer);
create table if not exists receipt (ref_id text, call text, times integer, primary key (ref_id, call));
"""
SAVE_SALE = "insert or replace into sale values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

PAY_TICKET = """
update ticket set paid = 1
where notes = (select notes from ticket where amount = ? and paid = 0 order by rowid limit 1)
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """The deposit changed by `amount` whole rupiah, and was `balance` then. Without a sale `ref_id` is blank."""

    at: datetime
    reason: str
    ref_id: str
    nth: int
    amount: int
    balance: int


class UnusableBook(Exception):
    """The file cannot hold the book: another sandbox keeps its own there, or it is no place for one."""


class Book:
    def __init__(self, path: Path | None, *, opening_deposit: int, now: datetime) -> None:
        """Open the book, a new one with the opening deposit in it. Raises `UnusableBook`."""
        try:
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=0)
            self._db.row_factory = sqlite3.Row
            self._open(opening_deposit, now)
        except sqlite3.DatabaseError as trouble:
            raise UnusableBook(f"The data file {path} cannot be used: {trouble}.") from trouble

    def _open(self, opening_deposit: int, now: datetime) -> None:
        for pragma in ("locking_mode = exclusive", "journal_mode = wal", "synchronous = normal"):
            self._db.execute(f"pragma {pragma}")
        self._db.executescript(TABLES)
        if self._db.execute("select 1 from movement").fetchone() is None:
            self.move_deposit(opening_deposit, "opening", at=now)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Everything inside is written together or not at all."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # ---- the deposit

    def balance(self) -> int:
        """The buyer's deposit in whole rupiah."""
        row = self._db.execute("select balance from movement order by id desc limit 1").fetchone()
        return int(row["balance"]) if row else 0

    def move_deposit(self, amount: int, reason: str, *, at: datetime, sale: Sale | None = None) -> None:
        ref_id, nth = (sale.ref_id, sale.nth) if sale else ("", 0)
        row = (_text(at), reason, ref_id, nth, amount, self.balance() + amount)
        self._db.execute(
            "insert into movement (at, reason, ref_id, nth, amount, balance) values (?, ?, ?, ?, ?, ?)", row
        )

    def put_in(self) -> int:
        """All that came into the deposit from outside, in whole rupiah."""
        sql = "select coalesce(sum(amount), 0) as total from movement where ref_id = ''"
        return int(self._db.execute(sql).fetchone()["total"])

    def balance_before(self, moment: datetime) -> int:
        sql = "select balance from movement where at < ? order by id desc limit 1"
        row = self._db.execute(sql, (_text(moment),)).fetchone()
        return int(row["balance"]) if row else 0

    def movements(self, since: datetime, until: datetime) -> Iterator[Movement]:
        sql = "select * from movement where at >= ? and at < ? order by id"
        for row in self._db.execute(sql, (_text(since), _text(until))):
            yield Movement(_moment(row["at"]), row["reason"], row["ref_id"], row["nth"], row["amount"], row["balance"])

    def moved(self) -> set[tuple[str, int]]:
        """The sales that ever moved the deposit, by ref_id and which of them."""
        return {(row["ref_id"], row["nth"]) for row in self._db.execute("select distinct ref_id, nth from movement")}

    def issue_ticket(self, notes: str, *, amount: int, bank: str) -> None:
        self._db.execute("insert or ignore into ticket values (?, ?, ?, 0)", (notes, amount, bank))

    def pay_ticket(self, amount: int) -> bool:
        """Mark the oldest open ticket of exactly this amount as paid; False when there is none."""
        return self._db.execute(PAY_TICKET, (amount,)).rowcount == 1

    def tickets(self) -> int:
        return int(self._db.execute("select count(*) as many from ticket").fetchone()["many"])

    # ---- sales

    def save(self, sale: Sale) -> None:
        """Write a new sale or a changed one."""
        self._db.execute(SAVE_SALE, _sale_row(sale))

    def sale(self, ref_id: str) -> Sale | None:
        """The newest transaction with this ref_id."""
        sql = "select * from sale where ref_id = ? order by nth desc limit 1"
        row = self._db.execute(sql, (ref_id,)).fetchone()
        return _sale(row) if row else None

    def sales(self) -> Sequence[Sale]:
        return [_sale(row) for row in self._db.execute("select * from sale order by created_at, ref_id, nth")]

    def with_more_to_come(self, due_by: datetime | None) -> Sequence[Sale]:
        """Sales whose next code is due by a moment; None for all that have one."""
        limit = _text(due_by) if due_by else "9999"
        sql = "select * from sale where due_at is not null and due_at <= ? order by due_at, ref_id"
        return [_sale(row) for row in self._db.execute(sql, (limit,))]

    def show_all(self) -> None:
        """End every lag: from now on a status tells how the sale stands."""
        self._db.execute("update sale set shown_from = null where shown_from is not null")

    def sales_of(self, sku: str, customer_no: str) -> Sequence[Sale]:
        sql = "select * from sale where customer_no = ? and sku = ?"
        return [_sale(row) for row in self._db.execute(sql, (customer_no, sku))]

    # ---- inquiries and receipts

    def save_inquiry(self, inquiry: Inquiry) -> None:
        row = (inquiry.ref_id, inquiry.sku, inquiry.customer_no, inquiry.price, inquiry.month)
        bill = json.dumps(inquiry.bill)
        sql = "insert or replace into inquiry values (?, ?, ?, ?, ?, ?, ?)"
        self._db.execute(sql, (*row, bill, _text(inquiry.asked_at)))

    def inquiry(self, ref_id: str) -> Inquiry | None:
        row = self._db.execute("select * from inquiry where ref_id = ?", (ref_id,)).fetchone()
        if row is None:
            return None
        values = dict(row)
        return Inquiry(**{**values, "bill": json.loads(row["bill"]), "asked_at": _moment(row["asked_at"])})

    def receive(self, ref_id: str, call: str) -> int:
        """Count one more request of this kind with this ref_id; answers how many there have been."""
        sql = "insert into receipt values (?, ?, 1) on conflict do update set times = times + 1 returning times"
        return int(self._db.execute(sql, (ref_id, call)).fetchone()["times"])

    def received(self, ref_id: str) -> dict[str, int]:
        rows = self._db.execute("select call, times from receipt where ref_id = ?", (ref_id,))
        return {row["call"]: row["times"] for row in rows}


def _sale_row(sale: Sale) -> tuple[object, ...]:
    what = (sale.ref_id, sale.nth, sale.kind, sale.sku, sale.customer_no, sale.price, sale.rc, sale.sn)
    when = (_text(sale.created_at), _text(sale.changed_at), json.dumps(sale.coming), _text(sale.due_at))
    how = (_text(sale.shown_from), sale.callbacks, sale.cb_url, sale.month, json.dumps(dict(sale.bill)))
    return what + when + how


def _sale(row: sqlite3.Row) -> Sale:
    moments = {name: _moment(row[name]) for name in ("created_at", "changed_at")}
    later = {name: _moment(row[name]) if row[name] else None for name in ("due_at", "shown_from")}
    loaded = {"coming": tuple(json.loads(row["coming"])), "bill": json.loads(row["bill"])}
    return Sale(**{**dict(row), **moments, **later, **loaded})


def _text(moment: datetime | None) -> str | None:
    # UTC and a fixed width, so that texts sort as moments do.
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
