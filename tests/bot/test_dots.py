"""The dots follow the fingers about once a second, and never paint over what comes after the pad."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.dots import Dots

EVERY_S = 0.02


class Pad:
    """Edits of a pad as they were made; each takes until it is `let` through."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.free = asyncio.Event()
        self.free.set()
        self.begun = asyncio.Event()

    def shows(self, count: int) -> Callable[[], asyncio.Future[None]]:
        async def show() -> None:
            self.begun.set()
            await self.free.wait()
            self.shown.append(count)

        return lambda: asyncio.ensure_future(show())


async def test_the_first_is_shown_at_once_and_of_the_rest_the_newest():
    dots, pad = Dots(every_s=EVERY_S), Pad()

    for count in range(1, 7):
        dots.changed("1001", pad.shows(count))
        await asyncio.sleep(0)
    await asyncio.sleep(3 * EVERY_S)

    assert pad.shown in ([1, 6], [6])


async def test_after_it_is_still_nothing_is_painted_any_more():
    dots, pad = Dots(every_s=EVERY_S), Pad()
    dots.changed("1001", pad.shows(1))
    await pad.begun.wait()
    dots.changed("1001", pad.shows(2))

    await dots.still("1001")
    await asyncio.sleep(3 * EVERY_S)

    assert pad.shown in ([], [1])


async def test_an_edit_under_way_is_waited_for():
    dots, pad = Dots(every_s=EVERY_S), Pad()
    pad.free.clear()
    dots.changed("1001", pad.shows(1))
    await pad.begun.wait()

    still = asyncio.create_task(dots.still("1001"))
    await asyncio.sleep(0)
    assert not still.done()
    pad.free.set()
    await still

    assert pad.shown == [1]


async def test_a_rest_is_not_waited_for():
    dots, pad = Dots(every_s=60), Pad()
    dots.changed("1001", pad.shows(1))
    await pad.begun.wait()

    async with asyncio.timeout(1):
        await dots.still("1001")


async def test_chats_do_not_wait_for_each_other():
    dots, slow, quick = Dots(every_s=EVERY_S), Pad(), Pad()
    slow.free.clear()
    dots.changed("1001", slow.shows(1))
    dots.changed("1002", quick.shows(1))
    await quick.begun.wait()

    await dots.still("1002")

    assert (slow.shown, quick.shown) == ([], [1])
    slow.free.set()
    await dots.still("1001")


async def test_it_can_be_still_where_nothing_moves():
    await Dots().still("1001")
