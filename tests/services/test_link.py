"""A wallet in a chat: the phone allows it by a code that counts once, soon, and in the chat that asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.chat import CODE_TRIES, CapOfNewLink, Chat, Link, LinkRequest
from core.domain.money import Money
from core.domain.wallet import Wallet
from core.ports import Contact
from core.services.deliver import deliver
from core.services.leave import come_back, leave
from core.services.link import (
    AllowLink,
    Linked,
    NotLinked,
    RefuseLink,
    RequestLink,
    RequestOver,
    SwitchTo,
    Unlink,
    UseCode,
    legible,
)
from tests.services.till import Till

CHAT, OTHER = "1001", "1666"
CODE = "364257"


class Linking:
    """One wallet's owner with her phone, and chats that ask."""

    def __init__(self, till: Till) -> None:
        self.till, self.store, self.clock = till, till.at.store, till.at.clock
        self.wallet_id = till.owner.wallet_id

    async def asks(self, address: str = CHAT, name: str = "Siti") -> LinkRequest:
        return await self.store.commit(RequestLink(self.wallet_id, "telegram", address, name, self.clock.now()))

    async def allows(self, address: str = CHAT, code: str = CODE) -> LinkRequest:
        hashed = await self.till.at.counter.vault.hashed(code)
        return await self.store.commit(AllowLink(self.wallet_id, address, hashed, self.clock.now()))

    async def types(self, code: str = CODE, address: str = CHAT) -> Wallet | None:
        """The wallet that is open there now; None when it is not, whatever the reason."""
        request = await self.store.read(LinkRequest, self.wallet_id)
        right = await self.till.at.counter.vault.matches(code, request.code_hash if request else "")
        change = UseCode(self.wallet_id, "telegram", address, right, self.clock.now(), self.till.at.counter.words)
        match await self.store.commit(change):
            case Linked(wallet):
                return wallet
            case NotLinked():
                return None

    async def is_open(self, address: str = CHAT) -> bool:
        link = await self.store.read(Link, "telegram", address, self.wallet_id)
        return link is not None and link.open

    async def linked(self) -> Link:
        await self.asks()
        await self.allows()
        assert isinstance(await self.types(), Wallet)
        link = await self.store.read(Link, "telegram", CHAT, self.wallet_id)
        assert link is not None
        return link

    async def told_in(self) -> str:
        chat = await self.store.read(Chat, self.wallet_id)
        return chat.address if chat else ""


@pytest.fixture
def linking(till: Till) -> Linking:
    return Linking(till)


async def test_with_the_code_it_is_open_there_and_its_owner_hears_of_it(linking: Linking):
    await linking.linked()

    assert await linking.is_open()
    assert await linking.told_in() == CHAT
    contact = await linking.store.read(Contact, "telegram", CHAT)
    assert contact is not None
    assert contact.wallet_id == linking.wallet_id
    await deliver(linking.till.at.counter, linking.till.at.phones)
    heard = [words for to, words in linking.till.at.phones.received if to == linking.till.owner.msisdn]
    assert any("Your wallet is now open in a chat: Siti." in words for words in heard)


async def test_before_the_owner_has_allowed_it_no_code_is_right(linking: Linking):
    await linking.asks()

    for code in ("", "000000", CODE):
        assert await linking.types(code) is None
    assert not await linking.is_open()


async def test_it_counts_once(linking: Linking):
    await linking.linked()
    await linking.store.commit(Unlink("telegram", CHAT, linking.wallet_id, linking.clock.now()))

    assert await linking.types() is None
    assert not await linking.is_open()


@pytest.mark.parametrize(("seconds", "still"), [(599, True), (600, False), (86_400, False)])
async def test_it_counts_for_ten_minutes(linking: Linking, seconds: int, still: bool):
    await linking.asks()
    await linking.allows()
    linking.clock.pass_by(seconds=seconds)

    typed = await linking.types()

    assert isinstance(typed, Wallet) if still else typed is None


async def test_an_owner_who_comes_too_late_allows_nothing(linking: Linking):
    await linking.asks()
    linking.clock.pass_by(minutes=10)

    with pytest.raises(RequestOver):
        await linking.allows()


async def test_the_fifth_wrong_one_ends_it(linking: Linking):
    await linking.asks()
    await linking.allows()

    assert [await linking.types("000000") for _try in range(CODE_TRIES)] == [None] * CODE_TRIES
    assert await linking.types() is None
    assert not await linking.is_open()


async def test_it_is_of_no_use_in_another_chat_and_costs_no_try(linking: Linking):
    await linking.asks()
    await linking.allows()

    assert [await linking.types(address=OTHER) for _try in range(20)] == [None] * 20
    assert not await linking.is_open(OTHER)
    assert isinstance(await linking.types(), Wallet)


async def test_a_newer_question_takes_the_place_of_an_older_one(linking: Linking):
    await linking.asks()
    await linking.allows()
    await linking.asks(OTHER)

    assert await linking.types() is None
    assert await linking.types(address=OTHER) is None
    # She looked at the older question when the newer one came: what she allows then is not the newer one.
    with pytest.raises(RequestOver):
        await linking.allows(CHAT)
    await linking.allows(OTHER)
    assert isinstance(await linking.types(address=OTHER), Wallet)


async def test_who_says_no_has_ended_it(linking: Linking):
    await linking.asks()
    await linking.store.commit(RefuseLink(linking.wallet_id, linking.clock.now()))

    with pytest.raises(RequestOver):
        await linking.allows()
    assert await linking.types() is None


async def test_the_cap_is_for_all_that_is_paid_and_ends_after_a_day_to_the_second(linking: Linking):
    link = await linking.linked()
    half, more = Money.of(100_000, "IDR"), Money.of(1, "IDR")

    full = link.paying(half, now=link.since).paying(half, now=link.since)
    for age in (timedelta(0), timedelta(hours=24) - timedelta(seconds=1)):
        with pytest.raises(CapOfNewLink):
            full.paying(more, now=link.since + age)
    full.paying(more, now=link.since + timedelta(hours=24))


async def test_opened_anew_it_begins_with_a_cap_again(linking: Linking):
    await linking.linked()
    await linking.store.commit(Unlink("telegram", CHAT, linking.wallet_id, linking.clock.now()))
    linking.clock.pass_by(days=30)

    link = await linking.linked()

    with pytest.raises(CapOfNewLink):
        link.paying(Money.of(200_001, "IDR"), now=linking.clock.now())


async def test_closed_it_is_told_nothing_there_any_more(linking: Linking):
    await linking.linked()

    for _twice in range(2):
        await linking.store.commit(Unlink("telegram", CHAT, linking.wallet_id, linking.clock.now()))

    assert not await linking.is_open()
    assert await linking.told_in() == ""


async def test_who_leaves_is_told_by_phone_and_who_comes_back_is_told_there_again(linking: Linking):
    await linking.linked()
    counter = linking.till.at.counter

    assert [await leave(counter, "telegram", CHAT) for _twice in range(2)] == [1, 0]
    assert await linking.told_in() == ""
    assert await linking.is_open()
    assert [await come_back(counter, "telegram", CHAT) for _twice in range(2)] == [1, 0]
    assert await linking.told_in() == CHAT


async def test_coming_back_opens_nothing_that_was_closed(linking: Linking):
    await linking.linked()
    await linking.store.commit(Unlink("telegram", CHAT, linking.wallet_id, linking.clock.now()))

    assert await come_back(linking.till.at.counter, "telegram", CHAT) == 0
    assert await linking.told_in() == ""


async def test_whoever_comes_to_one_chat_takes_nothing_from_another(linking: Linking):
    await linking.linked()
    linking.clock.pass_by(seconds=1)
    await linking.asks(OTHER)
    await linking.allows(OTHER)
    await linking.types(address=OTHER)

    assert await come_back(linking.till.at.counter, "telegram", CHAT) == 0
    assert await leave(linking.till.at.counter, "telegram", CHAT) == 0
    assert await linking.told_in() == OTHER


async def test_only_who_is_listed_can_be_chosen(linking: Linking):
    await linking.linked()
    switched = await linking.store.commit(SwitchTo("telegram", CHAT, linking.wallet_id, linking.clock.now()))
    assert switched.wallet_id == linking.wallet_id

    with pytest.raises(AssertionError):
        await linking.store.commit(SwitchTo("telegram", OTHER, linking.wallet_id, linking.clock.now()))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Siti", "Siti"),
        ("  Siti \n Aminah ", "Siti Aminah"),
        ("Loket\n1 Yes", "Loket 1 Yes"),
        ("a\u202eb\u200bc", "a b c"),
        ("x" * 100, "x" * 30),
        ("سيتي", "سيتي"),
        ("", ""),
    ],
)
def test_a_name_is_shown_on_one_short_line(given: str, shown: str):
    assert legible(given) == shown
