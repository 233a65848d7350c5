"""Money that is to come by bank transfer: a sum to send that no other awaited transfer has, and its arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.journal import Entry
from core.domain.money import Money
from core.domain.ticket import AMOUNTS, LASTS, Ticket
from core.domain.wallet import Wallet, WalletCannotReceive
from core.ports import Book, Key, Words
from core.refusal import Refusal
from core.services.counter import Counter
from core.services.top_up import OtherCurrency, TopUp
from core.text import _


class NoSumFree(Refusal):
    text = _("Too many people are topping up this amount. Please choose another one, or ask at the counter.")


class NoTicket(Refusal):
    text = _("Nobody was asked to send {amount}. Nothing was posted.")


class TicketPosted(Refusal):
    text = _("The transfer of {amount} was posted before, as entry {index}. Nothing was posted now.")


class TicketForgotten(Refusal):
    text = _("Whoever was asked to send {amount} had time until {until}, too long ago to be sure. Nothing was posted.")


async def open_ticket(counter: Counter, wallet_id: str, asked: Money, *, now: datetime) -> OpenTicket:
    """The change that opens a ticket; which of the sums is tried first is left to chance."""
    before = await counter.store.ticket_of(wallet_id, asked)
    return OpenTicket(wallet_id, asked, first=int(counter.ids.case_number()), now=now, before=before)


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A sum for this wallet to send. Asked again while it is taken, the same one with a new day: sums are scarce.

    `before` is the ticket that she was given last for this amount. Of the sums hardly more than one is looked at, so
    they are not read beforehand.
    """

    wallet_id: str
    asked: Money
    first: int
    now: datetime
    before: Ticket | None = None

    def wants(self) -> Sequence[Key[object]]:
        before = (Key(Ticket, (self.before.currency, self.before.amount_minor)),) if self.before else ()
        return Key(Wallet, (self.wallet_id,)), *before

    def decide(self, book: Book) -> Ticket:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        if not wallet.receives:
            raise WalletCannotReceive
        if wallet.currency != self.asked.currency:
            raise OtherCurrency(currency=wallet.currency)
        amounts = AMOUNTS[self.asked.currency]
        amounts.take(self.asked)
        if own := self._still_hers(book):
            return book.put(own.asked_again(self.now))
        for sum_ in amounts.sums(self.asked, self.first):
            ticket = book.get(Ticket, sum_.currency, sum_.minor)
            if ticket is None or not ticket.taken_at(self.now):
                return book.put(self._opened(sum_, version=ticket.version if ticket else 0))
        raise NoSumFree

    def _still_hers(self, book: Book) -> Ticket | None:
        ticket = book.get(Ticket, self.before.currency, self.before.amount_minor) if self.before else None
        if ticket is None or ticket.wallet_id != self.wallet_id or ticket.posted_at or not ticket.taken_at(self.now):
            return None
        return ticket

    def _opened(self, sum_: Money, *, version: int) -> Ticket:
        """A new ticket, in the place of the one that had this sum long ago."""
        return Ticket(
            currency=sum_.currency,
            amount_minor=sum_.minor,
            wallet_id=self.wallet_id,
            asked_minor=self.asked.minor,
            opened_at=self.now,
            good_until=self.now + LASTS,
            version=version,
        )


@dataclass(frozen=True, slots=True)
class TicketMet:
    """The money that was awaited has come, and is in the wallet."""

    ticket: Ticket
    wallet: Wallet
    entry: Entry

    @property
    def late(self) -> bool:
        return self.ticket.posted_at is not None and self.ticket.posted_at >= self.ticket.good_until


async def post_ticket(counter: Counter, amount: Money, *, bank: str, evidence: str, by: str) -> TicketMet:
    """Credit whoever was asked to send just this sum, and tell her. Raises what `PostTicket` refuses."""
    now = counter.clock.now()
    return await counter.store.commit(PostTicket(amount, bank, evidence, by, now, counter.day(now), counter.words))


@dataclass(frozen=True, slots=True)
class PostTicket:
    """A top-up whose owner is known by its sum. Whose it is stands in the ticket, so the wallet is read after it."""

    amount: Money
    bank: str
    evidence: str
    by: str
    now: datetime
    day: date
    words: Words

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Ticket, (self.amount.currency, self.amount.minor)),)

    def decide(self, book: Book) -> TicketMet:
        ticket = book.get(Ticket, self.amount.currency, self.amount.minor)
        if ticket is None:
            raise NoTicket(amount=self.amount)
        if ticket.posted_at and (posted := book.posted(f"top_up:{ticket.evidence}")):
            raise TicketPosted(amount=self.amount, index=posted.index)
        if not ticket.taken_at(self.now):
            raise TicketForgotten(amount=self.amount, until=ticket.good_until)
        wallet, entry = TopUp(
            ticket.wallet_id, self.amount, self.bank, self.evidence, self.by, self.now, self.day, self.words
        ).decide(book)
        met = book.put(ticket.posted(f"{self.bank}:{self.evidence}", self.now))
        return TicketMet(met, wallet, entry)
