"""What all seeds of a process share: catalogue, words, and a store in which the customers have their wallets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import structlog

from adapters.database.store import DatabaseStore, open_store
from adapters.wiring import LOCALES
from core.catalogue import CounterCatalogue, load
from core.conversation.translator import Translator
from core.domain.chat import Chat, Link
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.ports import Book
from core.services.counter import Counter, Terms
from core.services.enroll import Enroll
from core.services.top_up import top_up_wallet
from tests.simulation import disk, process
from tests.simulation.loop import SeededLoop
from tests.simulation.people import NUMBERS, OPENING, WALLETS
from tests.support.counters import PIN, ZONE
from tests.support.fakes import NOON, CountingIds, HandClock, QuickVault


@cache
def catalogue() -> CounterCatalogue:
    return load("id")


@cache
def words() -> Translator:
    return Translator(LOCALES, zone=ZONE)


@cache
def set_up() -> None:
    """Once in each process."""
    process.without_threads()
    disk.share_statements()
    disk.made_of(_peopled)


def _peopled(path: Path) -> None:
    """Three customers with money, one of whom has a chat as well. Their first messages were sent."""
    loop = SeededLoop(Random(0))  # type: ignore[abstract]  # it is asked for nothing else
    loop.run(_enrolled(path))


async def _enrolled(path: Path) -> None:
    async with open_store(f"sqlite:///{path}", owner=True, inline=True) as store:
        counter = Counter(store, catalogue(), {}, words(), QuickVault(), HandClock(NOON), CountingIds(), Terms())
        for number, wallet_id in zip(NUMBERS, WALLETS, strict=True):
            await _customer(counter, store, number, wallet_id)
        await store.commit(_OpenChat())


async def _customer(counter: Counter, store: DatabaseStore, number: str, wallet_id: str) -> None:
    await store.commit(
        Enroll(
            wallet_id=wallet_id,
            channel="ussd",
            address=number,
            msisdn=Msisdn(number),
            language="en",
            currency="IDR",
            pin_hash=await counter.vault.hashed(PIN),
            proof_hash=await counter.vault.hashed("1985"),
            now=NOON,
        )
    )
    opening = Money.of(OPENING, "IDR")
    await top_up_wallet(counter, wallet_id, opening, bank="BCA", evidence=f"opening {wallet_id}", by="test")


class _OpenChat:
    """The second customer reads her messages in a chat."""

    def wants(self) -> tuple[()]:
        return ()

    def decide(self, book: Book) -> None:
        book.put(Link("telegram", "chat", WALLETS[1], "Siti", since=NOON, trusted=True))
        book.put(Chat(WALLETS[1], "telegram", "chat"))


@contextmanager
def errors_heard(hear: Callable[[str, BaseException | None], None]) -> Iterator[None]:
    """What is logged as an error is heard; the rest is nothing that a simulation waits for."""

    def listen(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
        error = event.get("exc_info")
        if error is True:
            error = sys.exc_info()[1]
        hear(str(event.get("event")), error if isinstance(error, BaseException) else None)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[listen], wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        yield
    finally:
        structlog.configure(**before)
