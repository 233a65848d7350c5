"""`POST /telegram`. Whoever does not know the secret finds nothing here; what is taken is stored before the answer."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiohttp import web

from core.ports import StoreDown

log = structlog.get_logger(__name__)

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY = 1024 * 1024
LARGEST_NUMBER = 1 << 63

Take = Callable[[dict[str, Any]], Awaitable[None]]
ReadBody = Callable[[web.Request, int], Awaitable[bytes]]


def webhook_route(secrets: Sequence[str], take: Take, read_body: ReadBody) -> web.RouteDef:
    """`secrets` are those that Telegram may prove itself with: one, or two while one is being changed.

    `read_body` answers at most so many bytes of a request, in bounded time; nothing when there are more.
    """
    keys = [secret.encode() for secret in secrets]

    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogatepass")
        if not any(hmac.compare_digest(given, key) for key in keys) or request.method != "POST":
            raise web.HTTPNotFound
        body = await read_body(request, LARGEST_BODY)
        if not body:
            # Broken off or too slow. What is acknowledged never comes again, so this is not.
            log.warning("update_not_read")
            raise web.HTTPServiceUnavailable
        update = _update(body)
        if update is None:
            # With our secret it is Telegram's; sent again it would be no more legible.
            log.error("update_unreadable")
            return web.Response()
        try:
            await take(update)
        except StoreDown as down:
            log.warning("update_not_kept", why=str(down))
            raise web.HTTPServiceUnavailable from down
        return web.Response()

    return web.route("*", PATH, handle)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if type(number) is int and 0 <= number < LARGEST_NUMBER else None
