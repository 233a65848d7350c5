"""The demo's pages, their files, and what may be asked of them. All of it lies under `/demo`, on the console's port."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.wiring import Wired
from console.demo.accounts import BOT_NAME, BOT_USERNAME
from console.demo.asked import asked, at_home, person_in, session_in, unfit
from console.demo.chats import Chats
from console.demo.chatting import chat_routes
from console.demo.live import streaming
from console.demo.lookout import Lookout, wallet_of
from console.demo.moods import MOODS, Provider
from console.demo.opening import BANK, OPERATOR
from console.demo.people import PEOPLE
from console.demo.phones import Phones
from core.domain.money import Money
from core.refusal import Fault
from core.services.top_up import top_up_wallet

PAGE = Path(__file__).parent / "page"
TOP_UP = 50_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """What the handlers need. `short_code` is what the phones dial."""

    parts: Wired
    phones: Phones
    chats: Chats
    provider: Provider
    lookout: Lookout
    short_code: str


def add_pages(site: Site, app: web.Application) -> None:
    """Put the demo under `/demo` of an application that is not yet served."""
    closing = asyncio.Event()
    demo = web.Application(middlewares=[at_home, _said])
    for address in ("", "/"):
        demo.router.add_get(address, _file(PAGE / "index.html"))
    for path in sorted(PAGE.iterdir()):
        demo.router.add_get(f"/page/{path.name}", _file(path))
    demo.router.add_get("/stage", _answering(site, stage))
    demo.router.add_get("/live", streaming(site.lookout.look, closing))
    for name, handle in ORDERS.items():
        demo.router.add_post(f"/{name}", _answering(site, handle))
    demo.router.add_routes(chat_routes(site.chats, closing))
    demo.on_response_prepare.append(_with_headers)

    async def close(_app: web.Application) -> None:
        closing.set()

    # Before connections are waited for: readers of the live view would stay for ever.
    demo.on_shutdown.append(close)
    app.add_subapp("/demo", demo)


# ---- what may be asked


async def stage(site: Site, _request: web.Request) -> Json:
    """Who is there, what they dial, and how the provider may behave: all that never changes."""
    people = [
        {
            "key": person.key,
            "name": person.name,
            "number": person.msisdn,
            "speaks": person.speaks,
            "pin": person.pin,
            "hint": person.hint,
            "reference_name": person.reference_name,
            "reference": person.reference,
        }
        for person in PEOPLE.values()
    ]
    moods = [{"key": mood.key, "name": mood.name, "story": mood.story} for mood in MOODS.values()]
    bot = {"name": BOT_NAME, "username": BOT_USERNAME}
    return {"people": people, "moods": moods, "short_code": site.short_code, "top_up": TOP_UP, "bot": bot}


async def phone(site: Site, request: web.Request) -> Json:
    """One turn of a phone: `text` is all that was typed in the session, joined by `*`, as the gateway sends it."""
    fields = await asked(request, "person", "session", "text")
    return await site.phones.dial(person_in(fields), session_in(fields), fields["text"])


async def hang_up(site: Site, request: web.Request) -> Json:
    fields = await asked(request, "person", "session", "ended")
    await site.phones.hang_up(person_in(fields), session_in(fields), fields["ended"])
    return {}


async def messages(site: Site, request: web.Request) -> Json:
    fields = await asked(request, "person")
    return {"messages": await site.phones.messages(person_in(fields))}


async def top_up(site: Site, request: web.Request) -> Json:
    """Money came in for a person, as an operator posts it: under an evidence number of its own."""
    person = person_in(await asked(request, "person"))
    wallet = await wallet_of(site.parts, person.key)
    if wallet is None:
        raise unfit(f"{person.name} has no wallet yet: dial {site.short_code} first.")
    counter = site.parts.counter
    sum_ = Money.of(TOP_UP, wallet.currency)
    evidence = f"demo-{counter.ids.new()}"
    await top_up_wallet(counter, wallet.wallet_id, sum_, bank=BANK, evidence=evidence, by=OPERATOR)
    return {}


async def provider(site: Site, request: web.Request) -> Json:
    fields = await asked(request, "mood")
    if fields["mood"] not in MOODS:
        raise unfit(f"The provider may be {', '.join(MOODS)}.")
    await site.provider.put(MOODS[fields["mood"]])
    return {}


Answer = Callable[[Site, web.Request], Awaitable[Json]]

ORDERS: dict[str, Answer] = {
    "phone": phone,
    "hang-up": hang_up,
    "messages": messages,
    "top-up": top_up,
    "provider": provider,
}


# ---- how it is answered


def _answering(site: Site, answer: Answer) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(await answer(site, request))

    return handle


def _file(path: Path) -> Handler:
    body = path.read_bytes()
    kind, _ = mimetypes.guess_type(path.name)

    async def handle(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind or "application/octet-stream", charset="utf-8")

    return handle


@web.middleware
async def _said(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What fails outside is said in a sentence, as everything on this page is."""
    try:
        return await handler(request)
    except Fault as fault:
        return web.json_response({"error": str(fault)}, status=502)


async def _with_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
