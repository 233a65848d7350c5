"""A call was cut off in the middle: a word into the chat, where the same talk goes on with one tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.chat import Chat
from core.domain.message import Message, Offer, offers_of
from core.ports import Book, Key


@dataclass(frozen=True, slots=True)
class OfferToGoOn:
    """One message a call; `label` is what the button says, `leads` where it goes."""

    wallet_id: str
    call: str
    words: str
    label: str
    leads: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Chat, (self.wallet_id,)),)

    def decide(self, book: Book) -> None:
        chat, about = book.get(Chat, self.wallet_id), f"go_on:{self.call}"
        if chat is None or not chat.open or book.get(Message, about) is not None:
            return
        said = Message(about, self.wallet_id, chat.address, self.words, self.now, due_at=self.now)
        book.put(replace(said, channel=chat.channel, offers=offers_of(Offer(self.leads, self.label))))
