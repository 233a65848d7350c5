"""A counter and its provider as processes, an SMS gateway, and customers behind a gateway that does not give up."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from adapters.database.store import DatabaseStore, open_store
from adapters.wiring import wired
from core.domain.message import Message
from core.domain.payment import Payment
from tests.support.dialects import BehindAfricasTalking
from tests.support.houses import FORM, OURS, PIN, Server, enrolled, provider_at, served, settings_in, started
from tests.support.keys import FIELD_KEYS
from tests.support.sms_gateway import API_KEY, USERNAME, SmsGateway, sms_gateway

RUPIAH = 100_000
PATIENCE_S = 20.0
A_MOMENT_S = 0.1

# What a customer answers to a screen that says so. To anything else she has nothing to say, and hangs up.
REPLIES = (
    ("type your PIN", PIN),
    ("Type the meter number", "METER"),
    ("How much?", "1"),
    ("What do you want to do?", "1"),
    ("Look again", "1"),
)
PROMISED = ("Paid:", "Not paid:", "We are paying")


@dataclass
class Stage:
    """`folder` holds the counter's store; `provider` is the sandbox's address; `wallets` are by number.

    `database` is a URL where the store is not in the folder. Where there are several `ports`, each delivery goes to
    the next one.
    """

    folder: Path
    provider: str
    port: int
    sms: SmsGateway
    http: aiohttp.ClientSession
    wallets: dict[str, str] = field(default_factory=dict)
    database: str = ""
    ports: tuple[int, ...] = ()

    @property
    def url(self) -> str:
        return self.database or f"sqlite:///{self.folder / 'loket.db'}"

    def server(self, **more: str) -> AbstractAsyncContextManager[Server]:
        """`loket serve` on the same port and the same store each time."""
        ways_out = {"USERNAME": USERNAME, "API_KEY": API_KEY, "SMS_URL": self.sms.url}
        return served(
            self.folder,
            **provider_at(self.provider),
            **{f"AFRICASTALKING_{name}": value for name, value in ways_out.items()},
            **{"PORT": str(self.port), "POLL_SCHEDULE_S": "1", "FINALITY_S": "2", "DATABASE_URL": self.url, **more},
        )

    # ---- customers

    async def enrol(self, numbers: Iterable[str]) -> None:
        async with wired(settings_in(self.folder, DATABASE_URL=self.url), owner=True) as parts:
            for number in numbers:
                self.wallets[number] = (await enrolled(parts, number=number, rupiah=RUPIAH)).wallet_id

    async def buys(self, number: str, meter: str, *, after_s: float = 0) -> None:
        """Dial until a screen tells what became of the purchase."""
        await asyncio.sleep(after_s)
        for call in range(100):
            phone = BehindAfricasTalking(session=f"ATUid_{number[-4:]}_{call}", number=number)
            screen = await self._call(phone, meter)
            if any(words in screen for words in PROMISED):
                return
            await asyncio.sleep(A_MOMENT_S)

    async def _call(self, phone: BehindAfricasTalking, meter: str) -> str:
        screen = await self._delivered(phone.dials())
        while reply := next((reply for words, reply in REPLIES if words in screen), ""):
            screen = await self._delivered(phone.types(reply.replace("METER", meter)))
        return screen

    async def _delivered(self, body: bytes) -> str:
        """The very same delivery again and again until it is answered, as a gateway does it."""
        while True:
            address = f"http://127.0.0.1:{self._next_port()}/ussd/africastalking/{OURS}"
            try:
                async with self.http.post(address, data=body, headers=FORM) as reply:
                    return await reply.text()
            except aiohttp.ClientError:
                await asyncio.sleep(A_MOMENT_S)

    def _next_port(self) -> int:
        self.ports = self.ports[1:] + self.ports[:1]
        return self.ports[-1] if self.ports else self.port

    # ---- the provider

    async def called_back(self) -> list[str]:
        """Everything pending at the provider is decided and called back; what the calls were answered."""
        async with self.http.post(f"{self.provider}/sandbox/settle", json={}):
            pass
        async with self.http.get(f"{self.provider}/sandbox/callbacks") as reply:
            return [one["answer"] for one in await reply.json() if not one["forged"]]

    async def ledger(self) -> dict[str, Any]:
        async with self.http.get(f"{self.provider}/sandbox/ledger") as reply:
            found: dict[str, Any] = await reply.json()
            return found

    # ---- our store, seen from beside the server

    async def check(self) -> dict[str, Any]:
        """What `loket check --json` says."""
        process = await started(self.folder, "check", "--json", DATABASE_URL=self.url)
        said, wrong = await process.communicate()
        assert process.returncode == 0, f"{said.decode()}{wrong.decode()}"
        found: dict[str, Any] = json.loads(said)
        return found

    @asynccontextmanager
    async def store(self) -> AsyncIterator[DatabaseStore]:
        async with open_store(self.url, keys=FIELD_KEYS) as store:
            yield store

    async def quiet(self) -> None:
        """Until nothing is on its way any more: no payment to look at, no message that was never tried."""
        async with asyncio.timeout(PATIENCE_S), self.store() as store:
            while await _busy(store):  # noqa: ASYNC110  # another process is waited for
                await asyncio.sleep(A_MOMENT_S)

    async def heard(self, number: str, store: DatabaseStore) -> set[str]:
        """What was sent to a number, and what waits for its second try because we fell during the first."""
        waiting = [one.words for one in await store.messages_to(self.wallets[number], limit=20) if one.due_at]
        return {*waiting, *(words for to, words in self.sms.taken if to == number)}


async def _busy(store: DatabaseStore) -> bool:
    async with store.snapshot() as snapshot:
        looked_at = [one.payment_id async for one in snapshot.every(Payment) if one.look_at]
        untried = [one.message_id async for one in snapshot.every(Message) if one.due_at and not one.tries]
    return bool(looked_at or untried)


@asynccontextmanager
async def a_stage(folder: Path) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as opened:
        port = free_port()
        provider = await opened.enter_async_context(_sandbox(folder, callbacks_to=port))
        sms = await opened.enter_async_context(sms_gateway())
        http = await opened.enter_async_context(aiohttp.ClientSession())
        yield Stage(folder, provider, port, sms, http)


@asynccontextmanager
async def _sandbox(folder: Path, *, callbacks_to: int) -> AsyncIterator[str]:
    """`loket sandbox`, as slow as a provider is, whose pending sales stay so until it is told to end them."""
    words = "sandbox --port 0 --data-file sandbox.db --settle-after 3600 --slow 1 --callback-url".split()
    callback = f"http://127.0.0.1:{callbacks_to}/providers/digiflazz"
    process = await started(folder, *words, callback, **provider_at("http://127.0.0.1"))
    assert process.stdout is not None
    try:
        said = (await process.stdout.readline()).decode()
        yield said.partition(" at ")[2].partition("/v1")[0]
    finally:
        process.kill()
        await process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
