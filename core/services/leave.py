"""Whoever blocks us in a chat hears from us on the phone again. Her wallet stays open there, should she come back.

When she does, she hears from us there again. What a screen was to tell her last goes to the phone as well: she may have
left before it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.chat import Chat, Link
from core.ports import Book, Key
from core.services.counter import Counter
from core.services.tell_after_all import tell_after_all


async def leave(counter: Counter, channel: str, address: str) -> int:
    """Send nothing more to an address; answers whose messages, by number, went there."""
    links = [link for link in await counter.store.links_at(channel, address) if link.open]
    closed = [await counter.store.commit(CloseChat(link.wallet_id, channel, address)) for link in links]
    await tell_after_all(counter, channel, address, left=True)
    return sum(closed)


async def come_back(counter: Counter, channel: str, address: str) -> int:
    """Write to an address again, of wallets that are open there and are told nothing in any chat; answers how many."""
    links = [link for link in await counter.store.links_at(channel, address) if link.open]
    chats = [await counter.store.read(Chat, link.wallet_id) for link in links]
    untold = [chat.wallet_id for chat in chats if chat and not chat.open]
    return sum([await counter.store.commit(OpenChat(wallet_id, channel, address)) for wallet_id in untold])


@dataclass(frozen=True, slots=True)
class CloseChat:
    wallet_id: str
    channel: str
    address: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Chat, (self.wallet_id,)),)

    def decide(self, book: Book) -> bool:
        chat = book.get(Chat, self.wallet_id)
        if chat is None or (chat.channel, chat.address) != (self.channel, self.address):
            return False
        book.put(replace(chat, address=""))
        return True


@dataclass(frozen=True, slots=True)
class OpenChat:
    wallet_id: str
    channel: str
    address: str

    def wants(self) -> Sequence[Key[object]]:
        return Key(Chat, (self.wallet_id,)), Key(Link, (self.channel, self.address, self.wallet_id))

    def decide(self, book: Book) -> bool:
        chat, link = book.get(Chat, self.wallet_id), book.get(Link, self.channel, self.address, self.wallet_id)
        if chat is None or chat.open or link is None or not link.open:
            return False
        book.put(replace(chat, channel=self.channel, address=self.address))
        return True
