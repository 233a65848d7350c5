"""Open a wallet at a chat, and close it there again.

The chat asks, the phone allows: the owner sees on her own phone who asks, types her PIN, and reads a code there that
only this chat can use, once, within ten minutes. Who knows a number gets nothing by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.chat import CODE_LASTS, Chat, Link, LinkRequest
from core.domain.message import Message
from core.domain.pin import PinTries
from core.domain.wallet import Wallet, WalletCannotPay
from core.ports import Book, Contact, Key, Words
from core.refusal import Refusal
from core.text import _

LONGEST_NAME = 30


class RequestOver(Refusal):
    text = _("This question has run out. Please begin again in the chat.")


class WrongCode(Refusal):
    text = _("That code is not right. Look at it again on your phone.")


class TooManyCodes(Refusal):
    text = _("Too many wrong codes. Please begin again.")


def legible(name: str) -> str:
    """What a network calls somebody, short and on one line: it is shown on another person's phone."""
    plain = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(plain.split())[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class RequestLink:
    """A chat asks for a wallet; a newer question takes the place of an older one.

    A chat whose question was refused is silent for a day, and is not told so.
    """

    wallet_id: str
    channel: str
    address: str
    name: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(LinkRequest, (self.wallet_id,)),)

    def decide(self, book: Book) -> LinkRequest:
        known = book.get(LinkRequest, self.wallet_id)
        if known is not None and known.silences(self.channel, self.address, self.now):
            return known
        asked = LinkRequest(
            self.wallet_id,
            self.channel,
            self.address,
            legible(self.name),
            code_hash="",
            good_until=self.now + CODE_LASTS,
            version=known.version if known else 0,
        )
        return book.put(asked)


@dataclass(frozen=True, slots=True)
class AllowLink:
    """The owner allowed it, on her own phone and with her PIN: from now on the code counts."""

    wallet_id: str
    address: str
    code_hash: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(LinkRequest, (self.wallet_id,)), Key(Wallet, (self.wallet_id,))

    def decide(self, book: Book) -> LinkRequest:
        request, wallet = book.get(LinkRequest, self.wallet_id), book.get(Wallet, self.wallet_id)
        if request is None or not request.open_at(self.now) or request.address != self.address:
            raise RequestOver
        if wallet is None or wallet.state == "frozen":
            raise WalletCannotPay
        return book.put(replace(request, code_hash=self.code_hash, good_until=self.now + CODE_LASTS))


@dataclass(frozen=True, slots=True)
class RefuseLink:
    """The owner does not know who asks."""

    wallet_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(LinkRequest, (self.wallet_id,)),)

    def decide(self, book: Book) -> None:
        request = book.get(LinkRequest, self.wallet_id)
        if request is not None:
            book.put(request.refused(self.now))


@dataclass(frozen=True, slots=True)
class Linked:
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class NotLinked:
    """Not this code, not here, or not any more: one outcome, so that nobody learns which. The try was counted.

    It is no refusal, which would forget the count.
    """


@dataclass(frozen=True, slots=True)
class UseCode:
    """A code was typed in the chat that asked, compared with the hash already; counted in the commit."""

    wallet_id: str
    channel: str
    address: str
    right: bool
    now: datetime
    words: Words

    def wants(self) -> Sequence[Key[object]]:
        return (
            Key(LinkRequest, (self.wallet_id,)),
            Key(Wallet, (self.wallet_id,)),
            Key(Link, (self.channel, self.address, self.wallet_id)),
            Key(Contact, (self.channel, self.address)),
            Key(Chat, (self.wallet_id,)),
            Key(PinTries, (self.wallet_id, self.channel, self.address)),
        )

    def decide(self, book: Book) -> Linked | NotLinked:
        request, wallet = book.get(LinkRequest, self.wallet_id), book.get(Wallet, self.wallet_id)
        mine = request is not None and (request.channel, request.address) == (self.channel, self.address)
        if request is None or wallet is None or not mine or not request.open_at(self.now) or wallet.state == "frozen":
            return NotLinked()
        if not (self.right and request.code_hash):
            book.put(replace(request, tries=request.tries + 1))
            return NotLinked()
        book.put(request.closed(self.now))
        self._link(request.name, book)
        self._tell(request.name, wallet, book)
        return Linked(wallet)

    def _link(self, name: str, book: Book) -> None:
        before = book.get(Link, self.channel, self.address, self.wallet_id)
        version = before.version if before else 0
        book.put(Link(self.channel, self.address, self.wallet_id, name, since=self.now, version=version))
        seat_at(book, self.channel, self.address, self.wallet_id, self.now)
        # Its owner has just typed her PIN on her own phone for this chat: what was tried wrongly here is forgiven.
        if tries := book.get(PinTries, self.wallet_id, self.channel, self.address):
            book.put(tries.forgotten())

    def _tell(self, name: str, wallet: Wallet, book: Book) -> None:
        """By SMS whatever else is there: it is the owner who must hear of it, not the chat."""
        said = _("Your wallet is now open in a chat: {name}. Was it not you? Dial, choose Settings, then Chats.")
        words = self.words.say(said.fill(name=name), wallet.language)
        about = f"link:{self.wallet_id}:{self.now:%Y%m%d%H%M%S%f}"
        book.put(Message(about, wallet.wallet_id, wallet.msisdn, words, self.now, due_at=self.now))


def seat_at(book: Book, channel: str, address: str, wallet_id: str, now: datetime) -> None:
    """From now on this person is who speaks there, and her messages come there."""
    contact, chat = book.get(Contact, channel, address), book.get(Chat, wallet_id)
    book.put(Contact(channel, address, wallet_id, now, contact.version if contact else 0))
    book.put(Chat(wallet_id, channel, address, chat.version if chat else 0))


@dataclass(frozen=True, slots=True)
class SwitchTo:
    """Another of those whose wallet is open at a chat has the phone in her hand."""

    channel: str
    address: str
    wallet_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (
            Key(Link, (self.channel, self.address, self.wallet_id)),
            Key(Wallet, (self.wallet_id,)),
            Key(Contact, (self.channel, self.address)),
        )

    def decide(self, book: Book) -> Wallet:
        link, wallet = book.get(Link, self.channel, self.address, self.wallet_id), book.get(Wallet, self.wallet_id)
        contact = book.get(Contact, self.channel, self.address)
        assert link is not None and link.open and wallet is not None, "only who is listed can be chosen"
        book.put(Contact(self.channel, self.address, self.wallet_id, self.now, contact.version if contact else 0))
        return wallet


@dataclass(frozen=True, slots=True)
class Unlink:
    """Close a wallet at a chat, from there or from any other place of its owner's. What is open there ends with it."""

    channel: str
    address: str
    wallet_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Link, (self.channel, self.address, self.wallet_id)), Key(Chat, (self.wallet_id,))

    def decide(self, book: Book) -> None:
        link, chat = book.get(Link, self.channel, self.address, self.wallet_id), book.get(Chat, self.wallet_id)
        if link is not None and link.open:
            book.put(link.left(self.now))
        if chat is not None and (chat.channel, chat.address) == (self.channel, self.address):
            book.put(replace(chat, address=""))
