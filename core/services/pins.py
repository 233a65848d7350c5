"""Tries of a PIN are counted in the commit of the turn that made them, whatever else that turn decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.pin import PinTries, Verdict
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.refusal import Refusal
from core.services.counter import Counter


@dataclass(frozen=True, slots=True)
class PinTry:
    """One PIN that was typed, compared with the hash already. Counted in the order of commits, bursts included."""

    wallet_id: str
    channel: str
    right: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(PinTries, (self.wallet_id, self.channel)), Key(Wallet, (self.wallet_id,))

    def decide(self, book: Book) -> Refusal | None:
        """The refusal, or None for a right PIN. Does not raise: the count must be written either way."""
        known = book.get(PinTries, self.wallet_id, self.channel)
        tries, verdict = (known or PinTries(self.wallet_id, self.channel)).after(right=self.right, now=self.now)
        if known is None or tries != known:
            tries = book.put(tries)
        if verdict is Verdict.LOCKED:
            self._lock(book)
        return tries.refusal(verdict)

    def _lock(self, book: Book) -> None:
        wallet = book.get(Wallet, self.wallet_id)
        if wallet and wallet.state == "active":
            book.put(wallet.fire("lock"))


async def tried(counter: Counter, wallet: Wallet, pin: str, *, channel: str) -> PinTry:
    """Compare a PIN with the wallet's, off the event loop; the result has yet to be counted."""
    right = await counter.vault.matches(pin, wallet.pin_hash)
    return PinTry(wallet.wallet_id, channel, right and bool(wallet.pin_hash), counter.clock.now())


@dataclass(frozen=True, slots=True)
class SetPin:
    """A new PIN, chosen by its owner: after the old one was right, or after a reset."""

    wallet_id: str
    pin_hash: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.wallet_id,)),)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        return book.put(replace(wallet, pin_hash=self.pin_hash))


@dataclass(frozen=True, slots=True)
class ResetPin:
    """Forget a PIN after proof of identity: the owner chooses a new one when she dials next, with a cap for a day."""

    wallet_id: str
    channels: tuple[str, ...]
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Wallet, (self.wallet_id,)), *(Key(PinTries, (self.wallet_id, name)) for name in self.channels)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        if wallet.state == "locked":
            wallet = wallet.fire("unlock")
        for channel in self.channels:
            if tries := book.get(PinTries, self.wallet_id, channel):
                book.put(replace(tries, wrong=0, paused_until=None))
        return book.put(replace(wallet, pin_hash="", pin_reset_at=self.now))
