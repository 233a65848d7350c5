"""Where several processes share a store, one of them talks to Telegram; what the others are brought is found by it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.charge import Charge
from core.ports import StoreDown
from core.services.claim import has_role
from tests.bot.test_inbox import Desk, at, box, empty, update
from tests.support.counters import Bench

__all__ = ["at"]


class Says:
    """Whether it has the role, as told."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)

    async def __call__(self) -> bool:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_alone_it_is_always_ours_and_nobody_is_asked():
    charge = Charge(None)
    assert charge.mine
    assert not charge.shared
    await charge.keep()


async def test_it_comes_and_goes_as_it_is_answered():
    charge = Charge(Says(False, True, False), ask_every_s=0.01)
    keeping = asyncio.create_task(charge.keep())
    assert not charge.mine
    async with asyncio.timeout(2):
        await charge.becomes(True)
        await charge.becomes(False)
    keeping.cancel()


async def test_while_the_store_says_nothing_it_is_not_ours():
    charge = Charge(Says(True, StoreDown("gone"), False), ask_every_s=0.01)
    keeping = asyncio.create_task(charge.keep())
    async with asyncio.timeout(2):
        await charge.becomes(True)
        await charge.becomes(False)
    keeping.cancel()


async def test_of_two_processes_one_has_it_until_it_dies(at: Bench):
    async def asking(name: str) -> bool:
        return await has_role(replace(at.counter, worker=name), "telegram", lasts=timedelta(seconds=20))

    assert [await asking("ana"), await asking("budi")] == [True, False]
    at.clock.pass_by(seconds=21)
    assert [await asking("budi"), await asking("ana")] == [True, False]


async def test_what_another_process_was_brought_is_answered_by_the_one_in_charge(at: Bench):
    other, ours = Desk(), Desk()
    beside = box(at, other, charge=Charge(Says(False)))
    inbox = box(at, ours)

    await beside.keep(update(1))
    await empty(beside)
    assert other.handled == []
    assert await inbox.take_up() == 1
    await empty(inbox)

    assert ours.handled == [1]
    assert await inbox.take_up() == 0


async def test_who_loses_it_goes_no_further_and_may_have_it_again(at: Bench):
    desk = Desk()
    charge = Charge(None)
    inbox = box(at, desk, charge=charge)
    desk.free.clear()
    for number in (1, 2, 3):
        await inbox.keep(update(number))
    await asyncio.sleep(0)

    charge.mine = False
    desk.free.set()
    await empty(inbox)
    assert desk.handled == [1]

    charge.mine = True
    assert await inbox.take_up() == 2
    await empty(inbox)
    assert desk.handled == [1, 2, 3]
