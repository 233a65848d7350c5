"""What can go wrong between a bot and the Bot API. Each fault is ordered for a number of calls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

How = Literal["500", "502", "garbage", "drop", "drop_before", "slow"]
ANY_METHOD = "*"
BEFORE = {"500", "502", "drop_before"}
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>nginx</body></html>"
INTERNAL = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'


@dataclass(slots=True)
class Order:
    method: str
    how: How
    times: int


@dataclass(slots=True)
class Faults:
    """`500`, `502` and `drop_before` happen instead of the call, the others after it was carried out."""

    slow_s: float
    _orders: list[Order] = field(default_factory=list)

    def order(self, method: str, how: How, times: int) -> None:
        self._orders.append(Order(method.lower(), how, times))

    def next(self, method: str) -> str:
        """The fault of this call, or nothing. `method` is in small letters."""
        for order in self._orders:
            if order.method in {ANY_METHOD, method}:
                order.times -= 1
                if order.times <= 0:
                    self._orders.remove(order)
                return order.how
        return ""

    async def spoil(self, how: str, request: web.BaseRequest, answer: web.Response) -> web.Response:
        """The answer as the fault lets it arrive."""
        match how:
            case "500":
                return web.Response(status=500, body=INTERNAL, content_type="application/json")
            case "502":
                return web.Response(status=502, body=BAD_GATEWAY, content_type="text/html")
            case "garbage":
                return web.Response(body=b"\x00\xfe{ok", content_type="application/json")
            case "slow":
                await asyncio.sleep(self.slow_s)
            case _:
                if request.transport is not None:
                    request.transport.abort()
        return answer
