"""Telegram's door: nobody else finds it, and what is taken there is kept before it is acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.inbox import Keep
from bot.webhook import LARGEST_BODY
from core.conversation.saving import SaveTurn
from core.ports import StoreDown
from tests.support.chats import METER, SECRET, ChatHouse, Someone, until

MENU = "What do you want to do?"


@contextmanager
def a_store_that_takes_no(kind: type, house: ChatHouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Changes of this kind are refused, as with a full disk; those that were."""
    refused: list[Any] = []
    commit = type(house.store).commit

    async def committed(store: Any, change: Any) -> Any:
        if isinstance(change, kind):
            refused.append(change)
            raise StoreDown("the disk is full")
        return await commit(store, change)

    with monkeypatch.context() as patched:
        patched.setattr(type(house.store), "commit", committed)
        yield refused


# ---- who is let in


async def test_without_the_secret_there_is_nobody_here(house: ChatHouse):
    update = {"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}, "message_id": 1, "date": 0}}

    for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper()):
        for body in (json.dumps(update).encode(), b"{", b"\xff" * 64):
            assert await house.post(body, secret=secret) == 404

    assert await house.arrivals() == []
    assert house.logged("update_unreadable") == []


async def test_only_a_post_is_one_of_telegrams(house: ChatHouse):
    for method in ("GET", "PUT", "DELETE", "HEAD"):
        assert await house.post(b"", method=method) == 404
        assert await house.post(b"", method=method, secret=None) == 404


async def test_a_stranger_is_sent_away_before_his_body_is_read(house: ChatHouse):
    """He announces a gigabyte and has sent nothing of it when he reads that nobody is here."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.inside.port)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")

    async with asyncio.timeout(2):
        assert b" 404 " in await reader.readline()
    writer.close()


async def test_what_nobody_can_read_is_acknowledged_and_loud(house: ChatHouse):
    house.expected.add("update_unreadable")
    numbers = ("null", '"1"', "-1", "1e3", "true", "99999999999999999999999999")
    bodies = [b"{", b"null", b"[]", b'"update"', b"{}", b"[" * 100_000, b"\xff\xfe"]
    bodies += [f'{{"update_id": {number}}}'.encode() for number in numbers]

    assert [await house.post(body) for body in bodies] == [200] * len(bodies)
    assert len(house.logged("update_unreadable")) == len(bodies)
    assert await house.arrivals() == []


async def test_an_update_that_is_no_update_is_loud_and_holds_up_nobody(house: ChatHouse, siti: Someone):
    house.expected.add("arrival_failed")
    strange: list[dict[str, Any]] = [
        {"message": 5},
        {"message": {}},
        {"message": {"chat": 7}},
        {"message": {"chat": {"id": 1001}}},
        {"callback_query": None},
        {"callback_query": {"id": "1", "from": None}},
        {"my_chat_member": []},
    ]

    for number, update in enumerate(strange, 5):
        assert await house.post(json.dumps({"update_id": number, **update}).encode()) == 200
    await house.quiet()

    assert (await siti.start()).text == MENU


async def test_a_kind_that_is_of_no_concern_is_taken_and_passed_over(house: ChatHouse, siti: Someone):
    for number, kind in enumerate(("poll", "edited_message", "channel_post", "message_reaction", "a_kind_of_2030")):
        body = {"update_id": 10 + number, kind: {"chat": {"id": 1001, "type": "private"}, "date": 0, "message_id": 1}}
        assert await house.post(json.dumps(body).encode()) == 200

    assert (await siti.start()).text == MENU
    assert len(siti.from_bot) == 1


async def test_a_body_that_did_not_come_whole_is_not_acknowledged(house: ChatHouse):
    """What we say that we have never comes again."""
    for body in (b"", b"x" * (LARGEST_BODY + 1)):
        assert await house.post(body) == 503


# ---- kept, then acknowledged


async def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again_and_counts_once(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    await siti.to_the_pin()

    with a_store_that_takes_no(Keep, house, monkeypatch) as refused:
        await siti.person.say("7391")
        await until(lambda: len(refused) > 1, 3, lambda: "it did not come again")
        assert await house.payments() == []
    await siti.settled()

    assert [payment.state for payment in await house.payments()] == ["captured"]
    assert "Token" in siti.text


async def test_a_delivery_that_comes_again_does_nothing(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    await siti.say("7391")
    before = [one.message_id for one in siti.messages]

    for number in list(house.server.updates.remembered):
        assert await house.server.deliver_again(number) == 200
    await house.quiet()

    assert len(await house.payments()) == 1
    assert [one.message_id for one in siti.messages] == before


async def test_a_store_that_fails_in_the_middle_of_a_turn_is_no_end(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    await siti.to_the_pin()

    with a_store_that_takes_no(SaveTurn, house, monkeypatch):
        await siti.say("/menu")
        assert "tutup sebentar" in siti.text

    assert (await siti.say("/menu")).text == MENU


async def test_an_update_is_kept_with_nothing_in_it_once_it_was_handled(house: ChatHouse, siti: Someone):
    await siti.buys()

    arrivals = await house.arrivals()
    assert len(arrivals) > 5
    assert [one for one in arrivals if one.sealed or one.done_at is None] == []


# ---- out of order


async def test_pads_and_words_that_come_in_disorder_never_pay_twice(house: ChatHouse, siti: Someone):
    await siti.to_the_pin()
    house.server.hold()
    for digit in "7391":
        await siti.person.press(digit)
    await siti.person.press("✅")
    await siti.person.press("✅")
    await siti.person.say("7391")
    numbers = [update.update_id for update in house.server.held]

    house.server.release(list(reversed(numbers)))
    await siti.settled()

    assert len(await house.payments()) == 1
    assert await siti.rupiah() == 147_500


async def test_a_press_that_comes_late_draws_the_present_screen(house: ChatHouse, siti: Someone):
    await siti.start()
    house.server.hold()
    await siti.person.press("Electricity token")
    await siti.person.say("/topup")
    first, second = (update.update_id for update in house.server.held)

    house.server.release([second, first])
    await siti.settled()

    assert siti.toasts == ["That button is from an earlier screen. You are here now."]
    assert "How much? Choose, or type" in siti.text


async def test_what_one_person_does_is_done_in_its_order(house: ChatHouse, siti: Someone):
    await siti.start()

    for words in ("/menu", "1", METER, "2"):
        await siti.person.say(words)
    await siti.settled()

    assert "Total Rp52,500" in siti.text


async def test_one_slow_chat_holds_up_no_other(house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch):
    budi = await house.customer(1002, phone="+6281200000002", name="Budi")
    listen, slow = type(house.inside.house.listener).listen, asyncio.Event()

    async def sometimes(listener: Any, said: Any) -> Any:
        if said.address == siti.address:
            await slow.wait()
        return await listen(listener, said)

    monkeypatch.setattr(type(house.inside.house.listener), "listen", sometimes)
    await siti.person.start()
    await budi.person.start()

    assert (await budi.sees(MENU)).text == MENU
    assert siti.from_bot == []
    slow.set()
    assert (await siti.settled()).text == MENU
