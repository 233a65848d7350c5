"""How calls travel to Telegram: aiohttp in the place of the library's own HTTP client.

That one looks through all of its connections for each call that waits, so a thousand chats at once cost it a hundred
times what one does (bench/telegram.py). What a caller sees is the same: one pool, four patiences, the same errors.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

UNSAID = BaseRequest.DEFAULT_NONE
# A time in seconds, None for ever, or the library's mark for "not said".
Patience = Any


class Wire(BaseRequest):
    """At most `connections` calls at once; more wait for up to `pool_timeout` seconds.

    It follows no redirect: the address of a call holds the bot's token. It trusts no proxy of the environment, as no
    other line of the counter does. Over all of its patiences together no call takes longer, however it drips.
    """

    def __init__(
        self,
        connections: int,
        *,
        read_timeout: float = 5.0,
        write_timeout: float = 5.0,
        media_write_timeout: float = 20.0,
        connect_timeout: float = 5.0,
        pool_timeout: float = 20.0,
    ) -> None:
        self._connections = connections
        self._read_s, self._write_s, self._media_s = read_timeout, write_timeout, media_write_timeout
        self._connect_s, self._pool_s = connect_timeout, pool_timeout
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    @property
    def read_timeout(self) -> float | None:
        return self._read_s

    async def initialize(self) -> None:
        self._closed = False

    async def shutdown(self) -> None:
        self._closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Patience = UNSAID,
        write_timeout: Patience = UNSAID,
        connect_timeout: Patience = UNSAID,
        pool_timeout: Patience = UNSAID,
    ) -> tuple[int, bytes]:
        """Status and body of the answer, whatever they are. Raises `TimedOut` and `NetworkError`."""
        uploads = request_data is not None and request_data.contains_files
        patience = _patience(
            read=_said(read_timeout, self._read_s),
            write=_said(write_timeout, self._media_s if uploads else self._write_s),
            connect=_said(connect_timeout, self._connect_s),
            pool=_said(pool_timeout, self._pool_s),
        )
        body, headers = _packed(request_data)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, timeout=patience, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as late:
            raise TimedOut from late
        except (aiohttp.ClientError, OSError) as trouble:
            # By its kind only: its words may hold the address, and that the token.
            raise NetworkError(type(trouble).__name__) from None

    def _open(self) -> aiohttp.ClientSession:
        if self._closed:
            raise RuntimeError("This wire is shut down.")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session


def _said(given: Patience, usual: float) -> float | None:
    return usual if given is UNSAID else given  # type: ignore[no-any-return]


def _patience(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """aiohttp times no writing, so what bounds it is all of them together; None is without end, as in the library."""
    waits = (read, write, connect, pool)
    in_all = None if None in waits else sum(wait for wait in waits if wait is not None)
    seated = None if connect is None or pool is None else connect + pool
    return aiohttp.ClientTimeout(total=in_all, connect=seated, sock_connect=connect, sock_read=read)


def _packed(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        return data.json_payload, {"Content-Type": "application/json"}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}
