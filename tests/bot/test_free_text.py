"""Words instead of keys, and digits as other scripts write them."""

from __future__ import annotations

from tests.support.chats import METER, ChatHouse, Someone

MENU = "What do you want to do?"


async def test_what_she_wants_in_her_own_words(house: ChatHouse, siti: Someone):
    await siti.start()

    assert "Type the meter number." in (await siti.say("token 50")).text
    assert "Total Rp52,500" in (await siti.say(METER)).text
    await siti.say("/menu")
    assert "Total Rp52,500" in (await siti.say(f"beli token 50rb {METER}")).text
    assert (await siti.say("/menu")).text == MENU
    assert "Please choose from the list." in (await siti.say("what is the weather like")).text
    assert await house.payments() == []


async def test_a_number_that_was_pasted(siti: Someone):
    await siti.start()

    await siti.say(METER)

    assert "How much?" in siti.text or "Which" in siti.text


async def test_digits_of_any_script_choose(siti: Someone):
    for one in ("1", "١", "१", "۱", "１"):
        await siti.say("/menu")

        assert "Type the meter number." in (await siti.say(one)).text, one


async def test_the_same_for_a_number_an_amount_and_a_pin(siti: Someone):
    await siti.start()
    await siti.say("१")
    await siti.say("١٢٣٤٥٦٧٨٩٠١")
    await siti.say("۲")
    assert "Total Rp52,500" in siti.text
    await siti.say("٧٣٩١")

    assert "Token" in siti.text
    assert "٧٣٩١" not in siti.hers


async def test_zero_leads_back_and_nine_leads_on(siti: Someone):
    await siti.start()
    await siti.say("9")
    assert "6 ➕ Top up" in [button.text for button in siti.buttons]

    await siti.say("0")
    assert "1 ⚡ Electricity token" in [button.text for button in siti.buttons]
    await siti.say("1")
    await siti.say("0")
    assert siti.text == MENU
    await siti.say("٩")
    assert "6 ➕ Top up" in [button.text for button in siti.buttons]
