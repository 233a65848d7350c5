"""How fast payments are, as ratios to raw `sqlite3` that commits one durable transfer at a time in the same run.

    python -m bench.payments [--seconds 5] [--rounds 3] [--grow-to 1000000]

An authorisation holds the money and saves the session in one commit. A whole payment is three durable commits, by the
counter's own services: authorise, submit, capture, against a provider that answers at once. Over HTTP it is a dialled
string and a PIN, with everything that a turn does. PIN hashes are timed apart: they cost what a thief shall pay.
With `--grow-to` the journal is grown to that many entries, and payments are timed again.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from adapters.database.store import DatabaseStore, open_store
from adapters.vault import PepperedVault
from adapters.wiring import Wired, wired
from bench.servers import PATH, SECRET, settings, subscriber
from bench.store import CUSTOMERS, Action, Customer, Result, authorize, customers, raw_transfers, together
from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.domain.bill import Bill
from core.domain.biller import Product
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.payment import Answer, Attempt, Proof
from core.ports import PriceLine
from core.services.counter import Counter
from core.services.enroll import Enroll
from core.services.submit import submit
from core.services.top_up import top_up_wallet
from ussd.app import Door, ussd_routes
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking
from ussd.pages import UssdChannel

PIN = "739182"
WANTED = {"authorise": 1.5, "whole payment": 0.5}
FLAT_WITHIN = 0.2
GROWN_AT_ONCE = 512


class AtOnce:
    """A provider without a network: what is measured is the counter."""

    name = "digiflazz"
    available = True

    async def prices(self) -> Sequence[PriceLine]:
        return []

    async def balance(self) -> Money:
        return Money.of(0, "IDR")

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        return Bill(reference, "SITI AMINAH", key)

    async def submit(self, attempt: Attempt) -> Answer:
        body = f'{{"data":{{"ref_id":"{attempt.key}","status":"Sukses","rc":"00","sn":"1234"}}}}'
        cost = attempt.most - Money.of(100, attempt.currency)
        return Answer(Proof.PAID, "00", body, cost, serial="1234", token="12345678901234567890")

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        return await self.submit(attempt)


class NoHash:
    """PINs compared as they are: the hash is timed apart."""

    async def hashed(self, secret: str) -> str:
        return secret

    async def matches(self, secret: str, hashed: str) -> bool:
        return secret == hashed

    def outdated(self, hashed: str) -> bool:
        return False


@dataclass(frozen=True)
class Measured:
    """One measurement beside the yardstick of its round."""

    result: Result
    raw_per_s: float

    @property
    def ratio(self) -> float:
        return self.result.per_s / self.raw_per_s


async def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parse.add_argument("--rounds", type=int, default=3)
    parse.add_argument("--grow-to", type=int, default=0, help="entries to grow the journal to")
    chosen = parse.parse_args()
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
        await in_process(Path(folder), chosen.rounds, chosen.seconds, chosen.grow_to)
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
        await over_http(Path(folder), chosen.rounds, chosen.seconds)
    await hashes(chosen.seconds)


async def in_process(folder: Path, rounds: int, seconds: float, grow_to: int) -> None:
    async with wired(settings(folder, 0), owner=True) as parts:
        counter = replace(parts.counter, gateways={AtOnce.name: AtOnce()}, vault=NoHash())
        everyone = await customers(parts.store)

        async def pay(store: DatabaseStore, customer: Customer) -> None:
            paid = await submit(counter, await authorize(store, customer))
            assert paid.state == "captured", paid.state

        found: dict[str, list[Measured]] = {"authorise": [], "whole payment": []}
        for _ in range(rounds):
            raw = await asyncio.to_thread(raw_transfers, folder / "raw.db", seconds)
            print(f"raw sqlite3, one durable transfer a commit  {raw:8,.0f} /s")
            for name, act in (("authorise", authorize), ("whole payment", pay)):
                found[name].append(Measured(await together(parts.store, everyone, act, seconds), raw))
        for name, measured in found.items():
            report(name, measured, WANTED[name])
        if grow_to:
            await flat(parts, everyone, pay, seconds, grow_to)


async def flat(parts: Wired, everyone: Sequence[Customer], pay: Action, seconds: float, grow_to: int) -> None:
    """What a payment costs in a short journal and in a long one, in CPU: the disk is the same in both."""
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
        async with open_store(f"sqlite:///{folder}/short.db", owner=True) as short:
            few = await customers(short)
            before = [await together(short, few, authorize, seconds) for _ in range(3)]
    entries = 0
    while entries < grow_to:
        entries += 2 * GROWN_AT_ONCE
        print(f"\rjournal at {entries:,} entries", end="", flush=True)
        await asyncio.gather(*(pay(parts.store, everyone[n % len(everyone)]) for n in range(GROWN_AT_ONCE)))
    after = [await together(parts.store, everyone, authorize, seconds) for _ in range(3)]
    low, high = (statistics.median(one.cpu_s for one in results) * 1e6 for results in (before, after))
    print(f"\rCPU of an authorisation: {low:.0f} µs in a short journal, {high:.0f} µs with {entries:,} entries:")
    print(f"  {high / low - 1:+.0%}  (wanted: within {FLAT_WITHIN:.0%})")


async def over_http(folder: Path, rounds: int, seconds: float) -> None:
    """Dial with everything in the string, type the PIN, see the token: two requests a payment, 64 people at once."""
    async with wired(settings(folder, 0), owner=True) as parts:
        terms = replace(parts.counter.terms, inquiries_an_hour=10**9, inquiries_a_day=10**9)
        counter = replace(parts.counter, gateways={AtOnce.name: AtOnce()}, vault=NoHash(), terms=terms)
        await _enrol(counter)
        async with _listening(counter) as port:
            found = []
            for _ in range(rounds):
                raw = await asyncio.to_thread(raw_transfers, folder / "raw.db", seconds)
                found.append(Measured(await _paying(port, seconds), raw))
            report("over HTTP", found, None)


async def _enrol(counter: Counter) -> None:
    now = counter.clock.now()
    for n in range(CUSTOMERS):
        number = subscriber(n)
        await counter.store.commit(Enroll(f"w{n}", "ussd", number, Msisdn(number), "en", "IDR", PIN, PIN, now))
        money = Money.of(900_000_000, "IDR")
        await top_up_wallet(counter, f"w{n}", money, bank="BCA", evidence=f"bench {n}", by="bench")


@asynccontextmanager
async def _listening(counter: Counter) -> AsyncIterator[int]:
    listener = Listener(counter, [UssdChannel()])
    desk = Desk(listener, counter.words, Pace(1e6, 1000))
    app = web.Application()
    app.add_routes(ussd_routes(desk, [Door(AfricasTalking(SECRET.encode()), [SECRET])]))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def _paying(port: int, seconds: float) -> Result:
    """The callers run in this process too, so the figure is of both sides of the line."""
    ends, waits = time.perf_counter() + seconds, list[float]()

    async def person(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for meter in itertools.count(int(time.time() * 1000) % 10**7):
            started = time.perf_counter()
            if started >= ends:
                break
            session, dialled = f"S{number}-{meter}", f"11*{number + 10:03}{meter % 10**8:08}*20000"
            await _post(reader, writer, number, session, dialled, b"To pay")
            await _post(reader, writer, number, session, f"{dialled}*{PIN}", b"Token")
            waits.append(time.perf_counter() - started)
        writer.close()

    cpu, started = time.process_time(), time.perf_counter()
    await asyncio.gather(*(person(number) for number in range(CUSTOMERS)))
    spent, count = time.perf_counter() - started, len(waits)
    waits.sort()
    return Result(count / spent, waits[count // 2], waits[count * 99 // 100], (time.process_time() - cpu) / count)


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, session: str, text: str, wanted: bytes
) -> None:
    body = (
        f"sessionId={session}&phoneNumber=%2B{subscriber(number)[1:]}&serviceCode=%2A384%23&networkCode=1"
        f"&text={text.replace('*', '%2A')}"
    ).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    headers = await reader.readuntil(b"\r\n\r\n")
    length = int(headers.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    reply = await reader.readexactly(length)
    assert wanted in reply, reply


async def hashes(seconds: float) -> None:
    """The ceiling that PINs set, whatever the ledger can do."""
    vault = PepperedVault({1: b"bench" * 8})
    hashed = await vault.hashed(PIN)
    ends, done = time.perf_counter() + seconds, 0
    cpu, started = time.process_time(), time.perf_counter()
    while time.perf_counter() < ends:
        done += sum(await asyncio.gather(*(vault.matches(PIN, hashed) for _ in range(8))))
    spent, burnt = time.perf_counter() - started, time.process_time() - cpu
    print(f"PIN hashes, two at a time     {done / spent:8,.0f} /s, {burnt / done * 1e3:.0f} ms of CPU each")
    vault.close()


def report(name: str, found: Sequence[Measured], wanted: float | None) -> None:
    middle = sorted(found, key=lambda one: one.ratio)[len(found) // 2]
    result = middle.result
    goal = f"  (wanted: {wanted} or more)" if wanted else ""
    print(
        f"{name:<16} {result.per_s:8,.0f} /s = {middle.ratio:4.2f} x raw{goal};"
        f" p50 {result.p50_s * 1e3:5.1f} ms, p99 {result.p99_s * 1e3:5.1f} ms, CPU {result.cpu_s * 1e6:4.0f} µs each"
    )


if __name__ == "__main__":
    asyncio.run(main())
