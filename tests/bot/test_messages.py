"""What is said into a chat without having been asked: once, with the receipt, and by SMS where nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.chat import Chat
from core.domain.message import Message
from core.domain.money import Money
from core.services.top_up import top_up_wallet
from tests.support.chats import ChatHouse, Someone, a_chat_house

PENDING, PENDING_FAILS = "12345678903", "12345678904"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ChatHouse]:
    async with a_chat_house(tmp_path, POLL_SCHEDULE_S="1", FINALITY_S="1") as opened:
        yield opened


async def messages_about(house: ChatHouse, someone: Someone, what: str) -> list[Message]:
    wallet = await someone.wallet()
    said = await house.store.messages_to(wallet.wallet_id, limit=20)
    return [one for one in said if one.message_id.startswith(what)]


async def is_told_there(house: ChatHouse, someone: Someone) -> bool:
    chat = await house.store.read(Chat, (await someone.wallet()).wallet_id)
    return chat is not None and chat.open


async def topped_up(house: ChatHouse, someone: Someone, evidence: str) -> None:
    wallet = await someone.wallet()
    sum_ = Money.of(1_000, "IDR")
    await top_up_wallet(house.counter, wallet.wallet_id, sum_, bank="BCA", evidence=evidence, by="test")


async def test_payments_that_take_their_time_are_told_when_they_are_done(house: ChatHouse, siti: Someone):
    """Three people at once, as each of them waits for seconds: one is served, one is not, one hears that we ask."""
    budi = await house.customer(1002, phone="+6281200000002", name="Budi")
    await asyncio.gather(
        hears_that_it_is_paid(house, siti), hears_that_it_is_not(house, budi), decided_after_the_doubt(house, siti)
    )


async def hears_that_it_is_paid(house: ChatHouse, siti: Someone) -> None:
    await siti.buys(meter=PENDING)
    assert "We are paying" in siti.text
    screen = siti.screen

    receipt = await siti.sees("Paid: Electricity token", 12)

    assert receipt.kind == "photo"
    assert receipt.photo
    assert receipt.protected
    assert "Token" in receipt.text
    assert receipt.message_id != screen.message_id
    # The next screen comes below it.
    await siti.press_at(screen, "Menu")
    assert siti.screen.message_id > receipt.message_id


async def hears_that_it_is_not(house: ChatHouse, budi: Someone) -> None:
    await budi.buys(meter=PENDING_FAILS)

    told = await budi.sees("is back in your wallet.", 12)

    assert "Not paid: Electricity token 12345678904." in told.text
    assert told.kind == "text"
    assert await budi.rupiah() == 200_000


async def decided_after_the_doubt(house: ChatHouse, siti: Someone) -> None:
    doubt = await siti.sees("We still do not know about Electricity token 12345678903", 12)

    assert doubt.text.endswith("Your money is on hold. You will get a message.")
    async with house.inside.http.post(f"{house.provider}/sandbox/settle", json={}):
        pass
    await siti.sees("Paid: Electricity token", 12)
    assert len([one for one in siti.from_bot if "still do not know" in one.text]) == 1


async def test_what_the_screen_told_is_not_told_again(house: ChatHouse, siti: Someone):
    await siti.buys()

    [about] = await messages_about(house, siti, "captured:")

    assert about.due_at is None
    assert about.tries == 0
    assert len([one for one in siti.from_bot if "Token" in one.text]) == 1


async def test_what_was_paid_by_phone_is_told_on_both(house: ChatHouse, siti: Someone):
    await siti.start()
    assert "Token" in await house.inside.phone().dials("1", "12345678901", "2", "7391")

    told = await siti.sees("Paid: Electricity token")

    assert told.kind == "photo"
    await house.by_sms("Paid:")


async def test_whoever_has_blocked_us_hears_by_sms_and_comes_back_with_start(house: ChatHouse, siti: Someone):
    await siti.start()
    await siti.person.block()
    await house.quiet()
    assert not await is_told_there(house, siti)

    await topped_up(house, siti, "one")
    await house.by_sms("Rp1,000 has come into your wallet.")
    await siti.start()
    await topped_up(house, siti, "two")

    await siti.sees("Rp1,000 has come into your wallet.")
    assert len([one for one in house.sms.taken if "Rp1,000" in one[1]]) == 1


async def test_a_block_that_nobody_told_us_of_is_met_when_we_send(house: ChatHouse, siti: Someone):
    await siti.start()
    house.server.chats[siti.person.user_id].blocked = True

    await topped_up(house, siti, "one")
    await house.by_sms("Rp1,000 has come into your wallet.")

    assert not await is_told_there(house, siti)
    # Later she is there again, and no update says so but her own words.
    house.server.chats[siti.person.user_id].blocked = False
    await siti.say("/start")
    await topped_up(house, siti, "two")
    await siti.sees("Rp1,000 has come into your wallet.")


async def test_a_block_in_the_middle_of_a_turn_is_no_trouble(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    house.server.hold()
    await siti.person.say("7391")
    house.server.chats[siti.person.user_id].blocked = True
    house.server.release()

    await house.quiet()

    assert [one.state for one in await house.payments()] == ["captured"]


async def test_a_chat_that_has_to_wait_gets_its_message_later(house: ChatHouse, siti: Someone):
    await siti.start()
    house.server.flood(1, chat_id=siti.person.user_id)

    await topped_up(house, siti, "one")
    await siti.sees("Rp1,000 has come into your wallet.")

    [about] = [one for one in await messages_about(house, siti, "") if "Rp1,000" in one.words]
    assert about.tries == 1
