"""Write a message into the outbox, in the commit of what it tells: into the chat where there is one, else by SMS.

What was paid from a phone is told there too. A short message costs money, so nothing else is said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.chat import Chat
from core.domain.message import COPY, SMS, Message, Offer, offers_of
from core.domain.wallet import Wallet
from core.ports import Book, Key

# So long the screen of a chat has to tell it first.
SCREEN_HAS = timedelta(seconds=4)


def wanted_to_announce(wallet_id: str) -> Key[object]:
    """What a change that announces something reads besides its own records."""
    return Key(Chat, (wallet_id,))


def announce(
    book: Book,
    wallet: Wallet,
    words: str,
    *,
    about: str,
    now: datetime,
    payment_id: str = "",
    by_phone: bool = False,
    screen_first: bool = False,
) -> None:
    """Tell a wallet's owner about one thing, once: `about` names it. With `by_phone` by SMS even beside a chat.

    `screen_first` when she waits in the chat to be told on its screen: then the message is not sent (`SaveTurn`).
    """
    if book.get(Message, about) is not None:
        return
    chat = book.get(Chat, wallet.wallet_id)
    to_chat = chat is not None and chat.open
    if not to_chat or by_phone:
        book.put(Message(about, wallet.wallet_id, wallet.msisdn, words, now, due_at=now, payment_id=payment_id))
    if chat is not None and to_chat:
        about = f"{about}{COPY}" if by_phone else about
        due_at = now + SCREEN_HAS if screen_first else now
        _put(book, chat, Message(about, chat.wallet_id, chat.address, words, now, due_at, payment_id=payment_id))


def into_chat(
    book: Book,
    chat: Chat,
    words: str,
    *,
    about: str,
    now: datetime,
    offers: Sequence[Offer] = (),
    patient: bool = False,
) -> None:
    """Into the chat only: what is not worth a short message. A patient one waits for the day, and for all others."""
    offered = offers_of(*offers)
    _put(book, chat, Message(about, chat.wallet_id, chat.address, words, now, now, offers=offered, patient=patient))


def _put(book: Book, chat: Chat, message: Message) -> None:
    assert chat.channel != SMS
    if chat.open and book.get(Message, message.message_id) is None:
        book.put(replace(message, channel=chat.channel))
