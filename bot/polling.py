"""Long polling: the offset moves on only after everything before it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.api import Api
from core.ports import StoreDown

log = structlog.get_logger(__name__)

Take = Callable[[dict[str, Any]], Awaitable[None]]

WAIT_S = 30
AT_ONCE = 100
TRY_AGAIN_S = 1.0
LONGEST_S = 30.0


async def keep_polling(bot: Api, take: Take, kinds: list[str]) -> None:
    """Ask for updates until cancelled. What cannot be stored is asked for again."""
    offset, wait_s = 0, TRY_AGAIN_S
    while True:
        try:
            updates = await bot.updates_as_sent(offset, limit=AT_ONCE, wait_s=WAIT_S, kinds=kinds)
            await asyncio.gather(*(take(update) for update in updates))
        except (TelegramError, StoreDown) as trouble:
            log.warning("not_polled", why=type(trouble).__name__, again_in_s=_wait(trouble, wait_s))
            await asyncio.sleep(_wait(trouble, wait_s))
            wait_s = min(LONGEST_S, wait_s * 2)
            continue
        except Exception:
            # A bug: it is loud, and nobody is left without an answer once it is mended or Telegram has given it up.
            log.exception("polling_failed")
            await asyncio.sleep(LONGEST_S)
            continue
        wait_s = TRY_AGAIN_S
        if updates:
            offset = max(int(update["update_id"]) for update in updates) + 1


def _wait(trouble: Exception, wait_s: float) -> float:
    if isinstance(trouble, RetryAfter):
        wait = trouble.retry_after
        return float(wait) if isinstance(wait, int) else wait.total_seconds()
    return LONGEST_S if isinstance(trouble, (Conflict, InvalidToken)) else wait_s
