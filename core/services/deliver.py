"""Send what waits in the outbox, at least once; what cannot be sent now is tried again, less and less often.

A message is claimed before it is handed over: its next try is written down first. So a store that takes nothing sends
nothing, where a mark made afterwards would have it sent again at every round; and two processes rarely send the same.

What is meant for a chat that is gone, or that its owner has closed meanwhile, goes to the phone. Only what nobody waits
for is given up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from core.domain.chat import Chat, Link
from core.domain.message import SMS, Lane, Message
from core.domain.msisdn import masked
from core.domain.payment import Payment
from core.domain.slip import Slip
from core.domain.wallet import Wallet
from core.ports import Book, ChatNotifier, Key, Later, Notifier, Overtaken, StoreDown, Unreachable
from core.refusal import Fault
from core.services.counter import Counter
from core.services.park import FailedAgain, message_named
from core.services.slips import receipt_slip

log = structlog.get_logger(__name__)

AT_ONCE: Mapping[Lane, int] = {Lane.PHONES: 20, Lane.CHATS: 20, Lane.PATIENT: 5}
NO_CHATS: Mapping[str, ChatNotifier] = {}
# What becomes of a message besides the reason why it stays.
SENT, ELSEWHERE = "", "another way"


async def deliver(
    counter: Counter,
    notifier: Notifier,
    chats: Mapping[str, ChatNotifier] = NO_CHATS,
    *,
    lanes: Sequence[Lane] = (*Lane,),
) -> int:
    """One round over the messages that are due, a lane after the other; answers how many went out.

    A lane that has rounds of its own waits for no other one.
    """
    return sum([await _deliver(counter, notifier, chats, lane) for lane in lanes])


async def _deliver(counter: Counter, notifier: Notifier, chats: Mapping[str, ChatNotifier], lane: Lane) -> int:
    now = counter.clock.now()
    if lane is Lane.PATIENT and not counter.terms.daytime.holds(now, counter.zone):
        return 0
    due = await counter.store.messages_due(now, lane=lane, limit=AT_ONCE[lane])
    if not due:
        return 0
    claimed = await counter.store.commit(ClaimMessages(tuple(one.message_id for one in due), now))
    fates = await asyncio.gather(*(_take(counter, notifier, chats, one) for one in claimed), return_exceptions=True)
    for fate in fates:
        if isinstance(fate, BaseException):
            raise fate
    if kept := [fate for fate in fates if fate not in (SENT, ELSEWHERE)]:
        log.warning("messages_not_sent", count=len(kept), why=kept[0])
    return fates.count(SENT)


async def _take(counter: Counter, notifier: Notifier, chats: Mapping[str, ChatNotifier], message: Message) -> str:
    """By the way the message is meant for: `SENT`, `ELSEWHERE`, or why it stays.

    Whoever sleeps over it until another process has claimed it writes nothing about it any more.
    """
    try:
        return await _told(counter, notifier, chats, message)
    except Overtaken:
        return "another process has taken it over"
    except StoreDown:
        raise
    except Exception:
        # A bug about one message must not hold up the others; it is tried again later, and parked in the end.
        log.exception("message_failed", message_id=message.message_id)
        failing = await counter.store.commit(FailedAgain(message_named(message.message_id), counter.clock.now()))
        return "parked" if failing.parked else "a bug"


async def _told(counter: Counter, notifier: Notifier, chats: Mapping[str, ChatNotifier], message: Message) -> str:
    if message.channel != SMS and message.channel not in chats:
        return await _not_there(counter, message, left=False)
    try:
        await _hand_over(counter, notifier, chats, message)
    except Unreachable:
        return await _not_there(counter, message, left=True)
    except Later as later:
        until = counter.clock.now() + timedelta(seconds=later.seconds)
        await counter.store.commit(PutOffMessage(message, until))
        return ELSEWHERE
    except Fault as fault:
        return str(fault) or type(fault).__name__
    await counter.store.commit(MarkSent(message, counter.clock.now()))
    return SENT


async def _hand_over(counter: Counter, notifier: Notifier, chats: Mapping[str, ChatNotifier], message: Message) -> None:
    if message.channel == SMS:
        await notifier.send(message.to, message.words, message_id=message.message_id)
        return
    link = await counter.store.read(Link, message.channel, message.to, message.wallet_id)
    if link is None or not (link.open or message.farewell):
        raise Unreachable  # whoever reads there now, it is not for her
    await chats[message.channel].send(
        message.to,
        await _addressed(counter, message),
        slip=await _slip(counter, message),
        offers=tuple(offer.marked(message.wallet_id) for offer in message.offered),
        patient=message.patient,
        message_id=message.message_id,
    )


async def _addressed(counter: Counter, message: Message) -> str:
    """Where several people share a chat, whose wallet it is about comes first."""
    links = await counter.store.links_at(message.channel, message.to)
    if sum(link.open for link in links) < 2:
        return message.words
    wallet = await counter.store.read(Wallet, message.wallet_id)
    assert wallet is not None, f"no wallet {message.wallet_id}"
    return f"👤 {masked(wallet.msisdn)}\n{message.words}"


async def _slip(counter: Counter, message: Message) -> Slip | None:
    """The receipt of what was bought, where the message tells of it and it still stands."""
    payment = await counter.store.read(Payment, message.payment_id) if message.payment_id else None
    wallet = await counter.store.read(Wallet, message.wallet_id)
    if payment is None or wallet is None or payment.state != "captured":
        return None
    return await receipt_slip(payment, counter, wallet.language)


async def _not_there(counter: Counter, message: Message, *, left: bool) -> str:
    """She does not read in that chat: she left or closed it, or this counter has no way into it just now."""
    fate = await counter.store.commit(TurnToPhone(message, left, counter.clock.now()))
    log.info("chat_not_reached", channel=message.channel, wallet_id=message.wallet_id, left=left, instead=fate)
    return ELSEWHERE


@dataclass(frozen=True, slots=True)
class ClaimMessages:
    """Put the next try of each off; answers those that nobody else has claimed meanwhile."""

    message_ids: tuple[str, ...]
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return tuple(Key(Message, (message_id,)) for message_id in self.message_ids)

    def decide(self, book: Book) -> list[Message]:
        found = [book.get(Message, message_id) for message_id in self.message_ids]
        return [book.put(one.claimed(self.now)) for one in found if one is not None and one.is_due(self.now)]


@dataclass(frozen=True, slots=True)
class MarkSent:
    """`message` as it was claimed, here and below: one that was claimed again since then is `Overtaken`."""

    message: Message
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Message, (self.message.message_id,)),)

    def decide(self, book: Book) -> Message:
        return book.put(self.message.sent(self.now))


@dataclass(frozen=True, slots=True)
class PutOffMessage:
    """The network named a time to try again; that it took nothing now is no failure."""

    message: Message
    until: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Message, (self.message.message_id,)),)

    def decide(self, book: Book) -> Message:
        return book.put(self.message.put_off(self.until))


@dataclass(frozen=True, slots=True)
class TurnToPhone:
    """Send by SMS what was meant for a chat, or give it up if nobody waits for it; answers which.

    When the person `left`, nothing more is written into that chat. It stays open where only our own way is missing.
    """

    message: Message
    left: bool
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        message_id, wallet_id = self.message.message_id, self.message.wallet_id
        return Key(Message, (message_id,)), Key(Wallet, (wallet_id,)), Key(Chat, (wallet_id,))

    def decide(self, book: Book) -> str:
        message, wallet = self.message, book.get(Wallet, self.message.wallet_id)
        assert wallet is not None
        chat = book.get(Chat, message.wallet_id)
        if self.left and chat and (chat.channel, chat.address) == (message.channel, message.to):
            book.put(replace(chat, address=""))
        book.put(message.given_up() if message.dispensable else message.by_sms(wallet.msisdn, self.now))
        return "nothing" if message.dispensable else SMS
