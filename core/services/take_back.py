"""Money that came in goes back to who sent it: written down by an operator, and once only.

Out of a wallet it is taken before it is given back, so that she cannot spend it in between. What was set aside is
nobody's to spend: it is written down, and its break closed, once it was returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain import journal
from core.domain.evidence import Break
from core.domain.journal import Entry, wallet_account
from core.domain.money import Money
from core.domain.wallet import Wallet
from core.ports import Book, Key, Words
from core.refusal import Refusal
from core.services.announce import announce, wanted_to_announce
from core.services.counter import Counter
from core.text import _


class NeverCame(Refusal):
    text = _("{bank} {evidence} never came in here. Nothing was posted.")


class CameOtherwise(Refusal):
    text = _("{bank} {evidence} was another amount or wallet: see entry {index}. Nothing was posted.")


class Booked(Refusal):
    text = _("{bank} {evidence} is no longer set aside: see entry {index}. Nothing was posted.")


class WentBackBefore(Refusal):
    text = _("{bank} {evidence} went back before, as entry {index}. Nothing was posted now.")


async def take_back_top_up(
    counter: Counter, wallet_id: str, amount: Money, *, bank: str, evidence: str, by: str
) -> tuple[Wallet, Entry]:
    """Take a top-up out of a wallet again, and tell its owner. Raises what `TakeBack` refuses."""
    now = counter.clock.now()
    return await counter.store.commit(
        TakeBack(wallet_id, amount, bank, evidence, by, now, counter.day(now), counter.words)
    )


async def take_back_set_aside(counter: Counter, amount: Money, *, bank: str, evidence: str, by: str) -> Entry:
    """Write down that money which no wallet could take was returned; its break is closed."""
    now = counter.clock.now()
    return await counter.store.commit(TakeBackSetAside(amount, bank, evidence, by, now, counter.day(now)))


@dataclass(frozen=True, slots=True)
class TakeBack:
    wallet_id: str
    amount: Money
    bank: str
    evidence: str
    by: str
    now: datetime
    day: date
    words: Words

    def wants(self) -> Sequence[Key[object]]:
        return Key(Wallet, (self.wallet_id,)), wanted_to_announce(self.wallet_id)

    def decide(self, book: Book) -> tuple[Wallet, Entry]:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        back = _Back("top_up", wallet_account(self.wallet_id), self.amount, self.bank, self.evidence)
        came = back.came(book)
        wallet = book.put(wallet.uncredit(self.amount))
        entry = back.post(came, book, at=self.now, day=self.day, by=self.by)
        said = _("{amount} has left your wallet and goes back to where it came from.").fill(amount=self.amount)
        announce(book, wallet, self.words.say(said, wallet.language), about=entry.key, now=self.now)
        return wallet, entry


@dataclass(frozen=True, slots=True)
class TakeBackSetAside:
    amount: Money
    bank: str
    evidence: str
    by: str
    now: datetime
    day: date

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> Entry:
        back = _Back("set_aside", "unidentified", self.amount, self.bank, self.evidence)
        came = back.came(book)
        opened = book.get(Break, came.key)
        if opened is not None:
            book.put(replace(opened, closed_at=self.now))
        return back.post(came, book, at=self.now, day=self.day, by=self.by)


@dataclass(frozen=True, slots=True)
class _Back:
    """What is to go back: the entry it came with, as it must have been."""

    kind: str
    account: str
    amount: Money
    bank: str
    evidence: str

    def came(self, book: Book) -> Entry:
        """The entry of the money's arrival, not undone yet and just of this amount in this account."""
        line = {"bank": self.bank, "evidence": self.evidence}
        if before := book.posted(f"take_back:{self.bank}:{self.evidence}"):
            raise WentBackBefore(**line, index=before.index)
        if moved := book.posted(f"book_line:{self.bank}:{self.evidence}"):
            raise Booked(**line, index=moved.index)
        came = book.posted(f"{self.kind}:{self.bank}:{self.evidence}")
        if came is None:
            raise NeverCame(**line)
        into = {posting.account: -posting.minor for posting in came.postings}
        if came.currency != self.amount.currency or into.get(self.account) != self.amount.minor:
            raise CameOtherwise(**line, index=came.index)
        return came

    def post(self, came: Entry, book: Book, *, at: datetime, day: date, by: str) -> Entry:
        back = journal.take_back(came, bank=self.bank, evidence=self.evidence, at=at, day=day, by=by)
        return book.post(back)
