"""Write down what a reconciliation found: its lines, what is lacking, and the breaks that people look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from core.domain.evidence import Break
from core.domain.reconciled import OpenLine, break_kind
from core.domain.statement import Absence, Difference, SeenLine, Statement, StatementFile
from core.ports import Book, Key
from core.services.reconcile.queue import Finding

# Lines in one commit: beside a running counter, each is a moment in which nobody else writes.
AT_ONCE = 500


def in_chunks(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    rest = iter(findings)
    while some := list(islice(rest, AT_ONCE)):
        yield some


@dataclass(frozen=True, slots=True)
class KeepStatement:
    """A file that is begun, or one that is done; with it what it says of the deposit, if that is odd."""

    statement: Statement
    open: tuple[OpenLine, ...] = ()
    now: datetime | None = None

    def wants(self) -> Sequence[Key[object]]:
        return Key(Statement, (self.statement.statement_id,)), *_wanted(self.open)

    def decide(self, book: Book) -> Statement:
        known = book.get(Statement, self.statement.statement_id)
        if known is not None and (known.done_at is not None or self.statement.done_at is None):
            return known
        kept = book.put(self.statement)
        for one in self.open:
            assert self.now is not None
            _open_break(one, kept.source, kept.statement_id, book, now=self.now)
        return kept


@dataclass(frozen=True, slots=True)
class KeepFindings:
    """Some lines of a file. What was kept by an earlier run stays as it was."""

    file: StatementFile
    findings: tuple[Finding, ...]
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        lines = (Key(SeenLine, (one.seen.source, one.seen.identity)) for one in self.findings if one.seen)
        absent = (Key(Absence, (one.absent.key,)) for one in self.findings if one.absent)
        closed = (Key(Break, (one.closes,)) for one in self.findings if one.closes)
        return *lines, *absent, *closed, *_wanted([one.open for one in self.findings if one.open])

    def decide(self, book: Book) -> None:
        for one in self.findings:
            if one.seen and book.get(SeenLine, one.seen.source, one.seen.identity) is None:
                book.add(one.seen)
            if one.absent:
                self._note(one.absent, book)
            if one.closes:
                self._close(one.closes, book)
            if one.open:
                _open_break(one.open, self.file.source, self.file.statement_id, book, now=self.now)

    def _close(self, break_id: str, book: Book) -> None:
        opened = book.get(Break, break_id)
        if opened is not None and opened.closed_at is None:
            book.put(replace(opened, closed_at=self.now))

    def _note(self, absent: Absence, book: Book) -> None:
        known = book.get(Absence, absent.key)
        if known is None or (known.version == absent.version and known.statement_id != absent.statement_id):
            book.put(absent)


def _wanted(open_: Iterable[OpenLine]) -> tuple[Key[object], ...]:
    return tuple(Key(Break, (one.break_id,)) for one in open_)


def _open_break(one: OpenLine, source: str, statement_id: str, book: Book, *, now: datetime) -> None:
    if book.get(Break, one.break_id) is not None:
        return
    book.add(Break(one.break_id, one.payment_id, break_kind(one.found), one.detail, now))
    book.add(Difference(one.break_id, source, statement_id, one.about, one.found.value, one.over_minor, one.currency))
