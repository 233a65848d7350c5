"""The operators' chat, by each number that Telegram gave it: a group that grows gets another one."""

from __future__ import annotations

from contextlib import suppress

import structlog
import telegram
from telegram.error import ChatMigrated

from bot.line import Line
from core.refusal import Fault

log = structlog.get_logger(__name__)

# Telegram's numbers of groups that have grown already begin here; these move no more.
SUPERGROUPS = -(10**12)


class OperatorsChat:
    """`number` is the newest; blank where there is none."""

    def __init__(self, bot: telegram.Bot, line: Line, number: str) -> None:
        self._bot, self._line, self.number = bot, line, number
        self._known = {number} if number else set()

    def knows(self, chat: int) -> bool:
        return str(chat) in self._known

    def moved(self, to: int) -> None:
        """From now on it has this number too, until somebody writes it into the settings."""
        if not self.knows(to):
            log.error("operators_chat_moved", now=to)
            self._known.add(str(to))
        self.number = str(to)

    async def has_become(self, group: int) -> bool:
        """Whether a group that we do not know is ours under its new number; Telegram tells who asks for the old one."""
        if not self.number or int(self.number) < SUPERGROUPS or group > SUPERGROUPS:
            return self.knows(group)
        with suppress(Fault):
            await self._line.once(self.number, self._ask, broadcast=False)
        return self.knows(group)

    async def _ask(self) -> None:
        try:
            await self._bot.get_chat(self.number)
        except ChatMigrated as moved:
            self.moved(moved.new_chat_id)

    async def say(self, words: str) -> None:
        """Raises `Fault`; an `OperatorsLine`."""
        await self._line.once(self.number, lambda: self._said(words), broadcast=False)

    async def _said(self, words: str) -> None:
        try:
            await self._bot.send_message(self.number, words)
        except ChatMigrated as moved:
            self.moved(moved.new_chat_id)
            await self._bot.send_message(self.number, words)
