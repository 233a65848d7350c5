"""Whoever blocks us in a chat hears from us on the phone again. Her wallet stays open there, should she come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.chat import Chat
from core.ports import Book, Key
from core.services.counter import Counter


async def leave(counter: Counter, channel: str, address: str) -> int:
    """Send nothing more to an address; answers whose messages, by number, went there."""
    links = [link for link in await counter.store.links_at(channel, address) if link.open]
    closed = [await counter.store.commit(CloseChat(link.wallet_id, channel, address)) for link in links]
    return sum(closed)


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
