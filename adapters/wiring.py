"""The one place where ports meet adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from pydantic import SecretStr

import core
from adapters.billers.digiflazz import Callback, Digiflazz, DigiflazzSettings, read_callback
from adapters.clock import RandomIds, SystemClock
from adapters.database.store import SqliteStore, open_store
from adapters.notify.africastalking import AfricasTalkingSms, SmsAccount
from adapters.notify.local import NoWayOut, OnScreen
from adapters.settings import Settings
from adapters.vault import PepperedVault
from core.catalogue import load
from core.conversation.translator import Translator
from core.ports import BillerGateway, Notifier, Painter
from core.services.counter import Counter, Terms

__all__ = ["Callback", "Wired", "painter", "read_callback", "wired"]

Observe = Callable[[str, str, str, float], None]

LOCALES = Path(core.__file__).parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Wired:
    """A counter and what belongs to it, open until the context ends."""

    counter: Counter
    store: SqliteStore
    notifier: Notifier


@asynccontextmanager
async def wired(
    settings: Settings,
    *,
    owner: bool,
    on_screen: bool = False,
    observe: Observe = lambda _provider, _call, _outcome, _seconds: None,
) -> AsyncIterator[Wired]:
    """Put the counter together. `owner` takes the store for serving; `observe` hears of each call to a provider."""
    async with AsyncExitStack() as open_things:
        catalogue = load(settings.country)
        store = await open_things.enter_async_context(open_store(settings.database_url, owner=owner))
        vault = PepperedVault(settings.peppers, threads=settings.pin_threads)
        open_things.callback(vault.close)
        gateways = await _gateways(settings, observe, open_things)
        counter = Counter(
            store=store,
            catalogue=catalogue,
            gateways=gateways,
            words=Translator(LOCALES, zone=ZoneInfo(catalogue.time_zone)),
            vault=vault,
            clock=SystemClock(),
            ids=RandomIds(),
            terms=_terms(settings),
            bank=settings.bank,
            short_code=settings.short_code,
        )
        yield Wired(counter, store, await _notifier(settings, on_screen, open_things))


def painter(currency: str) -> Painter:
    """What draws receipts and banknotes; its libraries are loaded only here."""
    from adapters.pictures.painter import Painter as Drawing  # noqa: PLC0415  # not for a counter without a chat

    return Drawing(currency)


async def _gateways(settings: Settings, observe: Observe, open_things: AsyncExitStack) -> dict[str, BillerGateway]:
    if not settings.digiflazz_username or settings.digiflazz_key is None:
        return {}
    account = DigiflazzSettings(
        url=settings.digiflazz_url,
        username=settings.digiflazz_username,
        key=settings.digiflazz_key.get_secret_value(),
        webhook_secret=_plain(settings.digiflazz_webhook_secret),
    )
    digiflazz = Digiflazz(
        account, SystemClock(), observe=lambda call, outcome, seconds: observe("digiflazz", call, outcome, seconds)
    )
    open_things.push_async_callback(digiflazz.close)
    return {digiflazz.name: digiflazz}


async def _notifier(settings: Settings, on_screen: bool, open_things: AsyncExitStack) -> Notifier:
    if on_screen:
        return OnScreen()
    if not settings.africastalking_username or settings.africastalking_api_key is None:
        return NoWayOut()
    http = await open_things.enter_async_context(
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
    )
    account = SmsAccount(
        settings.africastalking_sms_url,
        settings.africastalking_username,
        settings.africastalking_api_key.get_secret_value(),
        settings.africastalking_sender,
    )
    return AfricasTalkingSms(account, http)


def _terms(settings: Settings) -> Terms:
    return Terms(
        quote_lasts=timedelta(seconds=settings.quote_lasts_s),
        unsent_lasts=timedelta(seconds=settings.unsent_lasts_s),
        review_after=timedelta(seconds=settings.review_after_s),
        finality=timedelta(seconds=settings.finality_s),
        poll_schedule=settings.poll_schedule,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
