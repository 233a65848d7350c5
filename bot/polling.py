"""Long polling: the offset moves on only after everything before it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
import telegram
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from core.ports import StoreDown

log = structlog.get_logger(__name__)

Take = Callable[[dict[str, Any]], Awaitable[None]]

WAIT_S = 30
AT_ONCE = 100
TRY_AGAIN_S = 1.0
LONGEST_S = 30.0


async def keep_polling(bot: telegram.Bot, take: Take, kinds: list[str]) -> None:
    """Ask for updates until cancelled. What cannot be stored is asked for again."""
    offset, wait_s = 0, TRY_AGAIN_S
    while True:
        try:
            updates = await bot.get_updates(offset, limit=AT_ONCE, timeout=WAIT_S, allowed_updates=kinds)
            await asyncio.gather(*(take(update.to_dict()) for update in updates))
        except (TelegramError, StoreDown) as trouble:
            log.warning("not_polled", why=type(trouble).__name__, again_in_s=_wait(trouble, wait_s))
            await asyncio.sleep(_wait(trouble, wait_s))
            wait_s = min(LONGEST_S, wait_s * 2)
            continue
        except Exception:
            # An update that the library cannot make sense of: it is loud, and nobody else is left without an answer
            # once it is mended or Telegram has given it up.
            log.exception("polling_failed")
            await asyncio.sleep(LONGEST_S)
            continue
        wait_s = TRY_AGAIN_S
        if updates:
            offset = updates[-1].update_id + 1


def _wait(trouble: Exception, wait_s: float) -> float:
    if isinstance(trouble, RetryAfter):
        wait = trouble.retry_after
        return float(wait) if isinstance(wait, int) else wait.total_seconds()
    return LONGEST_S if isinstance(trouble, (Conflict, InvalidToken)) else wait_s
