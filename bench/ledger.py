"""How fast money moves, on both stores, as ratios to what bounds it on the same machine in the same run.

    python -m bench.ledger [--seconds 5] [--rounds 5] [--only sqlite|postgresql]

A transfer is checked in full: the payer's floor, its key seen once for ever, a gapless entry whose legs sum to zero,
both balances, durable when it is answered. 64 customers wait at once. On SQLite the yardstick is raw `sqlite3` that
commits one such transfer at a time; on PostgreSQL it is pgbench's TPC-B-like script on the same server, scale 10, 8
clients: different work, and what everybody knows. Then all customers pay one biller, beside all paying different ones.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adapters.database.store import open_store
from bench.store import DAY, NOW, WALLETS, Action, Customer, Result, customers, raw_transfers, serial, together
from core.domain.journal import entry, wallet_account
from core.domain.money import Money
from core.domain.wallet import Wallet
from core.ports import Book, Key, Store
from tests.support.postgres import Server, program, server

AMOUNT = Money.of(22_500, "IDR")
WANTED = {"sqlite": 2.0, "postgresql": 2.0}
HOT_WANTED = 0.95


@dataclass(frozen=True, slots=True)
class Transfer:
    """From one wallet to another."""

    key: str
    payer: str
    payee: str

    def wants(self) -> Sequence[Key[object]]:
        return Key(Wallet, (self.payer,)), Key(Wallet, (self.payee,))

    def decide(self, book: Book) -> int:
        payer, payee = book.get(Wallet, self.payer), book.get(Wallet, self.payee)
        assert payer is not None and payee is not None
        book.put(payer.debit(AMOUNT, now=NOW))
        book.put(payee.credit(AMOUNT))
        return post(book, self.key, wallet_account(self.payer), wallet_account(self.payee))


@dataclass(frozen=True, slots=True)
class PayBiller:
    """From a wallet to an account that has no floor and no balance row."""

    key: str
    payer: str
    biller: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.payer,)),)

    def decide(self, book: Book) -> int:
        payer = book.get(Wallet, self.payer)
        assert payer is not None
        book.put(payer.debit(AMOUNT, now=NOW))
        return post(book, self.key, wallet_account(self.payer), f"payable:{self.biller}")


def post(book: Book, key: str, debited: str, credited: str) -> int:
    legs = (debited, AMOUNT.minor), (credited, -AMOUNT.minor)
    return book.post(entry("transfer", *legs, key=key, currency=AMOUNT.currency, at=NOW, day=DAY)).index


async def transfer(store: Store, customer: Customer) -> None:
    number = next(serial)
    payee = f"w{(number * 7 + 1) % WALLETS:06d}"
    if payee == customer.wallet_id:
        payee = "w000000" if customer.wallet_id != "w000000" else "w000001"
    await store.commit(Transfer(f"bench:{number}", customer.wallet_id, payee))


async def pay_one_biller(store: Store, customer: Customer) -> None:
    await store.commit(PayBiller(f"bench:{next(serial)}", customer.wallet_id, "pln"))


async def pay_many_billers(store: Store, customer: Customer) -> None:
    number = next(serial)
    await store.commit(PayBiller(f"bench:{number}", customer.wallet_id, f"biller{number % WALLETS}"))


@dataclass(frozen=True, slots=True)
class Beside:
    """A result, and the yardstick taken just before it."""

    result: Result
    bound: float


async def measured(name: str, url: str, bound: Callable[[], float], rounds: int, seconds: float) -> None:
    async with open_store(url, owner=True) as store:
        everyone = await customers(store)

        async def rate(act: Action) -> Result:
            return await together(store, everyone, act, seconds)

        transfers, hot = [], []
        for _ in range(rounds):
            yard = await asyncio.to_thread(bound)
            transfers.append(Beside(await rate(transfer), yard))
            one, many = await rate(pay_one_biller), await rate(pay_many_billers)
            hot.append(one.per_s / many.per_s)
        report(name, transfers, hot)


def report(name: str, transfers: Sequence[Beside], hot: Sequence[float]) -> None:
    ratios = sorted(one.result.per_s / one.bound for one in transfers)
    middle = sorted(transfers, key=lambda one: one.result.per_s)[len(transfers) // 2]
    bound, result = statistics.median(one.bound for one in transfers), middle.result
    print(f"{name}: bound {bound:,.0f}/s; transfers {result.per_s:,.0f}/s", end="")
    print(
        f" = {statistics.median(ratios):.2f} x [{ratios[0]:.2f}-{ratios[-1]:.2f}] (wanted: {WANTED[name]} or more);",
        end="",
    )
    print(f" p50 {result.p50_s * 1e3:.1f} ms, p99 {result.p99_s * 1e3:.1f} ms, CPU {result.cpu_s * 1e6:.0f} µs each")
    low, high = min(hot), max(hot)
    print(
        f"{name}: one biller / many {statistics.median(hot):.2f} [{low:.2f}-{high:.2f}] (wanted: {HOT_WANTED} or more)"
    )


async def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parse.add_argument("--rounds", type=int, default=5)
    parse.add_argument("--only", choices=sorted(WANTED), help="one store alone")
    asked = parse.parse_args()
    if asked.only != "postgresql":
        with tempfile.TemporaryDirectory(prefix="loket-bench-") as folder:
            raw = Path(folder) / "raw.db"
            url = f"sqlite:///{folder}/loket.db"
            await measured("sqlite", url, lambda: raw_transfers(raw, asked.seconds), asked.rounds, asked.seconds)
    if asked.only != "sqlite":
        with server(autovacuum="on") as running:
            pgbench(running, "-i", "-q", "-s", "10")
            url = running.database()
            bound = partial(tpc_b, running, asked.seconds)
            await measured("postgresql", url, bound, asked.rounds, asked.seconds)


def tpc_b(running: Server, seconds: float) -> float:
    """Transactions a second of pgbench's own script."""
    said = pgbench(running, "-c", "8", "-j", "1", "-T", str(max(1, round(seconds))))
    found = re.search(r"tps = ([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


def pgbench(running: Server, *words: str) -> str:
    where = ("-h", str(running.folder), "-U", "loket")
    done = subprocess.run([program("pgbench"), *words, *where, "postgres"], capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    asyncio.run(main())
