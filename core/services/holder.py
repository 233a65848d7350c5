"""Who holds the phone: freeze a wallet when its SIM is new or its line was silent for long, and thaw it by proof.

Money still comes in. Only what was frozen here is thawed here: an operator's freeze is an operator's to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.chat import Link
from core.domain.line import AT_THE_COUNTER, ON_THE_PHONE, PROOF, Line
from core.domain.pin import WRONG_IN_A_ROW, WRONG_IN_ALL, PinTries, Verdict
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.shut_out import shut_out, wanted_to_shut_out
from core.text import _

DOUBTED = _(
    "Your SIM is new or was silent for long. You can pay again when you have proven who you are: dial {short_code}, "
    "or come to the counter."
)


@dataclass(frozen=True, slots=True)
class DoubtHolder:
    """Somebody else may hold the phone. `wallet` and `links` as last read; told on the phone and in each chat."""

    wallet: Wallet
    links: Sequence[Link]
    sim: str
    words: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        own = Key(Wallet, (self.wallet.wallet_id,)), Key(Line, (self.wallet.wallet_id,))
        return *own, *wanted_to_shut_out(self.wallet, self.links)

    def decide(self, book: Book) -> None:
        wallet = book.get(Wallet, self.wallet.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet.wallet_id}"
        line = (book.get(Line, wallet.wallet_id) or Line(wallet.wallet_id)).heard(self.sim)
        if wallet.state == "active":
            book.put(wallet.fire("freeze"))
            line = line.doubted(self.now)
        book.put(line)
        about = f"doubt:{wallet.wallet_id}:{self.now:%Y%m%d%H%M%S%f}"
        shut_out(book, wallet, self.links, self.words, about=about, now=self.now)


@dataclass(frozen=True, slots=True)
class HearSim:
    """The SIM of a line, told for the first time or under another key."""

    wallet_id: str
    sim: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Line, (self.wallet_id,)),)

    def decide(self, book: Book) -> None:
        book.put((book.get(Line, self.wallet_id) or Line(self.wallet_id)).heard(self.sim))


async def doubted_now(counter: Counter, wallet: Wallet, *, sim: str, silent: timedelta, now: datetime) -> bool:
    """Look at who speaks on a wallet's own line, after how long a silence; True when we have come to doubt it."""
    line = await counter.store.read(Line, wallet.wallet_id) or Line(wallet.wallet_id)
    if line.differs(sim) or silent > counter.terms.silence:
        words = counter.words.say(DOUBTED.fill(short_code=counter.short_code), wallet.language)
        links = await counter.store.links_of(wallet.wallet_id)
        await counter.store.commit(DoubtHolder(wallet, links, sim, words, now))
        return True
    if line.heard(sim) != line:
        await counter.store.commit(HearSim(wallet.wallet_id, sim))
    return False


@dataclass(frozen=True, slots=True)
class Proven:
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class NotProven:
    """Not what she told us; the try was counted. With none `left`, only the counter can help."""

    left: int


@dataclass(frozen=True, slots=True)
class ProveHolder:
    """A proof of identity given on the phone, compared with the hash already: three tries, and no more here."""

    wallet_id: str
    right: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Wallet, (self.wallet_id,)), Key(Line, (self.wallet_id,)), Key(PinTries, self._key)

    def decide(self, book: Book) -> Proven | NotProven:
        wallet, line = book.get(Wallet, self.wallet_id), book.get(Line, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        tries = book.get(PinTries, *self._key) or PinTries(*self._key)
        if line is None or line.doubted_at is None or wallet.state != "frozen" or tries.wrong >= WRONG_IN_A_ROW:
            return NotProven(0)
        if not self.right:
            book.put(replace(tries, wrong=tries.wrong + 1))
            return NotProven(WRONG_IN_A_ROW - tries.wrong - 1)
        if tries.wrong:
            book.put(tries.forgotten())
        book.put(line.believed())
        return Proven(book.put(replace(wallet.fire("thaw"), pin_reset_at=self.now)))

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.wallet_id, PROOF, ON_THE_PHONE


async def may_prove(counter: Counter, wallet_id: str) -> bool:
    """Whether a proof may still be given on the phone."""
    tries = await counter.store.read(PinTries, wallet_id, PROOF, ON_THE_PHONE)
    return tries is None or tries.wrong < WRONG_IN_A_ROW


async def in_doubt(counter: Counter, wallet: Wallet) -> bool:
    """Whether a wallet is frozen because we do not know who holds its phone."""
    line = await counter.store.read(Line, wallet.wallet_id) if wallet.state == "frozen" else None
    return line is not None and line.doubted_at is not None


@dataclass(frozen=True, slots=True)
class ProofAtCounter:
    """The same proof said at the counter, where somebody might try all years there are.

    Three tries, then pauses as for a PIN; after the longest one, a day for each try more.
    """

    wallet_id: str
    right: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(PinTries, self._key),)

    def decide(self, book: Book) -> tuple[PinTries, Verdict]:
        known = book.get(PinTries, *self._key) or PinTries(*self._key)
        before = replace(known, wrong=min(known.wrong, WRONG_IN_ALL - 2))
        tries, verdict = before.after(right=self.right, now=self.now, proven=False)
        return (book.put(tries) if tries != before else known), verdict

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.wallet_id, PROOF, AT_THE_COUNTER
