"""HTTP as it is, for what no client would send."""

from __future__ import annotations

from typing import Any

import aiohttp

from adapters.botapi import Server

Answer = tuple[int, dict[str, Any]]


class Raw:
    def __init__(self, session: aiohttp.ClientSession, server: Server) -> None:
        self._session = session
        self._base = f"{server.url}/bot{server.options.token}"
        self._url = server.url

    async def call(self, method: str, verb: str = "POST", **more: Any) -> Answer:
        async with self._session.request(verb, f"{self._base}/{method}", **more) as response:
            return response.status, await response.json()

    async def refusal(self, method: str, **parameters: Any) -> str:
        """What the double has against a call, empty where it has nothing."""
        _, answer = await self.call(method, json=parameters)
        return str(answer.get("description", ""))

    async def get(self, path: str) -> Answer:
        async with self._session.get(f"{self._url}{path}") as response:
            return response.status, await response.json()
