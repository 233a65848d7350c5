"""What two operators decide about a line of a bank's statement: against which account it is booked.

A rule may have named the account already; else they name it. What came in was set aside, so it moves from there, into a
customer's wallet for instance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.approval import Proposal
from core.domain.bank_line import BankLine
from core.domain.bank_sorting import WAITS
from core.domain.evidence import Break
from core.domain.journal import CHART, book_line
from core.domain.money import Money
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.announce import announce
from core.services.approve import Action, Table
from core.services.counter import Counter
from core.services.decide_payment import memo_of, not_possible
from core.text import _

# What a line may be booked against. Into a wallet only what came in; a wallet pays nobody by a bank's statement.
AGAINST = frozenset({"cost", "interest", "capital", "payable", "deposit", "claim", "loss"})
# Of these there is one; the others are somebody's.
ALONE = frozenset({"capital"})


@dataclass(frozen=True, slots=True)
class BookLine(Action):
    """`loket review decide break:line:BCA:FT1 book`, with `account` in the detail where no rule named it."""

    counter: Counter

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        _, _, name = subject_id.partition(":")
        bank, _, evidence = name.partition(":")
        return Key(Break, (subject_id,)), Key(BankLine, (bank, evidence))

    def check(self, proposal: Proposal, book: Book) -> None:
        line = _line(proposal, book)
        opened = book.get(Break, proposal.subject_id)
        if opened is None or opened.closed_at is not None:
            raise not_possible(proposal, "there is no such break." if opened is None else "it is closed.")
        if line.minor < 0 and line.sort not in WAITS:
            raise not_possible(proposal, f"a line that is {line.sort} is not booked like this.")
        if line.minor > 0 and not line.entry_key.startswith("set_aside:"):
            raise not_possible(proposal, "its money is not set aside.")
        if book.posted(f"take_back:{line.bank}:{line.evidence}") is not None:
            raise not_possible(proposal, "its money went back.")
        self._check_account(proposal, line, book)

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        line = _line(proposal, book)
        account = _account(proposal, line)
        entry = book.post(
            book_line(
                account,
                Money(line.minor, line.currency),
                through="unidentified" if line.minor > 0 else f"bank:{line.bank}",
                bank=line.bank,
                evidence=line.evidence,
                at=now,
                day=day,
                by=memo_of(proposal, by),
            )
        )
        if account.startswith("wallet:"):
            self._credit(account.partition(":")[2], Money(line.minor, line.currency), entry.key, book, now)
        opened = book.get(Break, proposal.subject_id)
        assert opened is not None
        book.put(replace(opened, closed_at=now))
        book.put(replace(line, against=account, entry_key=line.entry_key or entry.key))
        return f"Posted as entry {entry.index}, against {account}. The break is closed."

    def _check_account(self, proposal: Proposal, line: BankLine, book: Book) -> None:
        account = _account(proposal, line)
        kind, _, whose = account.partition(":")
        if kind == "wallet":
            wallet = book.get(Wallet, whose)
            if line.minor < 0 or wallet is None or not wallet.receives or wallet.currency != line.currency:
                raise not_possible(proposal, f"{account} cannot take it.")
        elif kind not in AGAINST or kind not in CHART or bool(whose) == (kind in ALONE):
            possible = ", ".join(["wallet:…", *(f"{one}:…" for one in sorted(AGAINST - ALONE)), *ALONE])
            raise not_possible(proposal, f"name an account: {possible}.")

    def _credit(self, wallet_id: str, amount: Money, about: str, book: Book, now: datetime) -> None:
        wallet = book.get(Wallet, wallet_id)
        assert wallet is not None
        wallet = book.put(wallet.credit(amount))
        said = _("{amount} has come into your wallet.").fill(amount=amount)
        announce(book, wallet, self.counter.words.say(said, wallet.language), about=about, now=now)


def _line(proposal: Proposal, book: Book) -> BankLine:
    _, _, name = proposal.subject_id.partition(":")
    bank, _, evidence = name.partition(":")
    line = book.get(BankLine, bank, evidence)
    if line is None:
        raise not_possible(proposal, "there is no such line of a bank.")
    return line


def _account(proposal: Proposal, line: BankLine) -> str:
    """As they say, or as a rule has it."""
    return proposal.details.get("account", "") or line.against


OF_BANK_LINES: Table = {"book": BookLine}
