"""Tries of a PIN are counted in the commit of the turn that made them, whatever else that turn decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.chat import Chat, Link
from core.domain.line import AT_THE_COUNTER, ON_THE_PHONE, PROOF
from core.domain.message import COPY, Message
from core.domain.msisdn import PHONE
from core.domain.pin import PinTries, Place, Verdict
from core.domain.wallet import Wallet
from core.ports import Book, Key, SavedSession
from core.refusal import Refusal
from core.services.announce import into_chat, wanted_to_announce
from core.services.counter import Counter
from core.services.shut_out import end_talks, places_of, shut_out, wanted_to_shut_out
from core.text import _

# Channels that tell by themselves whose wallet it is, so that tries there have no address.
BY_NUMBER = (PHONE, "voice")


@dataclass(frozen=True, slots=True)
class PinTry:
    """One PIN that was typed, compared with the hash already. Counted in the order of commits, bursts included.

    `anew` is its hash under the newest pepper in place of `outdated`, where the wallet's is under an older one.
    """

    wallet_id: str
    place: Place
    right: bool
    now: datetime
    anew: str = field(default="", repr=False)
    outdated: str = field(default="", repr=False)

    def wants(self) -> Sequence[Key[object]]:
        return Key(PinTries, self._key), Key(Wallet, (self.wallet_id,))

    def decide(self, book: Book) -> Refusal | None:
        """The refusal, or None for a right PIN. Does not raise: the count must be written either way."""
        known = book.get(PinTries, *self._key)
        tries, verdict = (known or PinTries(*self._key)).after(right=self.right, now=self.now, proven=self.place.proven)
        if known is None or tries != known:
            tries = book.put(tries)
        if verdict is Verdict.LOCKED:
            self._lock(book)
        if verdict is Verdict.RIGHT and self.anew:
            self._hash_anew(book)
        return tries.refusal(verdict)

    def _lock(self, book: Book) -> None:
        wallet = book.get(Wallet, self.wallet_id)
        if wallet and wallet.state == "active":
            book.put(wallet.fire("lock"))

    def _hash_anew(self, book: Book) -> None:
        wallet = book.get(Wallet, self.wallet_id)
        if wallet and wallet.pin_hash == self.outdated:
            book.put(replace(wallet, pin_hash=self.anew))

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.wallet_id, self.place.channel, self.place.address


async def tried(counter: Counter, wallet: Wallet, pin: str, *, place: Place) -> PinTry:
    """Compare a PIN with the wallet's, off the event loop; the result has yet to be counted.

    It is compared during a pause as well, and as slowly, and hashed anew whether it is right or not: nobody learns from
    the clock which one was right.
    """
    known = wallet.pin_hash
    right = await counter.vault.matches(pin, known)
    anew = await counter.vault.hashed(pin) if counter.vault.outdated(known) else ""
    return PinTry(wallet.wallet_id, place, right and bool(known), counter.clock.now(), anew, known)


@dataclass(frozen=True, slots=True)
class SetPin:
    """A new PIN, chosen by its owner after a reset."""

    wallet_id: str
    pin_hash: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.wallet_id,)),)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        return book.put(replace(wallet, pin_hash=self.pin_hash))


@dataclass(frozen=True, slots=True)
class ChangePin:
    """A new PIN in place of one that was right. What was begun `elsewhere` is left.

    The phone is told in any case, by SMS, and the chat of what was done `by_phone`.
    """

    wallet_id: str
    pin_hash: str
    elsewhere: tuple[tuple[str, str], ...]
    by_phone: bool
    words: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        talks = (Key(SavedSession, place) for place in self.elsewhere)
        return Key(Wallet, (self.wallet_id,)), wanted_to_announce(self.wallet_id), *talks

    def decide(self, book: Book) -> Wallet:
        wallet = SetPin(self.wallet_id, self.pin_hash).decide(book)
        end_talks(book, self.elsewhere)
        about = f"pin:{self.wallet_id}:{self.now:%Y%m%d%H%M%S%f}"
        book.put(Message(about, wallet.wallet_id, wallet.msisdn, self.words, self.now, due_at=self.now))
        chat = book.get(Chat, self.wallet_id)
        if chat is not None and self.by_phone:
            into_chat(book, chat, self.words, about=f"{about}{COPY}", now=self.now)
        return wallet


PIN_CHANGED = _("Your PIN was changed. Was it not you? Dial and choose 7.")


async def change_pin(counter: Counter, wallet_id: str, pin_hash: str, *, here: tuple[str, str]) -> ChangePin:
    """The change of a PIN that is made `here`, at a channel and address."""
    wallet = await counter.store.read(Wallet, wallet_id)
    assert wallet is not None, f"no wallet {wallet_id}"
    places = places_of(wallet, await counter.store.links_of(wallet_id))
    words = counter.words.say(PIN_CHANGED, wallet.language)
    elsewhere = tuple(place for place in places if place != here)
    return ChangePin(wallet_id, pin_hash, elsewhere, here[0] == PHONE, words, counter.clock.now())


@dataclass(frozen=True, slots=True)
class ResetPin:
    """Forget a PIN after proof of identity: the owner chooses a new one when she dials next, with a cap for a day.

    `wallet` and `links` as last read. Who has talked the counter into it finds no chat open, and its owner is told.
    """

    wallet: Wallet
    links: Sequence[Link]
    words: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        places = (Key(PinTries, (self.wallet.wallet_id, *place)) for place in self._places)
        return Key(Wallet, (self.wallet.wallet_id,)), *places, *wanted_to_shut_out(self.wallet, self.links)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet.wallet_id}"
        if wallet.state == "locked":
            wallet = wallet.fire("unlock")
        for place in self._places:
            if tries := book.get(PinTries, wallet.wallet_id, *place):
                book.put(tries.forgotten())
        about = f"reset:{wallet.wallet_id}:{self.now:%Y%m%d%H%M%S%f}"
        shut_out(book, wallet, self.links, self.words, about=about, now=self.now)
        return book.put(replace(wallet, pin_hash="", pin_reset_at=self.now))

    @property
    def _places(self) -> list[tuple[str, str]]:
        chats = [(one.channel, one.address) for one in self.links]
        return [*((name, "") for name in BY_NUMBER), *chats, (PROOF, ON_THE_PHONE), (PROOF, AT_THE_COUNTER)]


PIN_RESET = _("Your PIN was reset. Choose a new one: dial {short_code}. Was it not you? Come to the counter at once.")


async def reset_pin(counter: Counter, wallet_id: str) -> Wallet:
    """Reset the PIN of somebody whom the counter has seen."""
    wallet = await counter.store.read(Wallet, wallet_id)
    assert wallet is not None, f"no wallet {wallet_id}"
    links = await counter.store.links_of(wallet_id)
    words = counter.words.say(PIN_RESET.fill(short_code=counter.short_code), wallet.language)
    return await counter.store.commit(ResetPin(wallet, links, words, counter.clock.now()))
