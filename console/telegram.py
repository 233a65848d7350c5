"""The bot as the settings have it. Without a token nothing of Telegram is even loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.settings import Settings, secrets_of
from adapters.wiring import Wired, painter
from core.conversation.cashier import Cashier
from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.conversation.view import Channel
from core.services.claim import has_role
from ussd.app import whole_body
from ussd.pages import UssdChannel

if TYPE_CHECKING:
    from bot.app import Bot

ROLE_LASTS = timedelta(seconds=20)


def channels_of(settings: Settings) -> list[Channel]:
    """Where this counter can be met."""
    if settings.telegram_token is None:
        return [UssdChannel()]
    from bot.screens import TelegramChannel  # noqa: PLC0415  # loaded only where there is a bot

    return [UssdChannel(), TelegramChannel(takes_cards=settings.telegram_provider_token is not None)]


def bot_of(settings: Settings, parts: Wired, listener: Listener, observe: Callable[[str], None]) -> Bot | None:
    """`observe` hears of each update by its kind."""
    if settings.telegram_token is None:
        return None
    from bot.app import Account, Bot  # noqa: PLC0415  # as above
    from bot.behind import Behind  # noqa: PLC0415  # as above

    counter, (key, *older) = parts.counter, settings.secret_keys
    behind = Behind(
        listener=listener,
        cashier=Cashier(counter),
        store=counter.store,
        words=counter.words,
        clock=counter.clock,
        painter=painter(counter.catalogue.currency),
        pace=Pace(settings.turns_per_s, settings.turns_burst),
        observe=observe,
        secret_key=key,
        older_keys=older,
        in_charge=partial(has_role, counter, "telegram", lasts=ROLE_LASTS) if counter.worker else None,
    )
    provider = settings.telegram_provider_token
    account = Account(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        webhook=settings.public_url,
        secret=next(iter(secrets_of(settings.telegram_secret)), ""),
        provider_token=provider.get_secret_value() if provider else "",
        operators_chat=settings.telegram_operators_chat,
        heads_channel=settings.telegram_heads_channel,
    )
    return Bot(account, behind)


def routes_of(settings: Settings, bot: Bot | None) -> list[web.RouteDef]:
    """Telegram's door, where it calls us."""
    if bot is None or settings.telegram_secret is None or not settings.public_url:
        return []
    from bot.webhook import webhook_route  # noqa: PLC0415  # as above

    return [webhook_route(secrets_of(settings.telegram_secret), bot.take, whole_body)]


@asynccontextmanager
async def at_work(bot: Bot | None) -> AsyncIterator[None]:
    if bot is None:
        yield
        return
    async with bot.at_work():
        yield
