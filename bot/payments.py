"""The last word before a card is charged. Telegram waits for ten seconds, so this stands in no queue."""

from __future__ import annotations

from typing import Any

import structlog
import telegram

from bot.behind import Cashier
from core.conversation.languages import FIRST, LANGUAGES
from core.domain.money import EXPONENT, Money
from core.ports import StoreDown, Words
from core.text import Text, _

log = structlog.get_logger(__name__)

NOT_NOW = _("The counter is closed for a moment. Your money has not moved. Please try again later.")


async def answer_checkout(update: dict[str, Any], bot: telegram.Bot, cashier: Cashier, words: Words) -> None:
    query = telegram.Update.de_json(update, bot).pre_checkout_query
    assert query is not None
    spoken = query.from_user.language_code
    objection = await _objection(query, cashier)
    said = words.say(objection, spoken if spoken in LANGUAGES else FIRST) if objection else None
    try:
        await bot.answer_pre_checkout_query(query.id, ok=objection is None, error_message=said)
    except telegram.error.TelegramError as trouble:
        # The card is then not charged, and its owner is told so by Telegram.
        log.warning("checkout_not_answered", why=type(trouble).__name__)


async def _objection(query: telegram.PreCheckoutQuery, cashier: Cashier) -> Text | None:
    if query.currency not in EXPONENT:
        return NOT_NOW
    try:
        return await cashier.objection(query.invoice_payload, Money(query.total_amount, query.currency))
    except StoreDown:
        return NOT_NOW
