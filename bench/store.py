"""How fast the store is, as ratios to raw `sqlite3` that commits one transfer at a time on the same disk, interleaved.

    python -m bench.store [--entries 100000] [--seconds 1] [--rounds 5]

A raw transfer is what any ledger must at least do: an idempotency key, a journal entry, two postings, two balances with
a floor, one durable commit. The store's side does the counter's own work: an authorisation reads wallet, payee and
payment and writes payment, wallet, payee, session, entry and postings.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.database.store import DatabaseStore, open_store
from core.domain.evidence import Evidence, digest_of
from core.domain.message import Message
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.payment import Attempt, Payment, receipt_number
from core.domain.postings import entry_for
from core.domain.pricing import Quote
from core.domain.wallet import Wallet
from core.ports import Book, Key, SavedSession
from core.services.pay import Authorize, Authorized
from core.services.submit import Submit

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
WALLETS = 1_000
CUSTOMERS = 64
STATE = '{"v":1,"flow":"pay","answers":{"product":"pln","reference":"12345678901","amount":"20000"}}' * 3
ANSWER = "CON Token listrik 20.000\nSITI A***\nHarga 20.000, biaya 2.500\nTotal 22.500\n1 Ya\n2 Tidak"
serial = itertools.count(1)


# ---- the yardstick


def raw_transfers(path: Path, seconds: float) -> float:
    """Transfers a second, one a commit."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS balance (id INTEGER PRIMARY KEY, minor INTEGER CHECK (minor >= 0));"
            "CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, entry INTEGER);"
            "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, at INTEGER, memo TEXT);"
            "CREATE TABLE IF NOT EXISTS posting (entry INTEGER, account INTEGER, minor INTEGER)"
        )
        db.executemany("INSERT OR REPLACE INTO balance VALUES (?, ?)", [(n, 10**12) for n in range(WALLETS)])
        return rate(lambda: raw_transfer(db), seconds)


def raw_transfer(db: sqlite3.Connection) -> None:
    number = next(serial)
    payer, payee, minor = number % WALLETS, (number * 7 + 1) % WALLETS, 2_250_000
    db.execute("BEGIN IMMEDIATE")
    entry = db.execute("INSERT INTO entry (at, memo) VALUES (?, ?)", (number, "transfer")).lastrowid
    db.execute("INSERT INTO seen VALUES (?, ?)", (f"key-{number}", entry))
    db.execute("INSERT INTO posting VALUES (?, ?, ?)", (entry, payer, -minor))
    db.execute("INSERT INTO posting VALUES (?, ?, ?)", (entry, payee, minor))
    paid = db.execute("UPDATE balance SET minor = minor - ? WHERE id = ? AND minor >= ?", (minor, payer, minor))
    assert paid.rowcount == 1
    db.execute("UPDATE balance SET minor = minor + ? WHERE id = ?", (minor, payee))
    db.execute("COMMIT")


def rate(once: Callable[[], None], seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        once()
        count += 1
    return count / spent


# ---- the store's side


@dataclass(frozen=True, slots=True)
class OpenWallet:
    wallet: Wallet

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.wallet.wallet_id,)),)

    def decide(self, book: Book) -> Wallet:
        return book.get(Wallet, self.wallet.wallet_id) or book.put(self.wallet)


@dataclass(frozen=True, slots=True)
class SaveSession:
    """What every turn writes."""

    session: SavedSession

    def wants(self) -> Sequence[Key[object]]:
        return ()

    def decide(self, book: Book) -> SavedSession:
        return book.put(self.session)


@dataclass(frozen=True, slots=True)
class AuthorizeTurn:
    """The turn after the PIN: the hold and the session in one commit."""

    authorize: Authorize
    session: SavedSession

    def wants(self) -> Sequence[Key[object]]:
        return self.authorize.wants()

    def decide(self, book: Book) -> tuple[Authorized, SavedSession]:
        authorized = self.authorize.decide(book)
        assert isinstance(authorized, Authorized)
        return authorized, book.put(self.session)


@dataclass(frozen=True, slots=True)
class Capture:
    """The provider's yes: evidence, receipt, journal and the message that tells it."""

    payment_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return Key(Payment, (self.payment_id,)), Key(Attempt, (self.payment_id, 1))

    def decide(self, book: Book) -> Payment:
        payment, attempt = book.get(Payment, self.payment_id), book.get(Attempt, self.payment_id, 1)
        assert payment is not None and attempt is not None
        body = f'{{"data":{{"ref_id":"{self.payment_id}","status":"Sukses","rc":"00","sn":"1234-5678"}}}}'
        book.add(Evidence(self.payment_id, 1, digest_of(body), "reply", "paid", "00", body, self.now))
        book.put(replace(attempt, outcome="paid"))
        paid = replace(payment.fire("capture", now=self.now), cost_minor=payment.amount_minor - 10_000)
        entry = entry_for("capture", payment, paid, at=self.now, day=DAY)
        assert entry is not None
        posted = book.post(entry)
        words = "Token 1234 5678 9012 3456 7890. Rp22.500. Struk 123 456"
        book.put(Message(f"captured:{self.payment_id}", payment.wallet_id, "+6281234567890", words, self.now, self.now))
        return book.put(replace(paid, receipt=receipt_number(posted.index), look_at=None))


async def authorize(store: DatabaseStore, customer: Customer) -> str:
    payment_id = f"{next(serial):020d}"
    hold = Authorize(quoted(payment_id, customer), customer.wallet_id, "prepaid", "ussd", NOW, DAY)
    _, customer.session = await store.commit(AuthorizeTurn(hold, replace(customer.session, changed_at=NOW)))
    return payment_id


async def pay(store: DatabaseStore, customer: Customer) -> None:
    payment_id = await authorize(store, customer)
    await store.commit(Submit(payment_id, NOW, overdue=NOW + timedelta(seconds=60)))
    await store.commit(Capture(payment_id, NOW))


async def save_session(store: DatabaseStore, customer: Customer) -> None:
    customer.session = await store.commit(SaveSession(replace(customer.session, changed_at=NOW)))


async def read_wallet(store: DatabaseStore, customer: Customer) -> None:
    assert await store.read(Wallet, customer.wallet_id) is not None


async def read_session(store: DatabaseStore, customer: Customer) -> None:
    assert await store.read(SavedSession, "ussd", customer.session.address) is not None


@dataclass
class Customer:
    """Pays a new meter each time, so that no payment is refused for being the same twice."""

    wallet_id: str
    session: SavedSession


def quoted(payment_id: str, customer: Customer) -> Quote:
    price, fee = Money.of(20_000, "IDR"), Money.of(2_500, "IDR")
    until = NOW + timedelta(minutes=10)
    return Quote(
        payment_id,
        "pln-token",
        "20",
        payment_id[-11:],
        "SITI AMINAH",
        price,
        fee,
        price,
        "digiflazz",
        "pln20",
        until,
    )


async def customers(store: DatabaseStore) -> list[Customer]:
    async def one(number: int) -> Customer:
        msisdn = Msisdn(f"+62812{number:08d}")
        wallet = Wallet(f"w{number:06d}", msisdn, "id", "IDR", "active", 10**14, "$argon2id$" + "x" * 80, "", NOW)
        await store.commit(OpenWallet(wallet))
        session = SavedSession("ussd", msisdn, "ATUid_1", 20, "d" * 64, STATE, ANSWER, False, NOW)
        return Customer(wallet.wallet_id, await store.commit(SaveSession(session)))

    return list(await asyncio.gather(*(one(number) for number in range(WALLETS))))


Action = Callable[[DatabaseStore, Customer], Awaitable[object]]


async def together(store: DatabaseStore, everyone: Sequence[Customer], act: Action, seconds: float) -> Result:
    """64 at once, each acting again as soon as it is answered."""
    end = time.perf_counter() + seconds
    waits: list[float] = []

    async def loop(mine: Sequence[Customer]) -> None:
        for customer in itertools.cycle(mine):
            start = time.perf_counter()
            if start >= end:
                return
            await act(store, customer)
            waits.append(time.perf_counter() - start)

    cpu, start = time.process_time(), time.perf_counter()
    await asyncio.gather(*(loop(everyone[number::CUSTOMERS]) for number in range(CUSTOMERS)))
    spent = time.perf_counter() - start
    waits.sort()
    count = len(waits)
    return Result(count / spent, waits[count // 2], waits[count * 99 // 100], (time.process_time() - cpu) / count)


@dataclass(frozen=True)
class Result:
    per_s: float
    p50_s: float
    p99_s: float
    cpu_s: float


ACTIONS: dict[str, Action] = {
    "authorize": authorize,
    "pay, three commits": pay,
    "save a session": save_session,
    "read a wallet": read_wallet,
    "read a session": read_session,
}


async def measured(folder: Path, rounds: int, seconds: float, entries: int) -> None:
    results: dict[str, list[tuple[Result, float]]] = {name: [] for name in ACTIONS}
    async with open_store(f"sqlite:///{folder / 'bench.db'}", owner=True) as store:
        everyone = await customers(store)
        if entries:
            await grow(store, everyone, entries)
        for name, act in list(ACTIONS.items()) * rounds:
            raw = await asyncio.to_thread(raw_transfers, folder / "raw.db", seconds)
            results[name].append((await together(store, everyone, act, seconds), raw))
    raws = sorted(raw for found in results.values() for _, raw in found)
    print(f"raw sqlite3, one transfer a commit: {raws[len(raws) // 2]:,.0f}/s [{raws[0]:,.0f}-{raws[-1]:,.0f}]")
    for name, found in results.items():
        report(name, found)


async def grow(store: DatabaseStore, everyone: Sequence[Customer], entries: int) -> None:
    """Whole payments until the journal is that long."""
    for start in range(0, entries // 2, 128):
        await asyncio.gather(*(pay(store, everyone[(start + n) % WALLETS]) for n in range(128)))


def report(name: str, found: Sequence[tuple[Result, float]]) -> None:
    ratio = statistics.median(result.per_s / raw for result, raw in found)
    middle = sorted((result for result, _ in found), key=lambda result: result.per_s)[len(found) // 2]
    print(
        f"{name:20} {middle.per_s:9,.0f}/s = {ratio:5.2f} x raw;"
        f" p50 {middle.p50_s * 1e3:6.2f} ms, p99 {middle.p99_s * 1e3:6.2f} ms, CPU {middle.cpu_s * 1e6:5.0f} us each"
    )


@contextmanager
def a_folder(chosen: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="loket-bench-", dir=chosen) as folder:
        yield Path(folder)


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--entries", type=int, default=0, help="journal entries to write before measuring")
    parse.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parse.add_argument("--rounds", type=int, default=5)
    parse.add_argument("--folder", help="where the files lie while measuring; the disk matters")
    asked = parse.parse_args()
    with a_folder(asked.folder) as folder:
        asyncio.run(measured(folder, asked.rounds, asked.seconds, asked.entries))


if __name__ == "__main__":
    main()
