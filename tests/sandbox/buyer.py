"""A buyer of the sandbox, written here from the documentation alone: it shares nothing with sandbox or client."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

USERNAME, KEY, SECRET = "buyer-1", "dev-0123456789", "hook-secret"
MORNING = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 10:00 in Jakarta
METER, BILLED = "12345678901", "530000000001"


@dataclass
class Wall:
    """A clock on the wall that only tests move."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: int) -> None:
        self.at += timedelta(**by)


@dataclass
class Buyer:
    """Signs, sends and reads `data`; keeps the HTTP status of the last answer."""

    session: aiohttp.ClientSession
    url: str
    wall: Wall
    http_status: int = 0

    async def post(self, path: str, body: object) -> Any:
        async with self.session.post(self.url + path, json=body) as response:
            self.http_status = response.status
            return await response.json()

    async def get(self, path: str) -> Any:
        async with self.session.get(self.url + path) as response:
            return await response.json()

    async def ask(self, path: str, subject: str, **fields: object) -> Any:
        """A signed request; a field given as None is left out."""
        body = {"username": USERNAME, "sign": signed(subject), **fields}
        wanted = {name: value for name, value in body.items() if value is not None}
        return (await self.post(path, wanted))["data"]

    async def buy(self, ref_id: str, number: str = METER, sku: str = "pln20", **more: object) -> Any:
        order = {"buyer_sku_code": sku, "customer_no": number, "ref_id": ref_id, **more}
        return await self.ask("/v1/transaction", ref_id, **order)

    async def bill(self, command: str, ref_id: str, number: str = BILLED, sku: str = "pln", **more: object) -> Any:
        return await self.buy(ref_id, number, sku, commands=command, **more)

    async def balance(self) -> int:
        deposit = (await self.ask("/v1/cek-saldo", "depo", cmd="deposit"))["deposit"]
        assert isinstance(deposit, int)
        return deposit

    async def prices(self, kind: str, **more: object) -> Any:
        return await self.ask("/v1/price-list", "pricelist", cmd=kind, **more)

    async def ledger(self) -> list[dict[str, Any]]:
        sales: list[dict[str, Any]] = (await self.get("/sandbox/ledger"))["sales"]
        return sales

    async def queue(self, *faults: object) -> None:
        await self.post("/sandbox/faults", {"next": list(faults)})
        assert self.http_status == 200

    async def settle(self) -> None:
        await self.post("/sandbox/settle", {})


def signed(subject: str) -> str:
    return hashlib.md5((USERNAME + KEY + subject).encode(), usedforsecurity=False).hexdigest()
