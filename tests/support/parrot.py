"""A listener that has nothing to sell: it remembers what it heard, and repeats an answer as the real one does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from core.conversation.said import Mark, Opened, Said, Typed
from core.conversation.view import Page
from core.text import Text


@dataclass
class Parrot:
    """`heard` holds paths of opened sessions, typed words, and `None` where somebody hung up."""

    heard: list[tuple[str, ...] | str | None] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    marks: dict[tuple[str, str], Mark] = field(default_factory=dict)
    answer: Page = field(default_factory=lambda: Page("nothing yet"))
    says: str = "Heard {count}"
    last_after: int = 99
    slow_s: float = 0

    async def listen(self, said: Said) -> Page:
        await asyncio.sleep(self.slow_s)
        self.said.append(said)
        match said.transcript.after(self.marks.get((said.address, said.gateway_session))):
            case Opened(path):
                self.heard.append(path)
            case Typed(words):
                self.heard.append(words)
            case _:
                return self.answer
        self.marks[said.address, said.gateway_session] = said.transcript.mark
        count = len(self.heard)
        self.answer = Page(self.says.format(count=count), final=count >= self.last_after)
        return self.answer

    async def hung_up(self, channel: str, address: str, gateway_session: str) -> None:
        self.heard.append(None)


class English:
    """Words as they stand in the source."""

    def say(self, text: Text, language: str) -> str:
        return text.message.format_map(text.values) if text.values else text.message
