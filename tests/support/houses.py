"""A whole counter as it is served: in this process, or as a process of its own, with the sandbox as its provider."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from adapters.sandbox import SandboxOptions, running
from adapters.settings import Settings, load
from adapters.wiring import Wired
from console.house import House, open_house
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.payment import Payment
from core.domain.wallet import Wallet
from core.services.enroll import Enroll
from core.services.top_up import top_up_wallet
from tests.support.dialects import NUMBER, BehindAfricasTalking
from tests.support.keys import IN_SETTINGS

OURS, HUBTELS = "at-secret-of-22-signs-or-more", "hubtel-secret-of-22-signs"
KEY, WEBHOOK_SECRET = "a-key-for-tests", "a-webhook-secret-for-tests"
ENOUGH = {
    "SECRET_KEY": "a-secret-key-of-the-tests-only",
    "PIN_PEPPER": "1:a-pepper-of-the-tests-only",
    "FIELD_KEYS": IN_SETTINGS,
    "PORT": "0",
    "CONSOLE_PORT": "0",
    "AFRICASTALKING_SECRET": OURS,
    "HUBTEL_SECRET": HUBTELS,
}
PIN = "7391"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
SOON_S = 10
LOKET = Path(sys.executable).with_name("loket")


def provider_at(url: str) -> dict[str, str]:
    """Settings to buy from a sandbox."""
    return {
        "DIGIFLAZZ_URL": f"{url}/v1",
        "DIGIFLAZZ_USERNAME": "loket-test",
        "DIGIFLAZZ_KEY": KEY,
        "DIGIFLAZZ_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


@asynccontextmanager
async def a_sandbox(**wishes: Any) -> AsyncIterator[str]:
    options = SandboxOptions(username="loket-test", api_key=KEY, webhook_secret=WEBHOOK_SECRET, port=0, **wishes)
    async with running(options) as url:
        yield url


@dataclass
class Home:
    """Addresses of a served counter, and who calls there."""

    http: aiohttp.ClientSession
    port: int
    console_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.console_port}"

    def phone(self, number: str = NUMBER) -> Phone:
        return Phone(self, BehindAfricasTalking(session=f"ATUid_{uuid.uuid4().hex}", number=number))

    async def metric(self, line: str) -> float:
        """The value behind a line of /metrics; 0 when there is none."""
        async with self.http.get(f"{self.console}/metrics") as reply:
            page = await reply.text()
        return next((float(said.rpartition(" ")[2]) for said in page.splitlines() if said.startswith(line)), 0.0)


@dataclass
class Phone:
    """A feature phone behind Africa's Talking."""

    home: Home
    behind: BehindAfricasTalking

    async def dials(self, *typed: str) -> str:
        """Dial and type; the last screen."""
        screen = await self._post(self.behind.dials())
        for words in typed:
            screen = await self.types(words)
        return screen

    async def types(self, words: str) -> str:
        return await self._post(self.behind.types(words))

    async def _post(self, body: bytes) -> str:
        address = f"{self.home.url}/ussd/africastalking/{OURS}"
        async with self.home.http.post(address, data=body, headers=FORM) as reply:
            assert reply.status == 200
            return await reply.text()


@dataclass
class Inside(Home):
    """A counter in this process: its store can be looked at."""

    house: House = field(kw_only=True)

    @property
    def parts(self) -> Wired:
        return self.house.wired

    async def customer(self, *, rupiah: int = 200_000, number: str = NUMBER) -> Wallet:
        return await enrolled(self.parts, rupiah=rupiah, number=number)

    async def payment(self, where: Callable[[Payment], bool]) -> Payment:
        """The newest payment, once it is so."""
        async with asyncio.timeout(SOON_S):
            while True:
                found = await self.parts.store.newest_payments(state=None, limit=1)
                if found and where(found[0]):
                    return found[0]
                await asyncio.sleep(0.02)


async def enrolled(parts: Wired, *, rupiah: int = 200_000, number: str = NUMBER) -> Wallet:
    """Somebody with a wallet, a PIN (7391) and money in it."""
    counter = parts.counter
    wallet = await counter.store.commit(
        Enroll(
            wallet_id=counter.ids.new(),
            channel="ussd",
            address=number,
            msisdn=Msisdn(number),
            language="en",
            currency="IDR",
            pin_hash=await counter.vault.hashed(PIN),
            proof_hash=await counter.vault.hashed("1985"),
            now=counter.clock.now(),
        )
    )
    sum_ = Money.of(rupiah, "IDR")
    wallet, _ = await top_up_wallet(counter, wallet.wallet_id, sum_, bank="BCA", evidence=number, by="test")
    return wallet


def settings_in(folder: Path, **more: str) -> Settings:
    """Settings of a counter in a folder; nothing else of this machine's environment is meant to matter."""
    given = {**ENOUGH, "DATABASE_URL": f"sqlite:///{folder / 'loket.db'}", **more}
    return load(None, **{name.lower(): value for name, value in given.items() if value})


@asynccontextmanager
async def inside(folder: Path, **more: str) -> AsyncIterator[Inside]:
    async with aiohttp.ClientSession() as http, open_house(settings_in(folder, **more)) as house:
        yield Inside(http, house.port, house.console_port, house=house)


@dataclass
class Server(Home):
    """A counter as a process of its own. `log` is what it has written so far."""

    process: asyncio.subprocess.Process = field(kw_only=True)
    log: list[str] = field(default_factory=list)
    reading: asyncio.Task[None] = field(kw_only=True)

    def told_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        async with asyncio.timeout(SOON_S):
            code = await self.process.wait()
            await self.reading
        return code

    def events(self) -> list[dict[str, Any]]:
        """Every line of the log; each must be one JSON object."""
        return [json.loads(line) for line in self.log]


@asynccontextmanager
async def served(folder: Path, **more: str) -> AsyncIterator[Server]:
    """`loket serve` in a folder, ready to answer; killed at the end if it is still there."""
    process = await started(folder, "serve", **more)
    log: list[str] = []
    opened: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    reading = asyncio.create_task(_read(process, log, opened))
    try:
        said = await asyncio.wait_for(opened, SOON_S)
        async with aiohttp.ClientSession() as http:
            yield Server(http, said["port"], said["console_port"], process=process, log=log, reading=reading)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def started(folder: Path, *words: str, **more: str) -> asyncio.subprocess.Process:
    """Any command in a folder, with nothing set but what a counter needs and `more`; a blank one is not set."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOKET_")}
    given = {f"LOKET_{name}": value for name, value in {**ENOUGH, **more}.items() if value}
    return await asyncio.create_subprocess_exec(
        LOKET,
        *words,
        cwd=folder,
        env={**clean, **given},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def _read(process: asyncio.subprocess.Process, log: list[str], opened: asyncio.Future[dict[str, Any]]) -> None:
    assert process.stderr is not None
    async for raw in process.stderr:
        line = raw.decode()
        log.append(line)
        if '"event": "open"' in line and not opened.done():
            opened.set_result(json.loads(line))
    if not opened.done():
        opened.set_exception(AssertionError(f"it never opened: {''.join(log)}"))
