"""A channel where everybody can read the journal's signed heads, and Telegram remembers them."""

from __future__ import annotations

import telegram

from bot.line import Line


class HeadsChannel:
    """A `HeadBoard`."""

    def __init__(self, bot: telegram.Bot, line: Line, number: str) -> None:
        self.name = "telegram"
        self._bot, self._line, self._number = bot, line, number

    async def put(self, note: str) -> None:
        async def call() -> None:
            await self._bot.send_message(
                self._number,
                note,
                disable_notification=True,
                link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
            )

        await self._line.once(self._number, call, broadcast=True)
