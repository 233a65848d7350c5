"""Stop a wallet, let it go again, or close it. One operator stops it at once; the rest takes two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Self

from core.domain.approval import NotPossible, Proposal
from core.domain.line import Line
from core.domain.payment import HOLDING, Payment
from core.domain.wallet import WALLET, Wallet
from core.ports import Book, Key
from core.services.announce import announce, wanted_to_announce
from core.services.approve import Action, Table
from core.services.counter import Counter
from core.text import _

TOLD = {
    "freeze": _("Your wallet was stopped: nobody can pay from it. Money still comes in. Please ask at the counter."),
    "thaw": _("You can pay from your wallet again."),
    "close": _("Your wallet is closed."),
}
# More than anybody can have on hold at a time.
LATEST = 200


@dataclass(frozen=True, slots=True)
class ByEvent(Action):
    """An event of a wallet's life cycle. `payments` are the latest that might need it to be there."""

    counter: Counter
    event: str
    alone_: bool = False
    payments: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        return self.alone_

    async def prepared(self, subject_id: str) -> Self:
        latest = await self.counter.store.payments_of(subject_id, limit=LATEST)
        return replace(self, payments=tuple(one.payment_id for one in latest if _needs_wallet(one)))

    def wants(self, subject_id: str) -> Sequence[Key[object]]:
        payments = (Key(Payment, (payment_id,)) for payment_id in self.payments)
        return Key(Wallet, (subject_id,)), Key(Line, (subject_id,)), wanted_to_announce(subject_id), *payments

    def check(self, proposal: Proposal, book: Book) -> None:
        wallet = book.get(Wallet, proposal.subject_id)
        if wallet is not None and self.event == "freeze" and _doubted(wallet, book):
            return
        if wallet is None or not WALLET.allows(wallet.state, self.event):
            raise _not_possible(proposal, f"it is {wallet.state}." if wallet else "there is no such wallet.")
        if self.event != "close":
            return
        if wallet.available_minor:
            raise _not_possible(proposal, "there is money in it.")
        found = [book.get(Payment, payment_id) for payment_id in self.payments]
        if waits := next((one for one in found if one is not None and _needs_wallet(one)), None):
            raise _not_possible(proposal, f"payment {waits.payment_id} is {waits.state}.")

    def decide(self, proposal: Proposal, book: Book, *, by: str, now: datetime, day: date) -> str:
        wallet = book.get(Wallet, proposal.subject_id)
        assert wallet is not None
        line = _doubted(wallet, book)
        if line is not None:
            book.put(line.believed())  # it is in operators' hands from now on: no proof of hers ends what they decide
        if line is None or self.event != "freeze":
            wallet = wallet.fire(self.event)
        if self.event == "thaw":
            wallet = replace(wallet, pin_reset_at=now)
        wallet = book.put(wallet)
        words = self.counter.words.say(TOLD[self.event], wallet.language)
        announce(book, wallet, words, about=f"{self.event}:{wallet.wallet_id}:{wallet.version}", now=now, by_phone=True)
        return f"The wallet is {wallet.state} now."


def _doubted(wallet: Wallet, book: Book) -> Line | None:
    """The line of a wallet that is frozen because nobody knows who holds its phone."""
    line = book.get(Line, wallet.wallet_id) if wallet.state == "frozen" else None
    return line if line is not None and line.doubted_at is not None else None


def _needs_wallet(payment: Payment) -> bool:
    return payment.state in HOLDING or payment.state in ("late", "disputed")


def _not_possible(proposal: Proposal, why: str) -> NotPossible:
    return NotPossible(action=proposal.action, subject=proposal.subject, why=why)


OF_WALLETS: Table = {
    "freeze": partial(ByEvent, event="freeze", alone_=True),
    "thaw": partial(ByEvent, event="thaw"),
    "close": partial(ByEvent, event="close"),
}
