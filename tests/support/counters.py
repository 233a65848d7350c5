"""A counter to test with: a real store in a file, the real catalogue and translator, doubles for what is outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.database.store import DatabaseStore, open_store
from adapters.wiring import LOCALES
from core.catalogue import load
from core.conversation.translator import Translator
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.wallet import Wallet
from core.services.counter import Counter, Terms
from core.services.enroll import Enroll
from core.services.top_up import top_up_wallet
from tests.support.fakes import CountingIds, HandClock, Phones, QuickVault, ScriptedProvider
from tests.support.keys import FIELD_KEYS

WANJIKU = Msisdn("+6281234567890")
PIN = "7391"
ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True)
class Bench:
    """The counter and the hands that move its doubles."""

    counter: Counter
    store: DatabaseStore
    clock: HandClock
    provider: ScriptedProvider
    phones: Phones

    async def customer(self, number: str = WANJIKU, *, rupiah: int = 200_000, language: str = "en") -> Wallet:
        """Somebody with a wallet, a PIN (7391) and money in it."""
        counter = self.counter
        wallet = await counter.store.commit(
            Enroll(
                wallet_id=f"w{number[-4:]}",
                channel="ussd",
                address=number,
                msisdn=Msisdn(number),
                language=language,
                currency="IDR",
                pin_hash=await counter.vault.hashed(PIN),
                proof_hash=await counter.vault.hashed("1985"),
                now=self.clock.now(),
            )
        )
        if rupiah:
            evidence = f"opening {number[-4:]}"
            wallet, _ = await top_up_wallet(
                counter, wallet.wallet_id, Money.of(rupiah, "IDR"), bank="BCA", evidence=evidence, by="test"
            )
        return wallet


def store_in(folder: Path) -> str:
    """The URL of a folder's store; tests that run on every kind of store put another in its place."""
    return f"sqlite:///{folder / 'loket.db'}"


_EMPTY: list[bytes] = []
catalogue = cache(load)


@cache
def words() -> Translator:
    return Translator(LOCALES, zone=ZONE)


async def see_that_there_is_a_store(folder: Path) -> None:
    """An empty one if there is none: migrating and sealing it takes longer than most tests, so it is done once."""
    path = folder / "loket.db"
    if path.exists():
        return
    if not _EMPTY:
        async with open_store(f"sqlite:///{path}", owner=True, keys=FIELD_KEYS):
            pass
        _EMPTY.append(path.read_bytes())
    path.touch(0o600)
    path.write_bytes(_EMPTY[0])


@asynccontextmanager
async def bench(folder: Path, terms: Terms | None = None) -> AsyncIterator[Bench]:
    clock, phones = HandClock(), Phones()
    provider = ScriptedProvider(clock)
    await see_that_there_is_a_store(folder)
    async with open_store(store_in(folder), owner=True, keys=FIELD_KEYS) as store:
        counter = Counter(
            store=store,
            catalogue=catalogue("id"),
            gateways={provider.name: provider},
            words=words(),
            vault=QuickVault(),
            clock=clock,
            ids=CountingIds(),
            terms=terms or Terms(),
            bank="BCA 1234567890",
        )
        yield Bench(counter, store, clock, provider, phones)
