"""A counter to test with: a real store in a file, the real catalogue and translator, doubles for what is outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.database.store import SqliteStore, open_store
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

WANJIKU = Msisdn("+6281234567890")
PIN = "7391"
ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True)
class Bench:
    """The counter and the hands that move its doubles."""

    counter: Counter
    store: SqliteStore
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


@asynccontextmanager
async def bench(folder: Path, terms: Terms | None = None) -> AsyncIterator[Bench]:
    clock, phones = HandClock(), Phones()
    provider = ScriptedProvider(clock)
    async with open_store(f"sqlite:///{folder / 'loket.db'}", owner=True) as store:
        counter = Counter(
            store=store,
            catalogue=load("id"),
            gateways={provider.name: provider},
            words=Translator(LOCALES, zone=ZONE),
            vault=QuickVault(),
            clock=clock,
            ids=CountingIds(),
            terms=terms or Terms(),
            bank="BCA 1234567890",
        )
        yield Bench(counter, store, clock, provider, phones)
