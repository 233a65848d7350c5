"""A PIN is pressed on a pad that is always the same, and whose buttons tell nobody anything."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from adapters.botapi import Seen
from bot.inbox import Done
from core.ports import StoreDown
from tests.support.chats import ChatHouse, Someone

PAD = [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], ["⌫", "0", "✅"]]


def dots_of(screen: Seen) -> str:
    return screen.text.splitlines()[-1]


async def test_it_looks_like_a_telephone_wherever_a_pin_is_asked(siti: Someone):
    pads = [await siti.to_the_pin()]
    await siti.say("/menu")
    pads.append(await siti.press("My money"))
    await siti.say("/menu")
    pads.append(await siti.press("More", "Settings", "Change PIN"))

    for pad in pads:
        assert pad.captions[:4] == PAD
        assert dots_of(pad) == "○ ○ ○ ○"


async def test_its_buttons_are_opaque_and_different_each_time(siti: Someone):
    data: list[str] = []
    for _time in range(3):
        pad = await siti.to_the_pin()
        data += [button.data for row in pad.buttons[:4] for button in row]

    assert len(set(data)) == 36
    assert [one for one in data if not re.fullmatch(r"[A-Za-z0-9_-]{16}", one)] == []


async def test_dots_come_up_at_once_and_into_the_screen_soon(house: ChatHouse, siti: Someone):
    pad = await siti.to_the_pin()

    for digit in "739":
        await siti.person.press(digit)
    await house.quiet()

    assert siti.toasts == ["● ○ ○ ○", "● ● ○ ○", "● ● ● ○"]
    await siti.sees("● ● ● ○")
    assert siti.screen.message_id == pad.message_id
    assert siti.screen.captions == pad.captions


async def test_the_last_digit_can_be_taken_back(siti: Someone):
    await siti.to_the_pin()

    await siti.press("7", "3", "2", "⌫", "9")
    await siti.press("1", "✅")

    assert "Token" in siti.text
    assert siti.toasts[2:4] == ["● ● ● ○", "● ● ○ ○"]


async def test_more_than_a_pin_has_is_not_taken(siti: Someone):
    await siti.to_the_pin()

    await siti.press(*"12345678")

    assert siti.toasts[-1] == siti.toasts[-2] == "● ● ● ● ● ●"


async def test_nothing_pressed_asks_again(house: ChatHouse, siti: Someone):
    pad = await siti.to_the_pin()

    await siti.press("✅")

    assert dots_of(siti.screen) == "○ ○ ○ ○"
    assert siti.screen.message_id == pad.message_id
    assert await house.payments() == []


async def test_too_few_are_refused_and_counted_as_no_try(siti: Someone):
    await siti.to_the_pin()

    await siti.pin("739")

    assert "A PIN has 4 to 6 digits." in siti.text
    assert dots_of(siti.screen) == "○ ○ ○ ○"
    await siti.pin()
    assert "Token" in siti.text


async def test_a_wrong_one_is_counted_and_the_pad_is_empty_again(siti: Someone):
    await siti.to_the_pin()

    await siti.pin("9999")

    assert "That PIN is wrong. Tries left: 2." in siti.text
    assert dots_of(siti.screen) == "○ ○ ○ ○"
    await siti.pin()
    assert "Token" in siti.text


async def test_a_typed_pin_is_gone_at_once_and_the_pad_stays_where_it_is(siti: Someone):
    pad = await siti.to_the_pin()

    await siti.say("9999")

    assert "That PIN is wrong" in siti.text
    assert siti.screen.message_id == pad.message_id
    assert "9999" not in siti.hers


async def test_a_typed_pin_pays(siti: Someone):
    await siti.to_the_pin()

    await siti.say("7391")

    assert "Token" in siti.text
    assert "7391" not in siti.hers


async def test_a_command_at_the_pad_is_no_pin(siti: Someone):
    await siti.to_the_pin()

    await siti.say("/menu")

    assert "/menu" in siti.hers
    assert siti.text == "What do you want to do?"


async def test_what_was_pressed_on_one_pad_is_not_on_the_next(siti: Someone):
    await siti.to_the_pin()
    await siti.press("7", "3")
    await siti.press("Back")
    await siti.press("50,000")

    await siti.pin("91")

    assert "A PIN has 4 to 6 digits." in siti.text


async def test_a_pad_above_takes_no_digits(siti: Someone):
    old = await siti.to_the_pin()
    await siti.say("/menu")

    await siti.press_at(old, "7")

    assert siti.toasts == ["That button is from an earlier screen. You are here now."]


async def test_a_typed_pin_that_cannot_be_deleted_is_taken_all_the_same(house: ChatHouse, siti: Someone):
    """Telegram does not always let a bot delete; then the pad at least comes below it."""
    await siti.to_the_pin()
    house.server.fail_next("deleteMessage", "500", times=1)

    await siti.say("7391")

    assert "Token" in siti.text


async def test_a_press_that_is_handled_twice_is_one_digit(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    """The store takes a press, and just then not that it is done."""
    monkeypatch.setattr("bot.inbox.A_MOMENT_S", 0.01)
    await siti.to_the_pin()
    commit, refused = type(house.store).commit, set[int]()

    async def committed(store: Any, change: Any) -> Any:
        if isinstance(change, Done) and change.arrival.number not in refused:
            refused.add(change.arrival.number)
            raise StoreDown("the disk is full")
        return await commit(store, change)

    monkeypatch.setattr(type(house.store), "commit", committed)
    await siti.pin()

    assert len(refused) == 5
    assert "Token" in siti.text
    assert [one.state for one in await house.payments()] == ["captured"]


async def test_a_pin_that_is_typed_twice_in_a_row_is_gone_twice(house: ChatHouse, siti: Someone):
    """The second one is read when the screen has changed."""
    for first, second in (("7391", "7391"), ("7391", "٧٣٩١"), ("7391", " 73 91 ")):
        await siti.to_the_pin()
        house.server.hold()
        await siti.person.say(first)
        await siti.person.say(second)
        house.server.release()
        await siti.settled()

        assert [said for said in siti.hers if said in (first, second)] == []
    await siti.say("halo 7391")
    assert "halo 7391" in siti.hers


async def test_digits_that_were_sent_later_are_no_pin(siti: Someone, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.hiding.A_MOMENT", timedelta(seconds=-2))
    await siti.buys()

    await siti.say("50000")

    assert "50000" in siti.hers


async def test_a_pin_that_cannot_be_deleted_for_long_is_taken_all_the_same(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.line.FIRST_WAIT_S", 0.001)
    await siti.to_the_pin()
    house.server.fail_next("deleteMessage", "502", times=6)

    await siti.say("7391")

    assert "Token" in siti.text
    assert house.logged("typed_pin_not_deleted")
