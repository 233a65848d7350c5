"""The two servers that are compared, each a process of its own: a bare aiohttp handler, and the counter.

    python -m bench.servers bare|counter PORT FOLDER

Both print `ready` when they listen, and end with their standard input.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from adapters.settings import Settings, load
from adapters.wiring import Wired
from console.house import open_house, settled_in
from console.logs import log_json
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.services.enroll import Enroll
from core.services.top_up import top_up_wallet

SECRET = "bench-bench-bench-bench-bench-bench"
SUBSCRIBERS = 2_000
PIN = "739182"
PATH = f"/ussd/africastalking/{SECRET}"
REPLY = b"CON What do you want to do?\n1 Electricity token\n2 Airtime\n3 Pay a bill\n4 Pay again\n5 My money\n9 More"


def subscriber(number: int) -> str:
    return f"+62812{number:08}"


def settings(folder: Path, port: int) -> Settings:
    """Paced so that the load generator is never refused; everything else as it ships."""
    return load(
        env_file=None,
        database_url=f"sqlite:///{folder / 'bench.db'}",
        secret_key=SECRET,
        pin_pepper=f"1:{SECRET}",
        africastalking_secret=SECRET,
        port=port,
        console_port=0,
        turns_per_s=1e6,
        turns_burst=1000,
        log_level="error",
    )


@asynccontextmanager
async def bare(_folder: Path, port: int) -> AsyncIterator[None]:
    """The least that aiohttp can do: read the same POST, send the same answer."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=REPLY, content_type="text/plain", charset="utf-8")

    app = web.Application()
    app.router.add_post(PATH, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


@asynccontextmanager
async def counter(folder: Path, port: int) -> AsyncIterator[None]:
    async with open_house(settings(folder, port)) as house:
        await enrol(house.wired)
        settled_in()
        yield


async def enrol(parts: Wired) -> None:
    """Everybody has the same PIN, hashed once: hashing two thousand would take as many fiftieths of a second."""
    pin_hash = await parts.counter.vault.hashed(PIN)
    now = datetime.now(UTC)
    await asyncio.gather(
        *(
            parts.store.commit(
                Enroll(f"w{n}", "ussd", subscriber(n), Msisdn(subscriber(n)), "en", "IDR", pin_hash, pin_hash, now)
            )
            for n in range(SUBSCRIBERS)
        )
    )
    amount = Money.of(1_000_000, "IDR")
    await top_up_wallet(parts.counter, "w0", amount, bank="BCA", evidence="bench", by="bench")


async def main(kind: str, port: int, folder: Path) -> None:
    log_json("error")
    async with {"bare": bare, "counter": counter}[kind](folder, port):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
