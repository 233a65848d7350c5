"""A talk has one place: begun on a phone it goes on in the chat, and the other way, and never pays on both."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.chats import METER, ChatHouse, Someone
from tests.support.houses import FORM, OURS, Phone

STEPS = ("1", METER, "2")
ASKS = ("Type the meter number.", "How much?", "To pay, type your PIN.")
MENU = "What do you want to do?"


async def hangs_up(house: ChatHouse, phone: Phone) -> None:
    address = f"{house.inside.url}/ussd/africastalking/{OURS}/events"
    async with house.inside.http.post(address, data=phone.behind.hangs_up(), headers=FORM) as reply:
        assert reply.status == 200


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_begun_on_the_phone_it_goes_on_in_the_chat(house: ChatHouse, siti: Someone, steps: int):
    phone = house.inside.phone()
    await phone.dials(*STEPS[:steps])

    await siti.start()

    assert ASKS[steps - 1] in siti.text
    for words in STEPS[steps:]:
        await siti.say(words)
    await siti.pin()
    assert "Token" in siti.text
    left = await phone.types("7391")
    assert "Paid: Electricity token" in left or MENU in left
    assert len(await house.payments()) == 1


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_begun_in_the_chat_it_goes_on_on_the_phone(house: ChatHouse, siti: Someone, steps: int):
    await siti.start()
    for words in STEPS[:steps]:
        await siti.say(words)
    before = siti.screen

    phone = house.inside.phone()
    screen = await phone.dials()

    assert ASKS[steps - 1] in screen
    for words in (*STEPS[steps:], "7391"):
        screen = await phone.types(words)
    assert "Token" in screen
    await siti.press_at(before, before.buttons[-1][0].text)
    assert len(await house.payments()) == 1
    assert "To pay, type your PIN." not in siti.text


async def test_both_pins_at_once_are_one_payment(house: ChatHouse, siti: Someone):
    """Whoever holds both phones in her hands, or shares the wallet, cannot pay one confirmation twice."""
    await siti.to_the_pin()
    phone = house.inside.phone()
    assert ASKS[2] in await phone.dials()

    answered, _screen = await asyncio.gather(phone.types("7391"), siti.say("7391"))

    for _time in range(2):
        if not await house.payments():
            # One side took the talk over before the other was heard: then it asks for the PIN, and nobody has paid.
            assert "Token" not in answered
            assert ASKS[2] in siti.text
            await siti.pin()
    assert [one.state for one in await house.payments()] == ["captured"]
    assert await siti.rupiah() == 147_500


async def test_a_pin_in_the_chat_while_the_phone_dials_is_one_payment(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    phone = house.inside.phone()

    await asyncio.gather(siti.say("7391"), phone.dials())
    await phone.types("7391")

    assert len(await house.payments()) <= 1
    assert await siti.rupiah() in (147_500, 200_000)


async def test_a_call_that_is_cut_off_goes_on_in_the_chat_with_one_tap(house: ChatHouse, siti: Someone):
    await siti.start()
    phone = house.inside.phone()
    await phone.dials(*STEPS)

    await hangs_up(house, phone)
    await hangs_up(house, phone)
    cut_off = await siti.sees("Your call was cut off. You can go on here.")
    await siti.press("Go on")

    assert cut_off.captions == [["▶️ Go on"]]
    assert ASKS[2] in siti.text
    assert siti.screen.message_id > cut_off.message_id
    await siti.pin()
    assert "Token" in siti.text
    assert len([one for one in siti.from_bot if "cut off" in one.text]) == 1


async def test_nothing_is_offered_where_nothing_was_begun(house: ChatHouse, siti: Someone):
    phone = house.inside.phone()
    await phone.dials()
    await hangs_up(house, phone)

    await house.quiet()
    wallet = await siti.wallet()
    about = [one.message_id for one in await house.store.messages_to(wallet.wallet_id, limit=10)]
    assert [one for one in about if one.startswith("go_on")] == []


async def test_a_way_to_go_on_that_is_old_only_shows_where_she_is(house: ChatHouse, siti: Someone):
    await siti.start()
    phone = house.inside.phone()
    await phone.dials(*STEPS)
    await hangs_up(house, phone)
    offer = await siti.sees("Your call was cut off.")
    await siti.press("Go on")
    await siti.pin()

    assert (await siti.sees("Your call was cut off.")).captions == []
    await siti.press_at(offer, "Go on")

    assert siti.text.endswith(MENU) or "Token" in siti.text
    assert len(await house.payments()) == 1


async def test_a_stranger_with_her_number_in_a_link_sees_nothing_of_hers(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    other = await house.customer(1002, phone="+6281200000002", name="Budi")

    await other.start("go")

    assert other.text.endswith(MENU)
