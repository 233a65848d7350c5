"""Write a message into the outbox, in the commit of what it tells: into the chat where there is one, else by SMS.

What was paid from a phone is told there too. A short message costs money, so nothing else is said twice.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.chat import Chat
from core.domain.message import SMS, Message
from core.domain.wallet import Wallet
from core.ports import Book, Key


def wanted_to_announce(wallet_id: str) -> Key[object]:
    """What a change that announces something reads besides its own records."""
    return Key(Chat, (wallet_id,))


def announce(
    book: Book, wallet: Wallet, words: str, *, about: str, now: datetime, payment_id: str = "", by_phone: bool = False
) -> None:
    """Tell a wallet's owner about one thing, once: `about` names it. With `by_phone` by SMS even beside a chat."""
    if book.get(Message, about) is not None:
        return
    chat = book.get(Chat, wallet.wallet_id)
    to_chat = chat is not None and chat.open
    if not to_chat or by_phone:
        book.put(Message(about, wallet.wallet_id, wallet.msisdn, words, now, due_at=now, payment_id=payment_id))
    if chat is not None and to_chat:
        into_chat(book, chat, words, about=f"{about}:chat" if by_phone else about, now=now, payment_id=payment_id)


def into_chat(book: Book, chat: Chat, words: str, *, about: str, now: datetime, payment_id: str = "") -> None:
    """Into the chat only: what is not worth a short message."""
    assert chat.channel != SMS
    if chat.open and book.get(Message, about) is None:
        book.put(
            Message(
                about,
                chat.wallet_id,
                chat.address,
                words,
                now,
                due_at=now,
                channel=chat.channel,
                payment_id=payment_id,
            )
        )
