"""Whose wallet it is: one's own number opens a new one, the phone one that is there, and either closes it again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.domain.chat import LinkRequest
from core.ports import Contact
from core.services.link import Unlink
from core.services.pins import reset_pin
from tests.support.chats import METER, SITIS_NUMBER, ChatHouse, OpenedThere, Someone

MENU = "What do you want to do?"
BUDIS_NUMBER = "+6281200000002"


async def to_the_number(someone: Someone) -> None:
    await someone.start()
    await someone.press("English", "Yes")


async def code_on(house: ChatHouse, number: str = SITIS_NUMBER, pin: str = "7391") -> str:
    """What her phone shows once she has said that it is she, and typed her PIN."""
    screen = await house.inside.phone(number).dials("1", pin)
    found = re.search(r"Code ([0-9]{3} [0-9]{3})", screen)
    assert found, screen
    return found[1]


async def wallet_of(house: ChatHouse, number: str = SITIS_NUMBER) -> str:
    contact = await house.store.read(Contact, "ussd", number)
    assert contact is not None
    return contact.wallet_id


# ---- a wallet of one's own


async def test_a_stranger_shows_her_number_and_has_a_wallet_here_and_on_her_phone(house: ChatHouse):
    budi = house.person(1002, name="Budi", phone=BUDIS_NUMBER)
    await to_the_number(budi)

    await budi.press("Show my number")
    await budi.say("1990")
    await budi.pin("8352")
    await budi.pin("8352")

    assert "Welcome. Your wallet is open." in budi.text
    assert (await budi.wallet()).msisdn == BUDIS_NUMBER
    assert budi.person.keyboard == ()
    assert [one for one in budi.messages if one.text == "✅"] == []
    assert MENU in await house.inside.phone(BUDIS_NUMBER).dials()
    assert not (await budi.links())[0].trusted
    assert "A wallet was opened for your number in a chat, by Budi." in await house.by_sms("was opened", BUDIS_NUMBER)


async def test_any_other_card_is_refused_kindly(house: ChatHouse):
    budi = house.person(1002, name="Budi", phone=BUDIS_NUMBER)
    await to_the_number(budi)
    refused = "That is not the number of this phone. Please press the button."

    for whose, user_id in ((SITIS_NUMBER, 1001), (SITIS_NUMBER, None), (BUDIS_NUMBER, None), (BUDIS_NUMBER, 1001)):
        await budi.person.share_contact_of(user_id, whose, "Siti")
        await budi.settled()
        assert refused in budi.from_bot[-1].text
    for whose in ("", "not a number", "1" * 40):
        await budi.person.share_contact_of(1002, whose, "Budi")
        await budi.settled()
        assert budi.from_bot[-1].text == "Which number is yours? Press the button to show it."
    await budi.say(BUDIS_NUMBER)
    assert refused in budi.from_bot[-1].text
    assert [one.kind for one in budi.from_bot] == ["text"]

    await budi.press("Show my number")
    assert "In which year were you born?" in budi.text


async def test_the_way_back_is_on_the_keyboard_too(house: ChatHouse):
    budi = house.person(1002, name="Budi", phone=BUDIS_NUMBER)
    await to_the_number(budi)

    await budi.press("Back")

    assert "Open a wallet?" in budi.text
    assert budi.person.keyboard == ()


# ---- a wallet that is there


async def test_the_phone_opens_it_by_a_code(house: ChatHouse):
    await house.enrol()
    siti = house.person()
    await to_the_number(siti)
    await siti.press("Show my number")

    assert siti.text.splitlines()[0] == (
        "Take the phone with the number +62812••••••90 and dial *384#. It shows a code after the PIN."
    )
    phone = house.inside.phone()
    assert 'Somebody called "Siti" wants to use your wallet in a chat.\nIs that you?' in await phone.dials()
    assert "Code" not in await phone.types("1")
    assert "That PIN is wrong" in await phone.types("9999")
    code = re.search(r"Code ([0-9 ]+)", await phone.types("7391"))
    assert code
    await siti.say(code[1])

    assert "Your wallet is open here now." in siti.text
    assert not (await siti.links())[0].trusted
    assert "Your wallet is now open in a chat: Siti." in await house.by_sms("now open in a chat")
    await siti.buys()
    assert "Token" in siti.text


async def test_a_code_counts_once_and_in_the_chat_that_asked(house: ChatHouse):
    await house.enrol()
    siti, thief = house.person(), house.person(1666, name="Siti", phone="+6281200000666")
    for someone in (siti, thief):
        await to_the_number(someone)
    await siti.press("Show my number")
    code = await code_on(house)

    await thief.press("Show my number")
    await thief.say(code)
    assert await thief.links() == []
    await siti.say(code)
    assert len(await siti.links()) == 1

    asked = await house.store.read(LinkRequest, await wallet_of(house))
    assert asked is not None
    assert asked.code_hash == ""
    assert asked.closed_at is not None


async def test_the_newest_question_counts_and_no_other_chat_has_its_code(house: ChatHouse):
    await house.enrol()
    siti, other = await house.customer(1003, phone="+6281200000003", name="Rina"), house.person()
    await to_the_number(other)
    await other.press("Show my number")
    await siti.start()
    await siti.press("More", "Settings", "Another person", "Another number")
    await siti.say("0812-3456-7890")
    code = await code_on(house)

    await other.say(code)
    assert await other.links() == []
    await siti.say(code)
    assert len(await siti.links()) == 2


async def test_a_wrong_code_can_be_typed_again(house: ChatHouse):
    await house.enrol()
    siti = house.person()
    await to_the_number(siti)
    await siti.press("Show my number")
    code = await code_on(house)

    for wrong in ("000000", "111111", "12", "code?"):
        await siti.say(wrong)
        assert "That code is not right" in siti.text
    await siti.say(code)

    assert len(await siti.links()) == 1


async def test_after_a_wrong_code_she_is_nowhere_without_a_wallet(house: ChatHouse):
    await house.enrol()
    siti = house.person()
    await to_the_number(siti)
    await siti.press("Show my number")
    await code_on(house)

    await siti.say("000000")
    assert "That code is not right" in siti.text
    for words in ("1", METER, "1", "7391"):
        await siti.say(words)

    assert await house.payments() == []
    assert await siti.links() == []


async def test_the_owner_says_no(house: ChatHouse):
    await house.enrol()
    thief = house.person(1666, name="Bank Loket", phone=SITIS_NUMBER)
    await to_the_number(thief)
    await thief.press("Show my number")
    phone = house.inside.phone()

    assert 'Somebody called "Bank Loket" wants to use your wallet' in await phone.dials()
    assert "Good. Nobody got anything." in await phone.types("2")
    assert MENU in await house.inside.phone().dials()
    await thief.say("123456")
    assert await thief.links() == []


async def test_nobody_learns_from_the_screen_whether_a_number_has_a_wallet(house: ChatHouse, siti: Someone):
    await house.enrol(BUDIS_NUMBER)
    screens = []
    for number in (BUDIS_NUMBER, "+6281200000009"):
        await siti.say("/menu")
        await siti.press("More", "Settings", "Another person", "Another number")
        screen = await siti.say(number)
        screens.append((re.sub(r"\+62812•+[0-9]{2}", "NUMBER", screen.text), screen.captions))
        screen = await siti.say("123456")
        screens.append((re.sub(r"\+62812•+[0-9]{2}", "NUMBER", screen.text), screen.captions))

    assert screens[:2] == screens[2:]
    assert "NUMBER" in screens[0][0]


async def test_a_name_that_would_mislead_is_cut_to_one_short_line(house: ChatHouse):
    await house.enrol()
    thief = house.person(1666, name="Loket\n1 Yes\u202e" + "x" * 60, phone=SITIS_NUMBER)
    await to_the_number(thief)
    await thief.press("Show my number")

    first, *_rest = (await house.inside.phone().dials()).splitlines()

    assert first.startswith('CON Somebody called "Loket 1 Yes ')
    assert len(first) < 100


# ---- the first day


async def test_on_the_first_day_no_more_than_the_cap_in_all(house: ChatHouse, monkeypatch: pytest.MonkeyPatch):
    await house.enrol(rupiah=900_000)
    siti = house.person()
    await to_the_number(siti)
    await siti.press("Show my number")
    await siti.say(await code_on(house))

    await siti.buys(amount="200,000")
    assert "This chat is new." in siti.text
    assert "Rp200,000 in all here." in siti.text
    await siti.buys(amount="100,000")
    assert "Token" in siti.text
    await siti.buys(meter="98765432101", amount="100,000")
    assert "Rp200,000 in all here." in siti.text

    clock = house.counter.clock
    later = clock.now() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(type(clock), "now", lambda _clock: later)
    await siti.buys(amount="200,000")
    assert "Token" in siti.text
    monkeypatch.undo()


# ---- closed again


async def test_closed_from_the_phone_it_is_closed_at_once_even_at_the_pin(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    assert "closed there now" in await house.inside.phone().types("8*3*1*1")

    await siti.pin()

    assert await house.payments() == []
    assert "Bahasa (Language)" in siti.text


async def test_a_link_that_is_closed_while_the_pin_is_compared_pays_nothing(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    """The last word is spoken in the commit that holds the money."""
    wallet = await siti.wallet()
    await siti.to_the_pin()
    matches, vault = type(house.counter.vault).matches, type(house.counter.vault)

    async def slowly(self: object, secret: str, hashed: str) -> bool:
        right: bool = await matches(house.counter.vault, secret, hashed)
        await house.store.commit(Unlink("telegram", siti.address, wallet.wallet_id, house.counter.clock.now()))
        return right

    monkeypatch.setattr(vault, "matches", slowly)
    await siti.pin()

    assert [one.state for one in await house.payments()] == ["declined"]
    assert await house.available(wallet.wallet_id) == 200_000


async def test_closed_in_the_chat_it_is_closed_there(house: ChatHouse, siti: Someone):
    await siti.start()
    await siti.press("More", "Settings", "Chats", "Siti", "Yes")

    assert await siti.links() == []
    assert "Your wallet is closed here now." in siti.text
    await siti.press("Menu")
    assert "Bahasa (Language)" in siti.text


# ---- two on one phone


async def test_two_people_with_one_phone(house: ChatHouse, siti: Someone):
    await house.enrol(BUDIS_NUMBER, rupiah=60_000)
    sitis = (await siti.wallet()).wallet_id
    await siti.to_the_pin()
    await siti.say("/menu")
    await siti.press("More", "Settings", "Another person", "Another number")
    await siti.say("0812 0000 0002")
    await siti.say(await code_on(house, BUDIS_NUMBER))
    assert "Your wallet is open here now." in siti.text

    await siti.press("My money")
    await siti.pin()
    assert "You have Rp60,000." in siti.text
    await siti.buys(meter="98765432109", amount="20,000")
    assert (await house.payments())[0].wallet_id != sitis

    await siti.say("/menu")
    await siti.press("More", "Settings", "Another person", "90")
    assert siti.text.endswith(MENU)
    await siti.press("My money")
    await siti.pin()
    assert "You have Rp200,000." in siti.text
    assert "98765432109" not in siti.text
    await siti.say("/menu")
    await siti.press("Pay again")
    assert "98765432109" not in siti.text
    assert METER not in siti.text


async def test_the_place_of_one_is_not_the_place_of_the_other(house: ChatHouse, siti: Someone):
    budis = await house.enrol(BUDIS_NUMBER)
    await house.store.commit(OpenedThere(budis.wallet_id, siti.address, "Siti", house.counter.clock.now()))
    await siti.start()
    await siti.press("Electricity token")
    await siti.say(METER)
    await siti.say("/settings")
    await siti.say("/menu")
    await siti.press("More", "Settings", "Another person", "90")

    await siti.start()

    assert siti.text.endswith(MENU)


# ---- what an independent reader found


async def test_a_new_pin_is_chosen_on_the_phone_and_never_in_a_chat(house: ChatHouse, siti: Someone):
    wallet = await siti.wallet()
    await siti.start()
    await reset_pin(house.counter, wallet.wallet_id)

    await siti.sees("Your PIN was reset. Choose a new one: dial *384#.")
    assert await siti.links() == []
    await siti.start()
    assert "Bahasa Indonesia" in siti.screen.captions[0][0]
    assert "Choose a PIN" in await house.inside.phone().dials()


async def test_what_proves_who_somebody_is_does_not_stay_in_the_chat(house: ChatHouse):
    budi = house.person(1002, name="Budi", phone=BUDIS_NUMBER)
    await to_the_number(budi)
    await budi.press("Show my number")

    await budi.say("1990")

    assert "Choose a PIN" in budi.text
    assert [one.text for one in budi.messages if one.text == "1990"] == []


async def test_a_number_of_another_country_opens_no_wallet_here(house: ChatHouse):
    tourist = house.person(1003, name="Zoe", phone="+447700900123")
    await to_the_number(tourist)

    await tourist.press("Show my number")

    assert "This counter serves numbers of this country only." in tourist.text


async def test_a_closed_chat_shows_nothing_new_whatever_is_pressed(house: ChatHouse, siti: Someone):
    await siti.say("/menu")
    await siti.press("My money")
    screen = await siti.pin()
    wallet = await siti.wallet()
    await house.store.commit(Unlink("telegram", siti.address, wallet.wallet_id, house.counter.clock.now()))

    await siti.press_at(screen, "Back")
    await siti.person.press_at(screen.message_id, "made-up")
    await siti.settled()

    assert "Rp" not in siti.text
    assert "Bahasa" in siti.text


async def test_who_was_refused_does_not_ask_again_that_day(house: ChatHouse):
    await house.enrol()
    thief = house.person(1666, name="Bank", phone=SITIS_NUMBER)
    await to_the_number(thief)
    await thief.press("Show my number")
    phone = house.inside.phone()
    await phone.dials()
    await phone.types("2")

    await thief.say("/language")
    await to_the_number(thief)
    again = await thief.press("Show my number")

    assert "Type the code here." in again.text
    assert MENU in await house.inside.phone().dials()


async def test_another_chat_is_closed_with_the_pin_only(house: ChatHouse, siti: Someone):
    wallet = await siti.wallet()
    await house.store.commit(OpenedThere(wallet.wallet_id, "4711", "Her tablet", house.counter.clock.now()))
    await siti.say("/menu")
    await siti.press("More", "Settings", "Chats")

    assert "Type your PIN." in (await siti.press("Her tablet")).text


async def test_the_language_is_changed_in_the_middle_and_the_payment_goes_on(siti: Someone):
    await siti.to_the_pin()

    await siti.say("/language")
    await siti.press("Indonesia")

    assert "Ketik PIN untuk membayar." in siti.text
    assert METER in siti.text
