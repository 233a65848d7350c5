"""Heads to somebody's server: POST of the note as plain text. Anything but 2xx is tried again."""

from __future__ import annotations

import aiohttp

from adapters.safe_url import refuse_unsafe
from core.refusal import Fault

LIMIT = aiohttp.ClientTimeout(total=15, connect=5)
HEADERS = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity", "User-Agent": "loket"}


class NotTaken(Fault):
    """The other side did not take the head, or did not say so."""


class WebhookBoard:
    """A `HeadBoard`. Redirects are not followed, cookies not kept, proxies of the environment not used."""

    def __init__(self, url: str, *, limit: aiohttp.ClientTimeout = LIMIT) -> None:
        """Raises `UnsafeUrl` unless it is a plain https URL, or http to this very machine."""
        refuse_unsafe(url)
        self.name = "webhook"
        self._url, self._limit = url, limit

    async def put(self, note: str) -> None:
        try:
            async with (
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=self._limit) as http,
                http.post(self._url, data=note.encode(), headers=HEADERS, allow_redirects=False) as reply,
            ):
                took = reply.status
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            raise NotTaken(type(trouble).__name__) from None
        if not 200 <= took < 300:
            raise NotTaken(f"HTTP {took}")
