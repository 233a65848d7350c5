"""The USSD webhooks. Whoever does not know a gateway's secret finds nothing here, as at any wrong address."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from aiohttp import web

from ussd.desk import Desk
from ussd.gateways.base import Gateway, Reply

LARGEST_BODY = 16 * 1024
BODY_WITHIN_S = 5.0

Answer = Callable[[Gateway, bytes], Awaitable[Reply]]
Observe = Callable[[str, float], None]


@dataclass(frozen=True)
class Door:
    """A gateway and the secrets that open its address: none closes it, two are open while one is being changed."""

    gateway: Gateway
    secrets: Sequence[str] = field(repr=False)


def ussd_routes(
    desk: Desk,
    doors: Iterable[Door],
    *,
    observe: Observe = lambda _gateway, _seconds: None,
    body_within_s: float = BODY_WITHIN_S,
) -> list[web.RouteDef]:
    """`/ussd/GATEWAY/SECRET` and `…/SECRET/events` for each gateway; with a wrong method they are not found either.

    `observe` hears which gateway had an answer, and the seconds from its delivery on.
    """

    async def answer(gateway: Gateway, body: bytes) -> Reply:
        started = time.perf_counter()
        reply = await desk.answer(gateway, body)
        observe(gateway.name, time.perf_counter() - started)
        return reply

    return [
        web.route("*", f"/ussd/{door.gateway.name}/{{secret}}{tail}", _handler(door, answers, body_within_s))
        for door in doors
        for tail, answers in (("", answer), ("/events", desk.hear_event))
    ]


def _handler(door: Door, answer: Answer, body_within_s: float) -> Callable[[web.Request], Awaitable[web.Response]]:
    keys = [_key(secret) for secret in door.secrets]

    async def handle(request: web.Request) -> web.Response:
        if not _opens(request.match_info["secret"], keys) or request.method != "POST":
            raise web.HTTPNotFound
        reply = await answer(door.gateway, await whole_body(request, LARGEST_BODY, within_s=body_within_s))
        return web.Response(body=reply.body, status=reply.status, content_type=reply.content_type, charset="utf-8")

    return handle


async def whole_body(request: web.Request, largest: int, *, within_s: float = BODY_WITHIN_S) -> bytes:
    """The body; an empty one, which is no delivery of anybody, if it is too large, too slow or wrongly packed."""
    if request.content.is_eof() and request.content.exception() is None:
        # It came in one packet with its headers, as nearly all do: a timer would cost more than the reading.
        whole = request.content.read_nowait()
        return whole if len(whole) <= largest else b""
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > largest:
                    return b""
    except (TimeoutError, web.RequestPayloadError):
        return b""
    return bytes(body)


def _opens(given: str, keys: Sequence[bytes]) -> bool:
    """Takes as long for a wrong secret as for a right one, and looks at all of them."""
    key = _key(given)
    return sum(hmac.compare_digest(key, live) for live in keys) > 0


def _key(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
