"""Where a talk goes on: the newest of her places counts, moves to where she is, and ends where she was."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot import screens
from bot.transcripts import Update
from core.conversation.listen import Listener
from core.conversation.said import Opened, Reading, Said, Typed
from core.ports import Book, Contact, Key, SavedSession
from core.services.link import RequestLink, Unlink
from tests.support.chats import OpenedThere
from tests.support.counters import PIN, WANJIKU, Bench, bench
from tests.support.walk import Phone
from ussd.pages import UssdChannel

METER = "12345678901"
CHAT, OTHER_CHAT = "1001", "1002"
MENU = "What do you want to do?"
TO_PAY = "To pay, type your PIN."


@dataclass
class ChatPhone:
    """A chat, without a network."""

    listener: Listener
    address: str = CHAT
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def start(self, link: str = "", *, afresh: bool = False) -> str:
        return await self.says(Opened(link=link, afresh=afresh))

    async def type(self, *words: str) -> str:
        screen = ""
        for one in words:
            screen = await self.says(Typed(one))
        return screen

    async def says(self, reading: Reading) -> str:
        said = Said("telegram", self.address, "chat", Update(next(self.numbers), reading), "Wanjiku")
        page = await self.listener.listen(said)
        return "\n".join(screens.read(page.words).lines)


@dataclass
class Places:
    """One owner at two phones and her counter."""

    at: Bench
    phone: Phone
    chat: ChatPhone
    wallet_id: str

    async def dials(self, *words: str) -> str:
        page = await self.phone.dial()
        for one in words:
            page = await self.phone.type(one)
        return page.words

    async def spent(self) -> int:
        return len(
            [one for one in await self.at.store.payments_of(self.wallet_id, limit=10) if one.state == "captured"]
        )


@pytest.fixture
async def places(tmp_path: Path) -> AsyncIterator[Places]:
    async with bench(tmp_path) as at:
        wallet = await at.customer()
        await at.store.commit(OpenedThere(wallet.wallet_id, CHAT, "Wanjiku", at.clock.now()))
        listener = Listener(at.counter, [UssdChannel(), screens.TelegramChannel()])
        phone = Phone(at)
        phone.listener = listener
        yield Places(at, phone, ChatPhone(listener), wallet.wallet_id)


async def test_from_the_phone_into_the_chat(places: Places):
    await places.dials("1", METER, "2")

    assert TO_PAY in await places.chat.start()
    assert "Token" in await places.chat.type(PIN)
    assert MENU in await places.dials() or await places.spent() == 1


async def test_from_the_chat_to_the_phone(places: Places):
    await places.chat.start()
    await places.chat.type("1", METER, "2")

    assert TO_PAY in await places.dials()
    assert "Token" in (await places.phone.type(PIN)).words
    assert await places.spent() == 1


async def test_the_place_that_was_left_is_over(places: Places):
    """What is typed there is heard as coming anew: it takes the talk back, and pays nothing."""
    await places.dials("1", METER, "2")
    await places.chat.start()

    assert TO_PAY in (await places.phone.type(PIN)).words
    assert await places.spent() == 0
    assert TO_PAY in await places.chat.type(PIN)
    assert await places.spent() == 0
    assert "Token" in await places.chat.type(PIN)
    assert await places.spent() == 1


async def test_the_newest_of_two_counts(places: Places):
    await places.dials("1")
    places.at.clock.pass_by(seconds=1)
    await places.chat.start(afresh=True)
    await places.chat.type("2")
    places.at.clock.pass_by(seconds=1)

    screen = await places.dials()

    assert "meter number" not in screen
    assert "airtime" in screen.lower() or "For whom" in screen or "phone" in screen.lower()


async def test_what_is_half_an_hour_old_is_not_taken_along(places: Places):
    await places.dials("1", METER, "2")
    places.at.clock.pass_by(minutes=31)

    assert await places.chat.start() == MENU


async def test_what_only_a_pin_opens_is_not_taken_along(places: Places):
    await places.dials("5", PIN)

    assert "Rp" not in await places.chat.start()


async def test_afresh_leaves_the_other_place_alone(places: Places):
    await places.dials("1", METER, "2")

    assert await places.chat.start(afresh=True) == MENU
    assert "Token" in (await places.phone.type(PIN)).words


async def test_a_command_takes_nothing_along(places: Places):
    await places.dials("1", METER, "2")

    assert "Type your PIN." in await places.chat.start("history")
    saved = await places.at.store.read(SavedSession, "ussd", WANJIKU)
    assert saved is not None
    assert not saved.ended


async def test_another_person_at_the_same_chat_has_her_own_place(places: Places):
    other = await places.at.customer("+6281200000002")
    await places.chat.start()
    await places.chat.type("1", METER, "2")
    await places.at.store.commit(OpenedThere(other.wallet_id, CHAT, "Budi", places.at.clock.now()))

    assert await places.chat.start() == MENU


async def test_a_chat_that_is_closed_is_nowhere(places: Places):
    await places.chat.start()
    await places.chat.type("1", METER, "2")
    await places.at.store.commit(Unlink("telegram", CHAT, places.wallet_id, places.at.clock.now()))

    assert "Language" in await places.chat.type(PIN)
    assert await places.spent() == 0
    assert MENU in await places.dials()


async def test_of_two_people_the_one_who_is_left_is_there(places: Places):
    other = await places.at.customer("+6281200000002")
    await places.at.store.commit(OpenedThere(other.wallet_id, CHAT, "Budi", places.at.clock.now()))
    await places.at.store.commit(Unlink("telegram", CHAT, other.wallet_id, places.at.clock.now()))

    assert await places.chat.start() == MENU
    contact = await places.at.store.read(Contact, "telegram", CHAT)
    assert contact is not None
    assert contact.wallet_id == other.wallet_id


async def test_a_chat_that_asks_is_met_first_on_the_phone_only(places: Places):
    await places.at.store.commit(RequestLink(places.wallet_id, "telegram", OTHER_CHAT, "Siti", places.at.clock.now()))

    assert await places.chat.start() == MENU
    assert 'Somebody called "Siti" wants to use your wallet in a chat.' in await places.dials()
    places.at.clock.pass_by(minutes=10)
    assert MENU in await places.dials()


async def test_without_a_wallet_nobody_is_anywhere_but_on_the_way_to_one(places: Places):
    """However she came there: a menu without a wallet behind it is left at the next word."""
    stranger = ChatPhone(places.chat.listener, OTHER_CHAT)
    await stranger.start()
    saved = await places.at.store.read(SavedSession, "telegram", OTHER_CHAT)
    assert saved is not None
    await places.at.store.commit(Stands(saved.state.replace('"enroll"', '"main_menu"'), saved))

    assert "Language" in await stranger.type("1")


class Stands:
    """A session as a bug might have left it."""

    def __init__(self, state: str, saved: SavedSession) -> None:
        self.state, self.saved = state, saved

    def wants(self) -> tuple[Key[object], ...]:
        return (Key(SavedSession, (self.saved.channel, self.saved.address)),)

    def decide(self, book: Book) -> None:
        book.put(replace(self.saved, state=self.state))
