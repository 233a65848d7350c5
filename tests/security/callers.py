"""Somebody who calls a counter by any channel, and says what she likes: the owner, or who pretends to be her."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from bot.screens import TelegramChannel, read
from core.conversation.listen import Listener
from core.conversation.said import Said
from core.conversation.view import Page
from tests.support.counters import WANJIKU, Bench
from tests.support.walk import AllTyped
from ussd.pages import UssdChannel


class ForgeableCalls(UssdChannel):
    """A channel whose network tells a number that anybody can forge, as that of a voice call."""

    name = "voice"
    proves_caller = False


def listener_of(bench: Bench) -> Listener:
    return Listener(bench.counter, [UssdChannel(), ForgeableCalls(), TelegramChannel()])


@dataclass
class Caller:
    listener: Listener
    channel: str = "ussd"
    address: str = WANJIKU
    sim: str = ""
    words: tuple[str, ...] = ()
    session: str = ""
    sessions: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def dials(self, *typed: str) -> str:
        """The last screen, as it is read."""
        self.session, self.words = f"{self.channel} {next(self.sessions)}", ()
        screen = await self._says()
        for words in typed:
            screen = await self.types(words)
        return screen

    async def types(self, words: str) -> str:
        self.words = (*self.words, words)
        return await self._says()

    async def _says(self) -> str:
        said = Said(self.channel, self.address, self.session, AllTyped(self.words), sim=self.sim)
        return self._read(await self.listener.listen(said))

    def _read(self, page: Page) -> str:
        return "\n".join(read(page.words).lines) if self.channel == "telegram" else page.words
