"""Polling: what was given is asked for again until it is kept, and trouble ends nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.botapi import BotApiOptions, running
from adapters.botapi.faults import How
from bot import polling
from bot.api import Api
from bot.inbox import Keep
from core.ports import StoreDown
from tests.support.chats import ChatHouse, Someone, a_chat_house, until

MENU = "What do you want to do?"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "TRY_AGAIN_S", 0.02)
    monkeypatch.setattr(polling, "LONGEST_S", 0.1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ChatHouse]:
    async with a_chat_house(tmp_path, polling=True) as opened:
        yield opened


async def test_a_token_is_bought(siti: Someone):
    await siti.start()

    await siti.buys()

    assert "Token" in siti.text


async def test_what_cannot_be_kept_is_asked_for_again_and_counts_once(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    await siti.to_the_pin()
    refused: list[Any] = []
    commit = type(house.store).commit

    async def committed(store: Any, change: Any) -> Any:
        if isinstance(change, Keep):
            refused.append(change)
            raise StoreDown("the disk is full")
        return await commit(store, change)

    with monkeypatch.context() as patched:
        patched.setattr(type(house.store), "commit", committed)
        await siti.person.say("7391")
        await until(lambda: len(refused) > 1, 3, lambda: "it was not asked for again")
        assert len(house.server.updates.waiting) == 1
    await siti.settled()

    assert [payment.state for payment in await house.payments()] == ["captured"]
    assert "Token" in siti.text


async def test_a_bad_line_is_tried_again(house: ChatHouse, siti: Someone):
    troubles: list[How] = ["500", "502", "garbage", "drop", "drop_before"]
    for trouble in troubles:
        house.server.fail_next("getUpdates", trouble, times=2)
        house.server.updates.end_poll("a test")

        assert (await siti.start()).text == MENU
    assert len(house.logged("not_polled")) > len(troubles)


async def test_a_second_bot_with_our_name_is_logged_and_outlived(house: ChatHouse, siti: Someone):
    token = house.server.options.token
    async with house.inside.http.get(f"{house.server.url}/bot{token}/getUpdates?timeout=0") as reply:
        assert reply.status == 200
    await until(lambda: bool(house.logged("not_polled")), 3, lambda: "nothing was logged")

    assert house.logged("not_polled")[0]["why"] == "Conflict"
    assert (await siti.start()).text == MENU


async def test_an_update_that_the_library_cannot_read_holds_up_nobody(house: ChatHouse, siti: Someone):
    house.expected.add("arrival_failed")
    odd = {"chat": {"id": 1002}, "from": "nobody", "text": "halo"}
    house.server.tell_bot("message", odd, queue=("chat", 1002))
    house.server.tell_bot("callback_query", {"from": {"id": 1002}, "message": "gone"}, queue=("query", 1002))

    assert (await siti.start()).text == MENU
    assert len(house.logged("arrival_failed")) == 2
    assert house.logged("polling_failed") == []


async def test_a_bug_does_not_end_it(house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch):
    """It must not leave everybody without an answer for ever."""
    house.expected.add("polling_failed")
    updates_as_sent = Api.updates_as_sent
    failed: list[int] = []

    async def sometimes(*args: Any, **more: Any) -> Any:
        if not failed:
            failed.append(1)
            raise TypeError("a bug")
        return await updates_as_sent(*args, **more)

    monkeypatch.setattr(Api, "updates_as_sent", sometimes)
    house.server.updates.end_poll("a test")

    assert (await siti.start()).text == MENU
    assert house.logged("polling_failed")


async def test_a_restart_goes_on_where_it_was(tmp_path: Path):
    async with running(BotApiOptions()) as server:
        async with a_chat_house(tmp_path, polling=True, telegram=server) as house:
            siti = await house.customer()
            await siti.to_the_pin()
        server.updates.polled = False
        await siti.person.say("7391")
        async with a_chat_house(tmp_path, polling=True, telegram=server) as house:
            siti = house.person()
            await siti.settled()

            assert "Token" in siti.text
            assert len(await house.payments()) == 1
