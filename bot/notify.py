"""Messages into chats that nobody asked for just now: receipts, news, reminders."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Sequence

import structlog
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.inbound import OFFER
from bot.line import Line
from bot.stage import HTML, Bury
from core.domain.message import Offer
from core.domain.slip import Slip
from core.ports import Painter, Store

log = structlog.get_logger(__name__)

LONGEST_CAPTION = 1024
LONGEST_DATA = 64
# By what an offer leads to.
ICONS = {"pay-": "💳", "quiet-": "🔕", "go": "▶️"}


class TelegramNotifier:
    """A `ChatNotifier`: a receipt is a picture with the same words under it; one with a token nobody passes on."""

    def __init__(self, bot: telegram.Bot, line: Line, store: Store, painter: Painter) -> None:
        self._bot, self._line, self._store, self._painter = bot, line, store, painter

    async def send(
        self, address: str, words: str, *, slip: Slip | None, offers: Sequence[Offer], patient: bool, message_id: str
    ) -> None:
        markup = _offered(offers)
        picture = await asyncio.to_thread(self._painter.receipt, slip) if slip else None
        said = _said(words, slip)

        async def call() -> telegram.Message:
            protect = bool(slip and slip.token)
            if picture and len(words) <= LONGEST_CAPTION:
                return await self._bot.send_photo(
                    address, picture, caption=said, parse_mode=HTML, reply_markup=markup, protect_content=protect
                )
            return await self._bot.send_message(
                address, said, parse_mode=HTML, reply_markup=markup, protect_content=protect
            )

        await self._line.once(address, call, broadcast=patient)
        try:
            await self._store.commit(Bury(address))
        except Exception:
            # It is there. To say so and be asked to send it again would be worse than a screen that stays above it.
            log.exception("screen_not_buried")


def _offered(offers: Sequence[Offer]) -> InlineKeyboardMarkup | None:
    """A button for each; one that Telegram cannot carry is left out, as its words are not."""
    rows = [
        [InlineKeyboardButton(f"{_icon(one)} {one.words}", callback_data=f"{OFFER}{one.leads}", style=_style(place))]
        for place, one in enumerate(offers)
        if len(f"{OFFER}{one.leads}".encode()) <= LONGEST_DATA
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _icon(offer: Offer) -> str:
    return next((icon for leads, icon in ICONS.items() if offer.leads.startswith(leads)), "👉")


def _style(place: int) -> str | None:
    return "primary" if place == 0 else None


def _said(words: str, slip: Slip | None) -> str:
    said = html.escape(words)
    token = html.escape(slip.token) if slip and slip.token else ""
    return said.replace(token, f"<code>{token}</code>", 1) if token else said
