"""The one place where ports meet adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from pydantic import SecretStr

import core
from adapters.billers.digiflazz import Callback, Digiflazz, DigiflazzSettings, read_callback
from adapters.clock import RandomIds, SystemClock
from adapters.database.backup import back_up, bring_back
from adapters.database.keys_of_store import KeysOfStore, keys_of_store
from adapters.database.place import let_serve, move
from adapters.database.store import DatabaseStore, open_store
from adapters.heads.file import FileBoard
from adapters.heads.webhook import WebhookBoard
from adapters.notify.africastalking import AfricasTalkingSms, SmsAccount
from adapters.notify.local import NoWayOut, OnScreen
from adapters.settings import Settings
from adapters.signing import Ed25519Signer, is_signed, new_private_key
from adapters.statements.bank_accounts import read_accounts
from adapters.statements.bank_file import read_bank_file
from adapters.statements.csv_columns import Layout, layouts
from adapters.statements.provider_csv import LARGEST as LARGEST_STATEMENT
from adapters.statements.provider_csv import read_provider_csv
from adapters.statements.report import write_report
from adapters.vault import PepperedVault
from core.catalogue import load
from core.conversation.translator import Translator
from core.domain.bank_sorting import BankAccount
from core.domain.head import PublicKey
from core.ports import BillerGateway, HeadBoard, Notifier, Painter
from core.services.counter import Asking, Counter, Terms

__all__ = [
    "LARGEST_STATEMENT",
    "Callback",
    "Ed25519Signer",
    "KeysOfStore",
    "Layout",
    "Wired",
    "audit_keys",
    "back_up",
    "bring_back",
    "is_signed",
    "keys_of_store",
    "layouts",
    "let_serve",
    "move",
    "new_private_key",
    "painter",
    "read_bank_file",
    "read_callback",
    "read_provider_csv",
    "wired",
    "write_report",
]

Observe = Callable[[str, str, str, float], None]

LOCALES = Path(core.__file__).parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Wired:
    """A counter and what belongs to it, open until the context ends."""

    counter: Counter
    store: DatabaseStore
    notifier: Notifier
    boards: tuple[HeadBoard, ...] = ()
    accounts: Mapping[str, BankAccount] = field(default_factory=dict)


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
        opening = open_store(settings.database_url, owner=owner, keys=settings.store_keys)
        store = await open_things.enter_async_context(opening)
        vault = PepperedVault(settings.peppers, threads=settings.pin_threads)
        open_things.callback(vault.close)
        gateways = await _gateways(settings, observe, open_things)
        ids = RandomIds()
        counter = Counter(
            store=store,
            catalogue=catalogue,
            gateways=gateways,
            words=Translator(LOCALES, zone=ZoneInfo(catalogue.time_zone)),
            vault=vault,
            clock=SystemClock(),
            ids=ids,
            terms=_terms(settings),
            bank=settings.bank,
            short_code=settings.short_code,
            signer=_signer(settings),
            worker=ids.new() if store.shared else "",
        )
        accounts = read_accounts(Path(settings.bank_accounts)) if settings.bank_accounts else {}
        notifier = await _notifier(settings, on_screen, open_things)
        yield Wired(counter, store, notifier, _boards(settings), accounts)


def audit_keys(settings: Settings) -> list[PublicKey]:
    """Whose heads we believe: our own key's, and those of before."""
    signer = _signer(settings)
    return [*([signer.key] if signer else []), *map(PublicKey.read, settings.audit_old_keys.split())]


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


def _signer(settings: Settings) -> Ed25519Signer | None:
    return Ed25519Signer.read(settings.audit_key.get_secret_value()) if settings.audit_key else None


def _boards(settings: Settings) -> tuple[HeadBoard, ...]:
    """Places for heads besides chats."""
    found: list[HeadBoard] = []
    if settings.heads_file:
        found.append(FileBoard(Path(settings.heads_file)))
    if settings.heads_webhook:
        found.append(WebhookBoard(settings.heads_webhook))
    return tuple(found)


def _terms(settings: Settings) -> Terms:
    return Terms(
        quote_lasts=timedelta(seconds=settings.quote_lasts_s),
        unsent_lasts=timedelta(seconds=settings.unsent_lasts_s),
        answer_overdue=timedelta(seconds=settings.answer_overdue_s),
        review_after=timedelta(seconds=settings.review_after_s),
        finality=timedelta(seconds=settings.finality_s),
        poll_schedule=settings.poll_schedule,
        by_provider={"digiflazz": _asking_digiflazz(settings)},
        silence=timedelta(days=settings.silence_days),
        inquiries_an_hour=settings.inquiries_an_hour,
        inquiries_a_day=settings.inquiries_a_day,
    )


def _asking_digiflazz(settings: Settings) -> Asking:
    own = tuple(timedelta(seconds=seconds) for seconds in settings.digiflazz_poll_schedule_s)
    finality = timedelta(seconds=settings.digiflazz_finality_s or settings.finality_s)
    return Asking(own or settings.poll_schedule, finality)


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
