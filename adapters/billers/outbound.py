"""HTTP to a provider with a bound on everything. What goes wrong has a name and is never raised.

The names matter for money: only `NOT_SENT` says that not a byte of the request left this machine. Whatever else went
wrong may have happened after the provider had done what it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

import aiohttp

from adapters.billers.strict_json import read_json
from adapters.safe_url import refuse_unsafe

KIB = 1024
BEGINS = 200
AT_ONCE = 64
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "loket"}


class Fate(StrEnum):
    """What became of a call. Only the first brings a document."""

    ANSWERED = "answered"
    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"
    REDIRECTED = "redirected"
    SERVER_ERROR = "server_error"
    TOO_BIG = "too_big"
    NOT_JSON = "not_json"


@dataclass(frozen=True, slots=True)
class Reply:
    """`begins` are the first characters of a reply that is no document: evidence, not for any log."""

    fate: Fate
    http_status: int = 0
    document: object = None
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for the whole call and, within it, for the connection; bytes of the reply."""

    total_s: float
    connect_s: float = 5.0
    reply_bytes: int = 64 * KIB


class Outbound:
    """One provider's HTTP. Redirects are not followed, cookies not kept, proxies of the environment not used."""

    def __init__(self, base_url: str) -> None:
        """Raises `UnsafeUrl` unless it is a plain https URL, or http to this very machine."""
        refuse_unsafe(base_url)
        self._base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: Mapping[str, object], limits: Limits) -> Reply:
        """Send one JSON object and read the answer; raises nothing but a cancellation."""
        timeout = aiohttp.ClientTimeout(total=limits.total_s, connect=limits.connect_s)
        try:
            async with self._open().post(
                self._base_url + path, json=body, timeout=timeout, allow_redirects=False
            ) as response:
                return await _read(response, limits)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Reply(Fate.NOT_SENT)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Reply(Fate.NO_ANSWER)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    def _open(self) -> aiohttp.ClientSession:
        # Made at the first call, because a session belongs to a running event loop.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=AT_ONCE),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                auto_decompress=False,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse, limits: Limits) -> Reply:
    if 300 <= response.status < 400:
        return Reply(Fate.REDIRECTED, response.status)
    raw = await _bounded(response, limits.reply_bytes)
    if raw is None:
        return Reply(Fate.TOO_BIG, response.status)
    if response.status >= 500:
        return Reply(Fate.SERVER_ERROR, response.status, begins=_beginning(raw))
    try:
        return Reply(Fate.ANSWERED, response.status, read_json(raw))
    except ValueError:
        return Reply(Fate.NOT_JSON, response.status, begins=_beginning(raw))


async def _bounded(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body, None when it is longer than `most` bytes; never more than that is kept in memory."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > most:
            return None
    return bytes(raw)


def _beginning(raw: bytes) -> str:
    return raw[:BEGINS].decode("ascii", errors="backslashreplace")
