"""How calls travel to Telegram: aiohttp in the place of the library's own HTTP client.

That one looks through its whole pool for each call that waits: a thousand chats at once bring it to a stand. What a
caller sees is the same: one pool, four patiences, the same errors. But it is told whether a call was made (`CutOff`).
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData


class CutOff(NetworkError):
    """The line broke after a call was made: it may have been carried out."""


UNSAID = BaseRequest.DEFAULT_NONE
Patience = Any  # seconds, None for ever, or the library's mark for "not said"


class Wire(BaseRequest):
    """At most `connections` calls at once; more wait for up to `pool` seconds. Files may take `upload` to be written.

    No redirect is followed, as an address here holds the bot's token, and no proxy of the environment is trusted. No
    call takes longer than all its patiences together, however its answer drips.
    """

    def __init__(
        self,
        connections: int,
        *,
        read: float = 5.0,
        write: float = 5.0,
        upload: float = 20.0,
        connect: float = 5.0,
        pool: float = 20.0,
    ) -> None:
        self._connections = connections
        self._read, self._write, self._upload, self._connect, self._pool = read, write, upload, connect, pool
        self._session: aiohttp.ClientSession | None = None
        self._shut = False

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        self._shut = False

    async def shutdown(self) -> None:
        self._shut = True
        if self._session is not None:
            await self._session.close()

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
        """Status and body of the answer, whatever they are.

        Raises `TimedOut` and `CutOff` when the call may have been carried out, another `NetworkError` when it was not.
        """
        usual_write = self._upload if request_data and request_data.contains_files else self._write
        said = (read_timeout, self._read), (write_timeout, usual_write), (connect_timeout, self._connect)
        read, write, connect, pool = (own if one is UNSAID else one for one, own in (*said, (pool_timeout, self._pool)))
        whole = None if None in (read, write, connect, pool) else read + write + connect + pool  # bounds writing too
        seated = None if None in (connect, pool) else connect + pool
        patience = aiohttp.ClientTimeout(total=whole, connect=seated, sock_connect=connect, sock_read=read)
        body, headers = _packed(request_data)
        call = self._open().request(method, url, data=body, headers=headers, timeout=patience, allow_redirects=False)
        try:
            async with call as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as trouble:
            raise NetworkError(type(trouble).__name__) from None  # its words may hold the address, and that the token
        except TimeoutError as late:
            raise TimedOut from late
        except (aiohttp.ClientError, OSError) as trouble:
            raise CutOff(type(trouble).__name__) from None  # as above

    def _open(self) -> aiohttp.ClientSession:
        if self._shut:
            raise RuntimeError("This wire is shut down.")
        if self._session is None or self._session.closed:
            pool, agent = aiohttp.TCPConnector(limit=self._connections), {"User-Agent": self.USER_AGENT}
            self._session = aiohttp.ClientSession(connector=pool, headers=agent, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _packed(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        return data.json_payload, {"Content-Type": "application/json"}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content  # a file goes out piece by piece
        form.add_field(name, file, filename=filename, content_type=kind)
    return form, {}
