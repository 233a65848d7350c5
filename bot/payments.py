"""The last word before a card is charged. Telegram waits for ten seconds, so this stands in no queue."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
import telegram
from telegram.error import TelegramError

from bot.behind import Cashier
from bot.line import Line
from core.conversation.languages import FIRST, LANGUAGES
from core.domain.money import EXPONENT, Money
from core.ports import StoreDown, Words
from core.refusal import Fault
from core.text import Text, _

log = structlog.get_logger(__name__)

DECIDED_WITHIN_S = 4.0
ANSWERED_WITHIN_S = 8.0

NOT_NOW = _("The counter is closed for a moment. Your money has not moved. Please try again later.")


async def answer_checkout(
    update: dict[str, Any], bot: telegram.Bot, line: Line, cashier: Cashier, words: Words
) -> None:
    query = update["pre_checkout_query"]
    number, spoken = str(query["id"]), query.get("from", {}).get("language_code")
    try:
        async with asyncio.timeout(ANSWERED_WITHIN_S):
            objection = await _objection(query, cashier)
            said = words.say(objection, spoken if spoken in LANGUAGES else FIRST) if objection else None
            # It has a line of its own: what the chat has to wait for, this need not.
            await line.reply(
                f"checkout {number}",
                lambda: bot.answer_pre_checkout_query(number, ok=objection is None, error_message=said),
            )
    except (TelegramError, Fault, TimeoutError) as trouble:
        # The card is then not charged, and its owner is told so by Telegram.
        log.warning("checkout_not_answered", why=type(trouble).__name__)


async def _objection(query: dict[str, Any], cashier: Cashier) -> Text | None:
    try:
        async with asyncio.timeout(DECIDED_WITHIN_S):
            if query["currency"] not in EXPONENT:
                return NOT_NOW
            return await cashier.objection(query["invoice_payload"], Money(query["total_amount"], query["currency"]))
    except StoreDown:
        return NOT_NOW
    except Exception:
        # Unanswered she would wait, and read nothing. Refused, she has lost nothing.
        log.exception("checkout_failed")
        return NOT_NOW
