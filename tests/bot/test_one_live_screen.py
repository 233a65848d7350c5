"""There is one live screen in a chat: pressed, it changes in its place; spoken to, it comes again below."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.botapi import BotApiOptions, running
from adapters.botapi.faults import How
from bot.stage import Bury, Stage
from core.ports import StoreDown
from tests.support.chats import METER, ChatHouse, Someone, a_chat_house

MENU = "What do you want to do?"
OLD = "That button is from an earlier screen. You are here now."


async def test_a_press_changes_the_screen_in_its_place(siti: Someone):
    menu = await siti.start()

    settings = await siti.press("More", "Settings")

    assert settings.message_id == menu.message_id
    assert settings.text == "Settings"
    assert [one.message_id for one in siti.from_bot] == [menu.message_id]


async def test_what_is_typed_is_answered_below_and_the_old_screen_goes(siti: Someone):
    menu = await siti.start()

    settings = await siti.say("8")

    assert settings.message_id > siti.messages[-2].message_id > menu.message_id
    assert [one.text for one in siti.messages] == ["/start", "8", "Settings"]


async def test_the_same_screen_again_is_no_trouble(house: ChatHouse, siti: Someone):
    """An edit that changes nothing is refused by Telegram, and that is as good as taken."""
    menu = await siti.start()
    house.server.fail_next("editMessageText", "drop")

    settings = await siti.press("More", "Settings")

    assert (settings.message_id, settings.text) == (menu.message_id, "Settings")
    assert len(siti.from_bot) == 1


async def test_a_screen_that_she_deleted_comes_anew(siti: Someone):
    menu = await siti.start()
    await siti.person.delete(menu.message_id)

    await siti.person.press_at(menu.message_id, menu.buttons[-1][0].data)

    assert (await siti.settled()).message_id > menu.message_id
    assert "Something is wrong" in siti.buttons[1].text
    assert len(siti.from_bot) == 1


async def test_a_button_of_an_old_screen_shows_where_she_is(house: ChatHouse, siti: Someone):
    await siti.start()
    menu = siti.screen
    await siti.press("More", "Settings")

    await siti.press_at(menu, "Electricity")

    assert siti.toasts == [OLD]
    assert siti.text.endswith("Settings")
    assert len(siti.from_bot) == 1


async def test_a_button_far_above_brings_the_screen_below(siti: Someone):
    receipt = await siti.buys()
    await siti.start()
    below = siti.screen

    await siti.press_at(receipt, "Keep this number")

    assert siti.toasts[-1] == OLD
    assert siti.screen.message_id > below.message_id
    assert siti.text.endswith(MENU)


async def test_two_taps_are_one(house: ChatHouse, siti: Someone):
    await siti.start()
    house.server.hold()
    await siti.person.press("Electricity token")
    await siti.person.press("Electricity token")
    house.server.release()

    await siti.settled()

    assert siti.toasts == [OLD]
    assert siti.text.endswith("Type the meter number.")
    assert len(siti.from_bot) == 1


async def test_two_taps_that_pay_are_one_payment(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    for digit in "7391":
        await siti.person.press(digit)
    house.server.hold()
    await siti.person.press("✅")
    await siti.person.press("✅")
    house.server.release()

    await siti.settled()

    assert [one.state for one in await house.payments()] == ["captured"]
    assert len([one for one in siti.from_bot if "Token" in one.text]) == 1


async def test_a_receipt_stays_without_its_buttons(siti: Someone):
    receipt = await siti.buys()

    await siti.press("Keep this number")

    kept = siti.person.chat.message(receipt.message_id)
    assert (kept.text, kept.buttons) == (receipt.text, ())
    assert kept.photo
    assert siti.text.endswith(MENU)
    assert siti.screen.message_id > receipt.message_id


async def test_a_token_cannot_be_passed_on(house: ChatHouse, siti: Someone):
    receipt = await siti.buys()

    assert receipt.kind == "photo"
    assert receipt.protected
    assert "".join(receipt.html.partition("<code>")[2].partition("</code>")[0].split()).isdecimal()
    assert [one for one in siti.from_bot if one.message_id != receipt.message_id and one.protected] == []


async def test_a_final_screen_leads_home(siti: Someone):
    await siti.start()
    await siti.press("More", "Top up")
    await siti.press("Rp50,000")
    await siti.press("Back")
    await siti.say("/menu")

    assert siti.text == MENU


async def test_a_restart_keeps_every_button(tmp_path: Path):
    async with running(BotApiOptions()) as server:
        async with a_chat_house(tmp_path, telegram=server) as house:
            siti = await house.customer()
            menu = await siti.start()
        server.updates.polled, server.webhooks.hook = False, None
        async with a_chat_house(tmp_path, telegram=server) as house:
            siti = house.person()
            await siti.press("Electricity token")

            assert siti.screen.message_id == menu.message_id
            assert siti.text.endswith("Type the meter number.")
            assert siti.toasts == []


async def test_another_secret_makes_all_buttons_old(tmp_path: Path):
    async with running(BotApiOptions()) as server:
        async with a_chat_house(tmp_path, telegram=server) as house:
            await (await house.customer()).start()
        server.updates.polled, server.webhooks.hook = False, None
        async with a_chat_house(tmp_path, telegram=server, SECRET_KEY="another-secret-key-of-the-tests") as house:
            siti = house.person()
            await siti.press("Electricity token")

            assert siti.toasts == [OLD]
            assert siti.text.endswith(MENU)
            await siti.press("Electricity token")
            assert siti.text.endswith("Type the meter number.")


async def test_a_bad_line_to_telegram_is_tried_again(house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.line.FIRST_WAIT_S", 0.01)
    troubles: list[How] = ["500", "502", "garbage", "drop", "drop_before"]
    for trouble in troubles:
        await siti.say("/menu")
        house.server.fail_next("editMessageText", trouble)
        await siti.press("Electricity token")
        assert siti.text.endswith("Type the meter number.")

        house.server.fail_next("sendPhoto", trouble)
        await siti.say(METER)
        assert "How much?" in siti.text


async def test_a_screen_that_nobody_knows_the_fate_of_stands_there_twice_at_most(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.line.FIRST_WAIT_S", 0.01)
    await siti.start()
    house.server.fail_next("sendMessage", "drop", times=9)

    await siti.say("8")

    assert len([one for one in siti.from_bot if one.text == "Settings"]) == 2
    assert house.logged("screen_in_doubt")
    house.server.faults._orders.clear()  # noqa: SLF001  # the line is well again
    await siti.press("Language")
    assert siti.buttons


async def test_a_screen_stays_buried_when_a_message_came_while_it_was_edited(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    menu = await siti.start()
    edit = Stage._edit  # noqa: SLF001  # in the middle of a turn

    async def edited(stage: Stage, address: str, *args: Any) -> Any:
        await house.store.commit(Bury(address))
        return await edit(stage, address, *args)

    with monkeypatch.context() as patched:
        patched.setattr(Stage, "_edit", edited)
        assert (await siti.press("More")).message_id == menu.message_id

    assert (await siti.press("Settings")).message_id > menu.message_id


async def test_a_receipt_that_is_there_is_not_sent_again(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    house.expected.add("screen_not_buried")
    await siti.start()
    commit = type(house.store).commit

    async def committed(store: Any, change: Any) -> Any:
        if isinstance(change, Bury):
            raise StoreDown("the disk is full")
        return await commit(store, change)

    monkeypatch.setattr(type(house.store), "commit", committed)
    await house.bot.notifier.send(siti.address, "Paid.", slip=None, offers=(), patient=False, message_id="one")

    assert [one.text for one in siti.from_bot if one.text == "Paid."] == ["Paid."]
    assert house.logged("screen_not_buried")
