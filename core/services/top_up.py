"""Money in: posted by the operator from a bank statement, once per bank and evidence number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.journal import Entry, fund_deposit, top_up
from core.domain.money import Money
from core.domain.wallet import Wallet
from core.ports import Book, Key, Words
from core.refusal import Refusal
from core.services.announce import announce, wanted_to_announce
from core.services.counter import Counter
from core.text import _


class PostedBefore(Refusal):
    text = _("{bank} {evidence} was posted before, as entry {index}. Nothing was posted now.")


class OtherCurrency(Refusal):
    text = _("This wallet holds {currency}.")


async def top_up_wallet(
    counter: Counter, wallet_id: str, amount: Money, *, bank: str, evidence: str, by: str
) -> tuple[Wallet, Entry]:
    """Credit a wallet with money seen on a bank statement, and tell its owner. Raises `PostedBefore`."""
    now = counter.clock.now()
    return await counter.store.commit(
        TopUp(wallet_id, amount, bank, evidence, by, now, counter.day(now), counter.words)
    )


async def fund_provider(counter: Counter, provider: str, amount: Money, *, bank: str, evidence: str, by: str) -> Entry:
    """Write down that our deposit at a provider was filled from a bank. Raises `PostedBefore`."""
    now = counter.clock.now()
    return await counter.store.commit(FundDeposit(provider, amount, bank, evidence, by, now, counter.day(now)))


@dataclass(frozen=True, slots=True)
class TopUp:
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
        if wallet.currency != self.amount.currency:
            raise OtherCurrency(currency=wallet.currency)
        entry = _post_once(
            top_up(
                self.wallet_id,
                self.amount,
                bank=self.bank,
                evidence=self.evidence,
                at=self.now,
                day=self.day,
                by=self.by,
            ),
            book,
            bank=self.bank,
            evidence=self.evidence,
        )
        wallet = book.put(wallet.credit(self.amount))
        said = self.words.say(_("{amount} has come into your wallet.").fill(amount=self.amount), wallet.language)
        announce(book, wallet, said, about=entry.key, now=self.now)
        return wallet, entry


@dataclass(frozen=True, slots=True)
class FundDeposit:
    provider: str
    amount: Money
    bank: str
    evidence: str
    by: str
    now: datetime
    day: date

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> Entry:
        entry = fund_deposit(
            self.provider,
            self.amount,
            bank=self.bank,
            evidence=self.evidence,
            at=self.now,
            day=self.day,
            by=self.by,
        )
        return _post_once(entry, book, bank=self.bank, evidence=self.evidence)


def _post_once(entry: Entry, book: Book, *, bank: str, evidence: str) -> Entry:
    if posted := book.posted(entry.key):
        raise PostedBefore(bank=bank, evidence=evidence, index=posted.index)
    return book.post(entry)
