"""What the page asks of a smartphone: `POST /demo/chat/…`, `GET /demo/chat` as it happens, and the pictures in it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from console.demo.asked import asked, person_in, unfit
from console.demo.chats import Chats, NotThere
from console.demo.live import told, waited

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Order = Callable[[Chats, web.Request], Awaitable[Json]]

# A bot that edits three messages in one breath is looked at once.
BREATH_S, AT_LEAST_EVERY_S = 0.03, 10.0
MESSAGE_ID = re.compile(r"[1-9][0-9]{0,14}")
LINK = re.compile(r"[A-Za-z0-9_-]{0,64}")
PICTURE = re.compile(r"[A-Za-z0-9_-]{1,128}")
LONGEST_DATA = 64


async def start(chats: Chats, request: web.Request) -> Json:
    """Start pressed, or a link t.me/bot?start=… opened; `link` is blank without one."""
    fields = await asked(request, "person", "link")
    person = person_in(fields)
    if not LINK.fullmatch(fields["link"]):
        raise unfit("link is at most 64 letters, digits, _ and -.")
    await chats.start(person.key, fields["link"])
    return {}


async def say(chats: Chats, request: web.Request) -> Json:
    fields = await asked(request, "person", "text")
    person = person_in(fields)
    if not fields["text"].strip():
        raise unfit("text is empty.")
    await chats.say(person.key, fields["text"])
    return {}


async def share(chats: Chats, request: web.Request) -> Json:
    person = person_in(await asked(request, "person"))
    try:
        await chats.share(person.key)
    except NotThere as gone:
        raise unfit(str(gone)) from None
    return {}


async def press(chats: Chats, request: web.Request) -> Json:
    """`data` is what stood behind the button."""
    fields = await asked(request, "person", "message", "data")
    person, message = person_in(fields), message_in(fields["message"])
    if not 1 <= len(fields["data"].encode("utf-8", "replace")) <= LONGEST_DATA:
        raise unfit("data is 1 to 64 bytes.")
    await chats.press(person.key, message, fields["data"])
    return {}


async def pay(chats: Chats, request: web.Request) -> Json:
    """An invoice, with the card that everybody has here; answers whether it was paid, else why not."""
    fields = await asked(request, "person", "message")
    return await chats.pay(person_in(fields).key, message_in(fields["message"]))


ORDERS: dict[str, Order] = {"start": start, "say": say, "share": share, "press": press, "pay": pay}


def message_in(words: str) -> int:
    if not MESSAGE_ID.fullmatch(words):
        raise unfit("message is the number of a message.")
    return int(words)


def chat_routes(chats: Chats, closing: asyncio.Event) -> list[web.RouteDef]:
    return [
        web.get("/chat", _live(chats, closing)),
        web.get("/photo/{file_id}", _picture(chats)),
        *(web.post(f"/chat/{name}", _ordered(chats, order)) for name, order in ORDERS.items()),
    ]


def _ordered(chats: Chats, order: Order) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(await order(chats, request))

    return handle


def _live(chats: Chats, closing: asyncio.Event) -> Handler:
    async def live(request: web.Request) -> web.StreamResponse:
        key = person_in({"person": request.query.get("person", "")}).key
        with chats.watched(key) as changed:

            async def look() -> Json:
                changed.clear()
                return chats.view(key)

            async def rest() -> None:
                await waited(changed, closing, within_s=AT_LEAST_EVERY_S)
                await asyncio.sleep(BREATH_S)

            return await told(request, look, rest, closing)

    return live


def _picture(chats: Chats) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        file_id = request.match_info["file_id"]
        found = chats.picture(file_id) if PICTURE.fullmatch(file_id) else None
        if found is None:
            raise web.HTTPNotFound(text="There is no such picture.")
        data, kind = found
        # A file id always means the same picture.
        return web.Response(body=data, content_type=kind, headers={"Cache-Control": "private, max-age=3600, immutable"})

    return handle
