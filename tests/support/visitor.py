"""A visitor of the demo, without a browser: she asks what the page would ask."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from console.demo.run import Wishes, demo_in
from console.house import House

Json = dict[str, Any]

ANY_PORT = Wishes(port=0, console_port=0, latency_ms=(0, 0))
SOON_S = 15


class Visitor:
    """`page` is the address of the demo."""

    def __init__(self, http: aiohttp.ClientSession, house: House) -> None:
        self.http, self.house = http, house
        self.page = f"http://127.0.0.1:{house.console_port}/demo"

    async def ask(self, what: str, **fields: str) -> Json:
        status, said = await self.try_to_ask(what, **fields)
        assert status == 200, said
        return said

    async def try_to_ask(self, what: str, **fields: object) -> tuple[int, Json]:
        async with self.http.post(f"{self.page}/{what}", json=fields) as reply:
            return reply.status, await reply.json()

    async def call(self, person: str, *typed: str) -> Json:
        """Dial, type, and see the last screen; then hang up."""
        session, text = uuid.uuid4().hex, ""
        screen = await self.ask("phone", person=person, session=session, text=text)
        for words in typed:
            assert not screen["ends"], screen["words"]
            text = f"{text}*{words}" if text else words
            screen = await self.ask("phone", person=person, session=session, text=text)
        await self.ask("hang-up", person=person, session=session, ended="Success")
        return screen

    async def sees(self, what: Callable[[Json], bool]) -> Json:
        """The first live view in which this is so. Fails if it does not come soon."""
        async with asyncio.timeout(SOON_S), self.http.get(f"{self.page}/live") as reply:
            async for line in reply.content:
                view: Json = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                if view and what(view):
                    return view
        raise AssertionError("the live view ended")


@asynccontextmanager
async def visiting(folder: Path) -> AsyncIterator[Visitor]:
    """A demo in a folder, and somebody who looks at it."""
    async with demo_in(folder, ANY_PORT) as house, aiohttp.ClientSession() as http:
        yield Visitor(http, house)
