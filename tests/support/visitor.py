"""A visitor of the demo, without a browser: she asks what the page would ask."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from console.demo.run import Wishes, demo_in
from console.house import House

Json = dict[str, Any]
Sight = Callable[[Json], object]

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

    # ---- the feature phone

    async def call(self, person: str, *typed: str, ended: str = "Success") -> Json:
        """Dial, type, and see the last screen; then hang up."""
        session, text = uuid.uuid4().hex, ""
        screen = await self.ask("phone", person=person, session=session, text=text)
        for words in typed:
            assert not screen["ends"], screen["words"]
            text = f"{text}*{words}" if text else words
            screen = await self.ask("phone", person=person, session=session, text=text)
        await self.ask("hang-up", person=person, session=session, ended=ended)
        return screen

    # ---- the smartphone

    async def chat(self, person: str) -> Json:
        """The chat as it is now."""
        return await self.sees_chat(person, lambda view: True)

    async def sees_chat(self, person: str, what: Sight) -> Json:
        """The first view of the chat in which this is so. Fails if it does not come soon."""
        return await self._sees(f"chat?person={person}", what)

    async def reads(self, person: str, words: str) -> Json:
        """The bot's newest message with these words, once it is there."""
        return said_in(await self.sees_chat(person, lambda view: bool(said_in(view, words))), words)

    async def press(self, person: str, *labels: str) -> None:
        """Buttons by their labels or a part of them, each as soon as it is there, on the newest message that has it."""
        for label in labels:
            view = await self.sees_chat(person, partial(button_in, label=label))
            message, button = button_in(view, label)[0]
            await self.ask("chat/press", person=person, message=str(message["message_id"]), data=button["data"])

    async def type_pin(self, person: str, pin: str) -> None:
        await self.press(person, *pin, "✅")

    # ---- the operator's view

    async def sees(self, what: Sight) -> Json:
        """The first live view in which this is so. Fails if it does not come soon."""
        return await self._sees("live", what)

    async def _sees(self, where: str, what: Sight) -> Json:
        view: Json = {}
        try:
            async with asyncio.timeout(SOON_S), self.http.get(f"{self.page}/{where}") as reply:
                async for line in reply.content:
                    view = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                    if view and what(view):
                        return view
        except TimeoutError:
            raise AssertionError(f"it did not come, but {view}") from None
        raise AssertionError("the view ended")


def said_in(view: Json, words: str) -> Json:
    """The bot's newest message with these words; empty if there is none."""
    said = (one for one in reversed(view["messages"]) if one["from_bot"] and words in one["text"])
    return next(said, {})


def button_in(view: Json, label: str) -> list[tuple[Json, Json]]:
    """Messages with such a button, and the button: what fits exactly before what does in part, the newest first."""
    found = [
        (message, button)
        for message in reversed(view["messages"])
        for row in message["buttons"]
        for button in row
        if label in button["text"]
    ]
    return sorted(found, key=lambda pair: pair[1]["text"] != label)


@asynccontextmanager
async def visiting(folder: Path) -> AsyncIterator[Visitor]:
    """A demo in a folder, and somebody who looks at it. What the real Telegram would have refused fails the test."""
    async with demo_in(folder, ANY_PORT) as house, aiohttp.ClientSession() as http:
        visitor = Visitor(http, house)
        yield visitor
        view = await visitor.sees(lambda view: True)
        assert view["violations"] == []
