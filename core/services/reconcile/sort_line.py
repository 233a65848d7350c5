"""One line of a bank's statement: decided, posted where it can be, and kept with what became of it, in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.bank_line import BankLine, written
from core.domain.bank_sorting import SET_ASIDE, Sort, Sorted, moved_on, near
from core.domain.evidence import Break
from core.domain.journal import Entry, fund_deposit, set_aside
from core.domain.money import Money
from core.domain.ticket import Ticket
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.ticket import PostTicket

# The kinds of entries that a line may have been posted as.
POSTED_AS = ("top_up", "set_aside", "fund_deposit", "book_line")

WHY = {
    Sort.UNIDENTIFIED: "nobody was asked to send this sum",
    Sort.PAID_TWICE: "the sum of a ticket that has come before: sent again, most likely",
    Sort.UNSURE: "a ticket has this sum, and the days do not fit: find out whose it is",
    Sort.RETURNED: "the bank undid what went out",
    Sort.INTEREST: "interest, by a rule",
    Sort.CAPITAL: "the owners' own money, by a rule",
    Sort.FEE: "a fee, by a rule",
    Sort.SETTLEMENT: "paid to a biller, by a rule",
    Sort.TAKEN_AWAY: "the bank undid what came in: take it back from the wallet it went to",
    Sort.UNKNOWN_OUT: "went out, and nobody wrote down why",
    Sort.AMOUNT: "the entry with this number has another amount",
    Sort.CURRENCY: "not in the currency of this counter",
}


@dataclass(frozen=True, slots=True)
class SortLine:
    """`day` is the accounting date of what is posted."""

    found: Sorted
    by: str
    now: datetime
    day: date
    counter: Counter

    def wants(self) -> Sequence[Key[object]]:
        line = self.found.line
        return Key(BankLine, (line.bank, line.evidence)), Key(Ticket, (line.currency, line.minor))

    def decide(self, book: Book) -> BankLine:
        sort, entry = self.found.sort, self.found.entry
        line = self._under_its_name(book)
        kept = book.get(BankLine, line.bank, line.evidence)
        if kept is not None:
            return kept  # another process reads the same file
        if entry is None and (entry := _posted_as(line, book)) is not None:
            sort = Sort.MATCHED if moved_on(entry, line.bank) == line.minor else Sort.AMOUNT
        if sort is None:
            sort = self._by_ticket(line, book)
        if entry is None:
            entry = self._posted(line, sort, book)
        if sort in WHY:
            self._open_break(line, sort, entry, book)
        key = entry.key if entry is not None and sort is not Sort.AMOUNT else ""
        return book.put(replace(line, sort=sort.value, against=self.found.against, entry_key=key))

    def _under_its_name(self, book: Book) -> BankLine:
        """Under its mark where its number is another line's: some banks begin to count anew each day."""
        line = self.found.line
        kept = book.get(BankLine, line.bank, line.evidence)
        posted = _posted_as(line, book) if kept is None else None
        is_others = not kept.same_as(line) if kept else posted is not None and not near(posted, line)
        return replace(line, evidence=line.mark) if is_others else line

    def _by_ticket(self, line: BankLine, book: Book) -> Sort:
        """Whose the money is, if its sum tells. The ticket must have been there when the bank booked it."""
        ticket = book.get(Ticket, line.currency, line.minor)
        if ticket is None:
            return Sort.UNIDENTIFIED
        if ticket.posted_at is not None:
            return Sort.PAID_TWICE
        wallet = book.get(Wallet, ticket.wallet_id)
        if not ticket.taken_at(self.now) or line.booked_on < self.counter.day(ticket.opened_at):
            return Sort.UNSURE
        fits = wallet is not None and wallet.receives and wallet.currency == line.currency
        return Sort.TICKET if fits else Sort.UNIDENTIFIED

    def _posted(self, line: BankLine, sort: Sort, book: Book) -> Entry | None:
        amount, words = Money(abs(line.minor), line.currency), self.counter.words
        if sort is Sort.TICKET:
            return PostTicket(amount, line.bank, line.evidence, self.by, self.now, self.day, words).decide(book).entry
        if sort is Sort.FUNDED:
            _, _, provider = self.found.against.partition(":")
            return book.post(
                fund_deposit(
                    provider, amount, bank=line.bank, evidence=line.evidence, at=self.now, day=self.day, by=self.by
                )
            )
        if sort in SET_ASIDE:
            return book.post(
                set_aside(amount, bank=line.bank, evidence=line.evidence, at=self.now, day=self.day, by=self.by)
            )
        return None

    def _open_break(self, line: BankLine, sort: Sort, entry: Entry | None, book: Book) -> None:
        booked = f", entry {entry.index}" if entry is not None else ""
        detail = f"{line.bank} {line.evidence} of {line.booked_on}: {written(line.minor, line.currency)}{booked}"
        break_id = break_of(line, sort)
        if book.get(Break, break_id) is None:
            book.add(Break(break_id, None, sort.value, f"{detail}; {WHY[sort]}", self.now))


def _posted_as(line: BankLine, book: Book) -> Entry | None:
    """The entry under a line's number, by whoever was quicker."""
    keys = (f"{kind}:{line.bank}:{line.evidence}" for kind in POSTED_AS)
    return next((found for key in keys if (found := book.posted(key))), None)


def break_of(line: BankLine, sort: Sort) -> str:
    """The break of a line. That of money set aside is named after its entry, as all such breaks are."""
    return f"{'set_aside' if sort in SET_ASIDE else 'line'}:{line.bank}:{line.evidence}"


@dataclass(frozen=True, slots=True)
class MatchLater:
    """A line that waited was written down by somebody since: its break is over."""

    line: BankLine
    entry: Entry
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(BankLine, (self.line.bank, self.line.evidence)),)

    def decide(self, book: Book) -> BankLine:
        line = book.get(BankLine, self.line.bank, self.line.evidence)
        assert line is not None
        if line.entry_key:
            return line
        opened = book.get(Break, break_of(line, Sort(line.sort)))
        if opened is not None and opened.closed_at is None:
            book.put(replace(opened, closed_at=self.now))
        return book.put(replace(line, sort=Sort.MATCHED.value, entry_key=self.entry.key))
