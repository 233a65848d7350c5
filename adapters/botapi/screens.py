"""What is to be seen in a chat: its messages, the one with the buttons, and the keys in place of the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.botapi.messages import Chat
from adapters.botapi.seen import Rows, Seen, rows, see

LINES = 6


class Cannot(Exception):
    """What a person's app does not let her do, or what is not on her screen. The text shows the screen."""


@dataclass(frozen=True, slots=True)
class ChatView:
    """A chat as its people see it, without what was deleted."""

    _chat: Chat

    @property
    def messages(self) -> list[Seen]:
        return [see(message) for message in self._chat.messages.values()]

    def message(self, message_id: int) -> Seen:
        """Raises `Cannot` where it was never there, or was deleted."""
        found = self._chat.messages.get(message_id)
        if found is None:
            raise Cannot(f"There is no message {message_id}.")
        return see(found)

    @property
    def screen(self) -> Seen | None:
        """The bot's newest message with buttons, else its newest."""
        newest = None
        for message in self._chat.newest_first():
            if message.from_bot and message.keyboard:
                return see(message)
            newest = newest or (message if message.from_bot else None)
        return see(newest) if newest is not None else None

    def find(self, words: str) -> Seen | None:
        """The bot's newest message with these words."""
        for message in self._chat.newest_first():
            if message.from_bot and words in message.words:
                return see(message)
        return None

    @property
    def keyboard(self) -> Rows:
        """The keys in place of a person's own keyboard."""
        markup = self._chat.keyboard
        return rows(markup.value["keyboard"]) if markup is not None else ()

    @property
    def last_action(self) -> str:
        """What the bot said last that it was doing, such as `typing`."""
        return self._chat.last_action

    def describe(self) -> str:
        """The end of the chat in a few lines, for the message of a failing test."""
        lines = []
        for seen in self.messages[-LINES:]:
            who = "bot" if seen.from_bot else "she"
            lines.append(f"{seen.message_id} {who} [{seen.kind}] {seen.text} {seen.captions or ''}".rstrip())
        return "\n".join(lines) or "(an empty chat)"
