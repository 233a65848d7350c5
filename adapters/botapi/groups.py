"""Groups: a bot in one hears commands, its own name and answers to itself, unless its privacy mode is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.botapi import speaking
from adapters.botapi.messages import Chat, Message
from adapters.botapi.people import Person, Pressed
from adapters.botapi.screens import Cannot, ChatView
from adapters.botapi.seen import inline_rows

if TYPE_CHECKING:
    from adapters.botapi.server import Server


class Group:
    def __init__(self, server: Server, chat: Chat) -> None:
        self.server = server
        self.members: set[int] = set()
        self._chat = chat

    @property
    def chat_id(self) -> int:
        return self._chat.chat_id

    @property
    def chat(self) -> ChatView:
        return ChatView(self._chat)

    async def add_bot(self, by: Person) -> None:
        self._membership(by, old="left", new="member")
        self._chat.started, self._chat.blocked = True, False
        self.members.add(by.user_id)
        welcome = self.server.post(self._chat, by.about, {"new_chat_members": [self.server.bot]})
        self._tell(welcome)

    async def remove_bot(self, by: Person) -> None:
        self._membership(by, old="member", new="kicked")
        self._chat.started, self._chat.blocked = False, True

    async def say(self, person: Person, text: str, *, reply_to: int = 0) -> Message:
        self.members.add(person.user_id)
        answered = self._chat.messages.get(reply_to)
        message = self.server.post(self._chat, person.about, speaking.text(text), reply_to=answered)
        if self._chat.started and self._is_for_bot(message):
            self._tell(message)
        return message

    async def press(self, person: Person, button: str) -> Pressed:
        """Press the newest button with this text or data. Raises `Cannot` where there is none."""
        self.members.add(person.user_id)
        shown = ((message, inline_rows(message)) for message in self._chat.newest_first())
        found = speaking.find_button(shown, button)
        if found is None:
            raise Cannot(f"There is no button {button!r} in the group.")
        message, key = found
        if not key.data:
            return Pressed(url=key.url, copied=key.copies)
        return Pressed(query_id=person.press_in(self._chat, message.message_id, key.data))

    def _is_for_bot(self, message: Message) -> bool:
        words = message.words
        answers_bot = message.reply_to is not None and message.reply_to.from_bot
        return words.startswith("/") or f"@{self.server.options.username}" in words or answers_bot

    def _tell(self, message: Message) -> None:
        self.server.tell_bot("message", message.as_json(), queue=("chat", self._chat.chat_id))

    def _membership(self, by: Person, *, old: str, new: str) -> None:
        change = {
            "chat": self._chat.about,
            "from": by.about,
            "date": int(self.server.options.now()),
            "old_chat_member": speaking.membership(self.server.bot, old),
            "new_chat_member": speaking.membership(self.server.bot, new),
        }
        self.server.tell_bot("my_chat_member", change, queue=("member", self._chat.chat_id))
