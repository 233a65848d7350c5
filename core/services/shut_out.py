"""Close a wallet wherever it is open besides its phone: whoever spoke there must show again that it is hers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.chat import Chat, Link
from core.domain.message import FAREWELL, Message
from core.domain.msisdn import PHONE
from core.domain.wallet import Wallet
from core.ports import Book, Key, SavedSession


def wanted_to_shut_out(wallet: Wallet, links: Sequence[Link]) -> Iterator[Key[object]]:
    """What a change reads that shuts out; `links` are all of the wallet's, as last read."""
    yield Key(Chat, (wallet.wallet_id,))
    yield from (Key(Link, (one.channel, one.address, one.wallet_id)) for one in links)
    yield from (Key(SavedSession, place) for place in places_of(wallet, links))


def places_of(wallet: Wallet, links: Sequence[Link]) -> list[tuple[str, str]]:
    """Where talks of a wallet's owner may stand, by channel and address."""
    return [(PHONE, wallet.msisdn), *((one.channel, one.address) for one in links)]


def shut_out(book: Book, wallet: Wallet, links: Sequence[Link], words: str, *, about: str, now: datetime) -> None:
    """Close its chats, end every talk, and say why: to the phone, and for the last time into each chat."""
    for one in links:
        link = book.get(Link, one.channel, one.address, one.wallet_id)
        if link is not None and link.open:
            book.put(link.left(now))
            said = f"{FAREWELL}{about}:{link.channel}:{link.address}"
            book.put(Message(said, wallet.wallet_id, link.address, words, now, due_at=now, channel=link.channel))
    chat = book.get(Chat, wallet.wallet_id)
    if chat is not None and chat.open:
        book.put(replace(chat, address=""))
    end_talks(book, places_of(wallet, links))
    book.put(Message(about, wallet.wallet_id, wallet.msisdn, words, now, due_at=now))


def end_talks(book: Book, places: Sequence[tuple[str, str]]) -> None:
    """What was begun there is left: who comes back begins at the beginning."""
    for channel, address in places:
        saved = book.get(SavedSession, channel, address)
        if saved is not None and not saved.ended:
            book.put(replace(saved, ended=True))
