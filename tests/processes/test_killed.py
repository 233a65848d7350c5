"""The server is killed in the middle, again and again, while people pay a provider that fails in every way it knows.

Real processes, real HTTP, a real store; the only recovery is to start the server again. Afterwards every invariant
holds, and our book and the provider's agree on each purchase. `SEEDS=1000` kills a thousand times as many.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.database.store import open_store
from adapters.wiring import wired
from core.domain.wallet import Wallet
from core.ports import Contact
from tests.support.agreement import disagreements
from tests.support.houses import KEY, OURS, PIN, WEBHOOK_SECRET, enrolled, provider_at, settings_in, started
from tests.support.houses import served as serving
from tests.support.keys import FIELD_KEYS

SEEDS = range(int(os.environ.get("SEEDS", "2")))
KILLS = 4
START = 300_000
SETTLED_WITHIN_S = 40
# Meters of the sandbox's table: sold at once, pending, HTTP 500 before and after, garbage, truncated, reset, another
# price, number or code shown, a state that lags, callbacks twice, in disorder, forged or never, failures, late success.
METERS = [
    f"123456789{n:02}" for n in (1, 1, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30)
]
# Where asking again would buy again, a late success is left to people: an operator is called by a break.
LEFT_TO_PEOPLE = {"paid_after_end": ("voided",), "contradiction": ("voided", "captured")}
# Said to have failed, and sold later: when the callback that tells of it meets a fallen server, nothing but the
# provider's statement can, because asking about a purchase that ended is buying it.
FAILS_THEN_SELLS = "12345678916"
OUTCOME = re.compile(r"Paid: |Not paid: |We are paying |already on its way|less than a day ago")


@pytest.mark.parametrize("seed", SEEDS)
async def test_whenever_it_is_killed_nothing_is_lost(tmp_path: Path, seed: int) -> None:
    chance, port = random.Random(seed), free_port()
    async with provider(tmp_path, callbacks_to=port) as shop:
        counter = Counter(tmp_path, shop, port)
        await counter.enrol()

        killing = asyncio.create_task(counter.keep_falling(chance))
        await asyncio.gather(*(counter.pays(n, meter, chance) for n, meter in enumerate(METERS)))
        await killing
        async with serving(tmp_path, **counter.settings):
            await counter.check()  # it may run beside the server
            await counter.settled(shop)

        await counter.check()
        await counter.agrees_with(shop)


@dataclass
class Shop:
    """The sandbox provider as a process of its own."""

    url: str

    async def ledger(self) -> dict[str, Any]:
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/sandbox/ledger") as reply:
            found: dict[str, Any] = await reply.json()
            return found

    async def brings_all_to_an_end(self) -> None:
        async with aiohttp.ClientSession() as http, http.post(f"{self.url}/sandbox/settle"):
            pass


@asynccontextmanager
async def provider(folder: Path, *, callbacks_to: int) -> AsyncIterator[Shop]:
    """`loket sandbox`, which remembers in a file what it sold."""
    shop = folder / "shop"
    shop.mkdir()
    port = free_port()
    words = [
        "--quick",
        "--port",
        str(port),
        "--username",
        "loket-test",
        "--key",
        KEY,
        "--settle-after",
        "1",
        "--slow",
        "1",
    ]
    words += ["--webhook-secret", WEBHOOK_SECRET, "--data-file", "provider.db"]
    words += ["--callback-url", f"http://127.0.0.1:{callbacks_to}/providers/digiflazz"]
    process = await started(shop, "sandbox", *words)
    assert process.stdout is not None
    assert b"Sandbox provider" in await process.stdout.readline()
    try:
        yield Shop(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        await process.communicate()


class Counter:
    """The counter in a folder, whether its server stands or has just fallen."""

    def __init__(self, folder: Path, shop: Shop, port: int) -> None:
        self.folder, self.port = folder, port
        quick = {"POLL_SCHEDULE_S": "1", "FINALITY_S": "2", "TURNS_PER_S": "100", "LOG_LEVEL": "error"}
        self.settings = {**provider_at(shop.url), **quick, "PORT": str(port), "LOG_LEVEL": "info"}
        self.falls = 0

    async def enrol(self) -> None:
        async with wired(settings_in(self.folder), owner=True) as parts:
            for n in range(len(METERS)):
                await enrolled(parts, rupiah=START, number=number_of(n))

    async def keep_falling(self, chance: random.Random) -> None:
        """Serve, and be killed at some moment; after the last fall it is left lying for the next to start."""
        for _ in range(KILLS):
            async with serving(self.folder, **self.settings) as server:
                await asyncio.sleep(chance.uniform(0.2, 1.2))
                server.process.kill()
            self.falls += 1

    async def pays(self, n: int, meter: str, chance: random.Random) -> None:
        """Dial with everything in the string and type the PIN, until a screen tells how it went.

        Nobody is there to answer while the server lies; then she dials again, as people do.
        """
        async with aiohttp.ClientSession() as http:
            for call in range(1_000):
                await asyncio.sleep(chance.uniform(0.01, 0.2))
                if self.falls == KILLS:
                    return
                try:
                    screen = await self._call(http, n, f"s{n}-{call}", f"11*{meter}*20000")
                    if "PIN" in screen:
                        screen = await self._call(http, n, f"s{n}-{call}", f"11*{meter}*20000*{PIN}")
                except (aiohttp.ClientError, ConnectionError):
                    continue
                if OUTCOME.search(screen):
                    return

    async def _call(self, http: aiohttp.ClientSession, n: int, session: str, text: str) -> str:
        form = {
            "sessionId": session,
            "phoneNumber": number_of(n),
            "serviceCode": "*384#",
            "networkCode": "1",
            "text": text,
        }
        async with http.post(f"http://127.0.0.1:{self.port}/ussd/africastalking/{OURS}", data=form) as reply:
            return await reply.text()

    async def check(self) -> None:
        """`loket check`: all invariants, on the store as it lies there."""
        process = await started(self.folder, "check", "--json", **self.settings)
        found, errors = await process.communicate()
        assert process.returncode == 0, (found, errors)

    async def settled(self, shop: Shop) -> None:
        """Once the provider has made up its mind, so must we."""
        async with asyncio.timeout(SETTLED_WITHIN_S):
            while await self._open_payments():
                await shop.brings_all_to_an_end()
                await asyncio.sleep(0.5)

    async def _open_payments(self) -> int:
        process = await started(self.folder, "payment", "list", "--json", "--limit", "1000", **self.settings)
        found, _ = await process.communicate()
        states = [json.loads(line)["state"] for line in found.decode().splitlines()]
        return sum(state in ("authorized", "submitted", "in_doubt", "review") for state in states)

    async def agrees_with(self, shop: Shop) -> None:
        ledger = await shop.ledger()
        kept = {sale["ref_id"] for sale in ledger["sales"] if sale["state"] == "Sukses"}
        unheard = {sale["ref_id"] for sale in ledger["sales"] if sale["customer_no"] == FAILS_THEN_SELLS}
        refs = [sale["ref_id"] for sale in ledger["sales"]]
        assert len(refs) == len(set(refs)), "one key was sold twice"
        async with open_store(f"sqlite:///{self.folder / 'loket.db'}", owner=True, keys=FIELD_KEYS) as store:
            found = await disagreements(store, kept, left_to_people=LEFT_TO_PEOPLE)
            assert set(found) <= {f"{key} is paid in their book only" for key in unheard}
            for n in range(len(METERS)):
                contact = await store.read(Contact, "ussd", number_of(n))
                assert contact is not None
                wallet = await store.read(Wallet, contact.wallet_id)
                payments = await store.payments_of(contact.wallet_id, limit=100)
                spent = sum(payment.total.major for payment in payments if payment.state == "captured")
                assert wallet is not None
                assert wallet.available.major == START - spent
                told = await store.messages_to(contact.wallet_id, limit=100)
                ended = {f"{payment.state}:{payment.payment_id}" for payment in payments if payment.state != "declined"}
                assert ended <= {message.message_id for message in told}


def number_of(n: int) -> str:
    return f"+62812000{n:05}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
