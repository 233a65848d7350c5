"""Send after all what a chat's screen was to tell and did not: news is marked as told before the screen is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.message import Message
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.counter import Counter

# What was marked before that, a screen has shown.
NOT_LONG_AGO = timedelta(hours=1)
LOOKED_THROUGH = 20


async def tell_after_all(counter: Counter, channel: str, address: str, *, left: bool) -> int:
    """Of every wallet that is or was open there; by SMS when its owner `left`. Answers how many messages are due again.

    Some may have been seen. A token that is told twice is worth more than one that is told to nobody.
    """
    now = counter.clock.now()
    again = 0
    for link in await counter.store.links_at(channel, address):
        for payment in await counter.store.payments_of(link.wallet_id, limit=LOOKED_THROUGH):
            message = await counter.store.read(Message, f"{payment.state}:{payment.payment_id}")
            if message is not None and _may_be_unseen(message, channel, address, now):
                again += await counter.store.commit(SendAfterAll(message.message_id, link.wallet_id, left, now))
    return again


def _may_be_unseen(message: Message, channel: str, address: str, now: datetime) -> bool:
    there = (message.channel, message.to) == (channel, address)
    return there and message.left_to_screen and message.sent_at is not None and message.sent_at > now - NOT_LONG_AGO


@dataclass(frozen=True, slots=True)
class SendAfterAll:
    message_id: str
    wallet_id: str
    left: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Message, (self.message_id,)), Key(Wallet, (self.wallet_id,))

    def decide(self, book: Book) -> bool:
        message, wallet = book.get(Message, self.message_id), book.get(Wallet, self.wallet_id)
        assert message is not None and wallet is not None
        if not message.left_to_screen:
            return False
        untold = message.not_told(self.now)
        book.put(untold.by_sms(wallet.msisdn, self.now) if self.left else untold)
        return True
