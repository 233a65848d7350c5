"""A store with something of one customer in it, and every way of reading it again."""

from __future__ import annotations

from adapters.database.store import DatabaseStore, open_store
from core.domain.chat import Link
from core.domain.message import Message
from core.domain.payee import Payee
from core.domain.wallet import Wallet
from core.ports import Contact
from tests.adapters.database.changes import NOW, a_wallet, put

OLD, NEW = b"the-field-key-of-last-year", b"the-field-key-of-this-year"
NUMBER, NAME, REFERENCE, TOKEN = "+6281234567890", "WANJIKU NJERI", "530000000001", "1234 5678 9012 3456 7890"


def a_message(number: int, words: str, *, to: str = NUMBER) -> Message:
    return Message(f"captured:p{number}", "w1", to, words, NOW, NOW)


def a_payee(reference: str = REFERENCE) -> Payee:
    return Payee("w1", "pln", reference, NAME, "p1", NOW)


A_LINK = Link("telegram", "99887766", "w1", NAME, NOW)
A_CONTACT = Contact("ussd", NUMBER, "w1", NOW)


async def filled(url: str, keys: dict[int, bytes]) -> None:
    async with open_store(url, owner=True, keys=keys) as store:
        await store.commit(put(a_wallet(), A_CONTACT, a_payee(), A_LINK, a_message(1, f"Token {TOKEN}")))


async def read(store: DatabaseStore) -> tuple[object, ...]:
    """What `filled` put there, by every way of reading."""
    wallet, contact = await store.read(Wallet, "w1"), await store.read(Contact, "ussd", NUMBER)
    assert wallet
    assert contact
    [message], [link] = await store.messages_to("w1", limit=9), await store.links_at("telegram", "99887766")
    assert [link] == list(await store.links_of("w1"))
    assert await store.payees_of("w1", limit=9) == [await store.read(Payee, "w1", "pln", REFERENCE)]
    async with store.snapshot() as snapshot:
        assert [one async for one in snapshot.every(Message)] == [message]
    return wallet.msisdn, contact.address, message.words, link.address, link.name


ALL = (NUMBER, NUMBER, f"Token {TOKEN}", "99887766", NAME)
