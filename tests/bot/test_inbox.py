"""What waits is handled in order in each chat, again while nothing can be shown, and given up when nobody looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import inbox as boxes
from bot.charge import Charge
from bot.inbox import Inbox, address_of
from bot.seal import Seal
from core.domain.chat import SLOTS, Arrival
from core.ports import Overtaken, StoreDown
from core.refusal import Fault
from tests.support.chats import until
from tests.support.counters import Bench, bench

SECRET = b"a-secret-key-of-the-tests-only"


class Desk:
    """Handles what it is given, and raises what it was told to first."""

    def __init__(self) -> None:
        self.handled: list[int] = []
        self.raises: list[Exception] = []
        self.given_up: list[int] = []
        self.free = asyncio.Event()
        self.free.set()

    async def handle(self, arrival: Arrival, said: dict[str, Any]) -> None:
        await self.free.wait()
        if self.raises:
            raise self.raises.pop(0)
        self.handled.append(said["update_id"])

    async def give_up(self, arrival: Arrival) -> None:
        self.given_up.append(arrival.number)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "A_MOMENT_S", 0.01)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as opened:
        yield opened


def box(at: Bench, desk: Desk, secret: bytes = SECRET, charge: Charge | None = None) -> Inbox:
    return Inbox(at.store, at.clock, Seal(secret), desk.handle, desk.give_up, charge)


def update(number: int, chat: int = 1001) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": "7391"}}


async def empty(inbox: Inbox) -> None:
    await until(lambda: not inbox.waiting, 5, lambda: f"{inbox.waiting} wait")


async def test_each_is_handled_once_however_often_it_comes(at: Bench):
    desk = Desk()
    inbox = box(at, desk)

    new = [await inbox.keep(update(number)) for number in (7, 7, 8, 7)]
    await empty(inbox)

    assert new == [True, False, True, False]
    assert desk.handled == [7, 8]
    assert await inbox.keep(update(7)) is False


async def test_those_that_wait_are_handled_by_their_numbers(at: Bench):
    desk = Desk()
    inbox = box(at, desk)
    desk.free.clear()
    for number in (1, 5, 3, 4):
        await inbox.keep(update(number))
    desk.free.set()
    await empty(inbox)

    assert desk.handled == sorted(desk.handled)


async def test_while_nothing_can_be_shown_it_is_tried_again_and_in_order(at: Bench):
    desk = Desk()
    inbox = box(at, desk)
    desk.raises = [Fault("no network"), StoreDown("full"), Fault("no network")]

    with capture_logs() as logs:
        await inbox.keep(update(1))
        await inbox.keep(update(2))
        await empty(inbox)

    assert desk.handled == [1, 2]
    assert {line["log_level"] for line in logs} == {"warning"}


async def test_what_could_not_be_shown_for_ten_minutes_is_given_up(at: Bench):
    desk = Desk()
    inbox = box(at, desk)
    desk.raises = [Fault("no network")] * 1_000
    with capture_logs():
        await inbox.keep(update(1))
        await inbox.keep(update(2))
        at.clock.pass_by(minutes=10)
        await empty(inbox)
    desk.raises = []

    await inbox.keep(update(3))
    await empty(inbox)

    assert desk.handled == [3]
    assert desk.given_up == [1, 2]


async def test_a_store_that_fails_as_one_is_given_up_loses_nothing(at: Bench, monkeypatch: pytest.MonkeyPatch):
    desk = Desk()
    inbox = box(at, desk)
    desk.raises = [Fault("no network")] * 3
    commit, down = type(at.store).commit, [1, 1]

    async def committed(store: Any, change: Any) -> Any:
        if isinstance(change, boxes.Done) and down:
            down.pop()
            raise StoreDown("the disk is full")
        return await commit(store, change)

    monkeypatch.setattr(type(at.store), "commit", committed)
    with capture_logs():
        await inbox.keep(update(1))
        at.clock.pass_by(minutes=10)
        await inbox.keep(update(2))
        await empty(inbox)

    assert 2 in desk.handled
    assert await at.store.arrivals_waiting("telegram", limit=9) == []


@pytest.mark.parametrize("trouble", [Overtaken("version 3"), KeyError("a bug")])
async def test_a_chat_goes_on_whatever_comes_as_one_is_marked(
    at: Bench, monkeypatch: pytest.MonkeyPatch, trouble: Exception
):
    desk = Desk()
    inbox = box(at, desk)
    commit, raised = type(at.store).commit, [trouble]

    async def committed(store: Any, change: Any) -> Any:
        if isinstance(change, boxes.Done) and raised:
            raise raised.pop()
        return await commit(store, change)

    monkeypatch.setattr(type(at.store), "commit", committed)
    with capture_logs() as logs:
        await inbox.keep(update(1))
        await inbox.keep(update(2))
        await empty(inbox)

    assert desk.handled == [1, 1, 2]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["arrival_not_done"]
    assert await at.store.arrivals_waiting("telegram", limit=9) == []


async def test_a_bug_about_one_is_loud_and_the_next_is_handled(at: Bench):
    desk = Desk()
    inbox = box(at, desk)
    desk.raises = [KeyError("a bug")]

    with capture_logs() as logs:
        await inbox.keep(update(1))
        await inbox.keep(update(2))
        await empty(inbox)

    assert desk.handled == [2]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["arrival_failed"]


async def test_chats_do_not_wait_for_each_other(at: Bench):
    desk = Desk()
    inbox = box(at, desk)
    desk.raises = [Fault("no network")]

    with capture_logs():
        await inbox.keep(update(1, chat=1001))
        await inbox.keep(update(2, chat=1002))
        await until(lambda: 2 in desk.handled, 5, lambda: "it waited")
        await empty(inbox)


async def test_what_an_earlier_process_left_is_taken_up(at: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(boxes, "MOST_FOUND", 2)  # and more than is looked for at first
    fallen, desk = Desk(), Desk()
    fallen.free.clear()
    earlier = box(at, fallen)
    for number in (1, 2, 3):
        await earlier.keep(update(number))
    await earlier.finish(0)

    inbox = box(at, desk)
    assert await inbox.take_up() == 3
    await empty(inbox)

    assert desk.handled == [1, 2, 3]
    assert await at.store.arrivals_waiting("telegram", limit=9) == []


async def test_what_was_sealed_with_another_secret_is_loud_and_done_with(at: Bench):
    fallen, desk = Desk(), Desk()
    fallen.free.clear()
    earlier = box(at, fallen)
    await earlier.keep(update(1))
    await earlier.finish(0)

    with capture_logs() as logs:
        inbox = box(at, desk, b"another-secret-of-the-tests-only")
        await inbox.take_up()
        await empty(inbox)

    assert desk.handled == []
    assert [line["event"] for line in logs] == ["arrival_unreadable"]


async def test_a_place_that_is_still_taken_is_not_given_away(at: Bench):
    """Far more must wait than a network ever repeats; then it is asked to come again."""
    desk = Desk()
    inbox = box(at, desk)
    desk.free.clear()
    await inbox.keep(update(1))

    with pytest.raises(StoreDown):
        await inbox.keep(update(1 + SLOTS))
    desk.free.set()
    await empty(inbox)
    assert await inbox.keep(update(1 + SLOTS))
    await empty(inbox)
    assert desk.handled == [1, 1 + SLOTS]


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ({"message": {"chat": {"id": 7}}}, "7"),
        ({"callback_query": {"from": {"id": 7}}}, "7"),
        ({"my_chat_member": {"chat": {"id": -7}}}, "-7"),
        ({"message": {"chat": 7}}, ""),
        ({"message": None}, ""),
        ({"poll": {}}, ""),
    ],
)
def test_whose_an_update_is(said: dict[str, Any], whose: str):
    assert address_of(said) == whose
