"""Whoever is asked to wait waits: in that chat, in all that it says there, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs
from telegram.error import RetryAfter

from tests.support.chats import ChatHouse, Someone

MENU = "What do you want to do?"


async def test_a_chat_that_has_to_wait_holds_up_no_other(house: ChatHouse, siti: Someone):
    budi = await house.customer(1002, phone="+6281200000002", name="Budi")
    await siti.start()
    house.overlapping = 1  # the answer to a press and the edit of the screen go out together
    house.server.flood(1, chat_id=siti.person.user_id)
    before = len(house.server.calls)

    await siti.person.press("Electricity token")
    await budi.person.start()
    await budi.sees(MENU)

    assert "meter number" not in siti.text
    await siti.settled()
    assert "Type the meter number." in siti.text
    late = [one for one in list(house.server.calls)[before:] if one.chat_id == siti.person.user_id and one.code == 429]
    assert len(late) <= 2


async def test_while_she_presses_on_nothing_is_said_too_early(house: ChatHouse, siti: Someone):
    """Answers to presses, dots, the edit and what is tidied up: all of it waits."""
    await siti.to_the_pin()
    house.overlapping = 1
    house.server.flood(1, chat_id=siti.person.user_id)

    for digit in "7391":
        await siti.person.press(digit)
    await siti.person.press("✅")
    await siti.settled()

    assert "Token" in siti.text
    assert len(await house.payments()) == 1


async def test_who_goes_too_fast_is_told_so_and_nothing_else_happens(house: ChatHouse, siti: Someone):
    await siti.start()
    house.bot._desk._pace = type(house.bot._desk._pace)(per_s=0.001, burst=2)  # noqa: SLF001  # a slower desk

    with capture_logs():
        await siti.press("More", "Settings")
        await siti.press("Language")
    await siti.say("1")

    assert siti.toasts[-1] == "That was too fast. Please wait a moment."
    assert siti.text == "Settings"


async def test_a_sign_of_life_is_not_given_to_who_has_to_wait(house: ChatHouse, siti: Someone):
    await siti.start()
    desk = house.bot._desk  # noqa: SLF001  # slow turns are hard to come by
    desk._line._put_off(siti.address, RetryAfter(timedelta(seconds=1)))  # noqa: SLF001

    await desk._type(siti.address)  # noqa: SLF001

    assert house.calls("sendChatAction") == []
    assert house.logged("typing_not_shown")
