"""The human side: people who write, press, share and pay, and what they see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.botapi import payments, speaking
from adapters.botapi.messages import Chat, Json, Message, Toast
from adapters.botapi.payments import Payment
from adapters.botapi.screens import Cannot, ChatView
from adapters.botapi.seen import Button, Rows, Seen, inline_rows

if TYPE_CHECKING:
    from adapters.botapi.server import Server


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of a press: a query to the bot, an address that opens, words that are copied, or a payment."""

    query_id: str = ""
    url: str = ""
    copied: str = ""
    payment: Payment | None = None


class Person:
    """Somebody with Telegram on her phone. What she does returns as soon as the server has taken it."""

    def __init__(self, server: Server, about: Json, chat: Chat, phone: str) -> None:
        self.server = server
        self.about = about
        self.phone = phone
        self.toasts: list[Toast] = []
        self._chat = chat

    @property
    def user_id(self) -> int:
        return self._chat.chat_id

    @property
    def blocked(self) -> bool:
        return self._chat.blocked

    # ---- what she does

    async def start(self, payload: str = "") -> Message:
        """Open the bot, or the link t.me/bot?start=payload, and press Start."""
        if self._chat.blocked:
            await self.unblock()
        return await self.say(f"/start {payload}".strip())

    async def say(self, text: str, *, reply_to: int = 0) -> Message:
        return self._speak(speaking.text(text), reply_to=reply_to)

    async def send_photo(self, data: bytes, caption: str = "") -> Message:
        return self._speak(*speaking.photo(self.server.files, data, caption))

    async def send_voice(self, data: bytes) -> Message:
        return self._speak(*speaking.voice(self.server.files, data))

    async def send_document(self, data: bytes, name: str = "file.pdf", mime_type: str = "application/pdf") -> Message:
        return self._speak(*speaking.document(self.server.files, data, name, mime_type))

    async def send_sticker(self, emoji: str = "👍") -> Message:
        return self._speak(*speaking.sticker(self.server.files, emoji))

    async def send_location(self, latitude: float, longitude: float) -> Message:
        return self._speak({"location": {"latitude": latitude, "longitude": longitude}})

    async def share_contact(self) -> Message:
        """Her own number, by the button that asks for it. Raises `Cannot` where there is none."""
        if not any(button.asks_contact for row in self.keyboard for button in row):
            raise Cannot(f"No button asks for a contact.\n{self.describe()}")
        return self._from_keyboard(speaking.contact(self.phone, self.about, self.user_id))

    async def share_contact_of(self, other_user_id: int | None, phone: str, first_name: str) -> Message:
        """Somebody's card out of her address book, as anybody can send it."""
        return self._speak(speaking.contact(phone, {"first_name": first_name}, other_user_id))

    async def edit(self, message_id: int, text: str) -> None:
        message = self._own(message_id)
        message.content = speaking.text(text)
        message.edits += 1
        message.edit_date = int(self.server.options.now())
        self.server.tell_bot("edited_message", message.as_json(), queue=("chat", self.user_id))
        self.server.changed(self.user_id, "edited", message_id)

    async def delete(self, message_id: int) -> None:
        """Delete a message for both sides. Telegram tells bots nothing about it."""
        if self._chat.messages.pop(message_id, None) is None:
            raise Cannot(f"There is no message {message_id} to delete.")
        self.server.changed(self.user_id, "deleted", message_id)

    async def press(self, button: str, message: int | Seen | None = None) -> Pressed:
        """Press the newest button with this text, exact or in part, or with this data.

        Where no message has one, a button of the keyboard below is pressed. Raises `Cannot` where there is none.
        """
        found = speaking.find_button(self._shown(message), button)
        if found is not None:
            return await self._pressed(*found)
        key = speaking.find_key(self.keyboard, button)
        if key is None:
            raise Cannot(f"There is no button {button!r}.\n{self.describe()}")
        if key.asks_contact:
            await self.share_contact()
        else:
            self._from_keyboard(speaking.text(key.text))
        return Pressed()

    async def press_at(self, message_id: int, data: str) -> Pressed:
        """Press a button that this message had before, as a phone does that has not heard of the change yet."""
        return Pressed(query_id=self.press_in(self._chat, message_id, data))

    async def block(self) -> None:
        self._membership(old="member", new="kicked")
        self._chat.blocked = True

    async def unblock(self) -> None:
        self._chat.blocked = False
        self._membership(old="kicked", new="member")

    async def pay(self, message_id: int, *, twice: bool = False, cancel: bool = False) -> Payment:
        """Pay an invoice; answers what came of it.

        With `twice` she pays from two phones at once, with `cancel` she leaves after the bot has agreed.
        """
        return await payments.pay(self, self._chat, message_id, twice=twice, cancel=cancel)

    # ---- what she sees

    @property
    def chat(self) -> ChatView:
        return ChatView(self._chat)

    @property
    def screen(self) -> Seen:
        """The bot's newest message with buttons, else its newest. Raises `Cannot` where it said nothing."""
        screen = self.chat.screen
        if screen is None:
            raise Cannot("The bot has said nothing.")
        return screen

    @property
    def keyboard(self) -> Rows:
        """The buttons in place of her own keyboard."""
        return self.chat.keyboard

    def describe(self) -> str:
        return self.chat.describe()

    async def sees(self, words: str, within_s: float = 2.0) -> Seen:
        """Wait until a message of the bot has these words; answers the newest. Raises TimeoutError with her screen."""
        deadline = time.monotonic() + within_s
        while (found := self.chat.find(words)) is None:
            if not await self.server.changes.next(self.user_id, deadline - time.monotonic()):
                raise TimeoutError(f"{words!r} did not appear within {within_s} s.\n{self.describe()}")
        return found

    async def settled(self, within_s: float = 5.0, quiet_s: float = 0.03) -> Seen | None:
        """Wait until the bot has taken all that she did and then was still; answers her screen. Raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while await self.server.changes.next(self.user_id, quiet_s) or self._is_waiting():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The bot was still busy after {within_s} s.\n{self.describe()}")
        return self.chat.screen

    def to_json(self) -> Json:
        """Her chat as plain data, for a page."""
        return {
            "user": {**self.about, "phone": self.phone},
            "bot": self.server.bot,
            "messages": [seen.as_json() for seen in self.chat.messages],
            "keyboard": [[button.as_json() for button in row] for row in self.keyboard],
            "toasts": [{"text": toast.text, "show_alert": toast.show_alert} for toast in self.toasts],
            "blocked": self.blocked,
            "last_action": self._chat.last_action,
        }

    # ---- how

    def press_in(self, chat: Chat, message_id: int, data: str) -> str:
        """Send a callback query from any chat; answers its id."""
        now = self.server.options.now()
        press = self.server.queries.press(chat, self.user_id, data, now)
        message = chat.messages.get(message_id)
        gone = {"message_id": message_id, "chat": chat.about, "date": 0}
        query = {
            "id": press.query_id,
            "from": self.about,
            "message": message.as_json() if message else gone,
            "chat_instance": str(chat.chat_id * 7_919 + 104_729),
            "data": data,
        }
        self.server.tell_bot("callback_query", query, queue=("query", self.user_id))
        return press.query_id

    async def _pressed(self, message: Message, button: Button) -> Pressed:
        if button.pay:
            return Pressed(payment=await self.pay(message.message_id))
        if button.data:
            return Pressed(query_id=self.press_in(message.chat, message.message_id, button.data))
        return Pressed(url=button.url, copied=button.copies)

    def _shown(self, wanted: int | Seen | None) -> Iterator[tuple[Message, Rows]]:
        wanted_id = wanted.message_id if isinstance(wanted, Seen) else wanted
        for message in self._chat.newest_first():
            if message.keyboard and wanted_id in {None, message.message_id}:
                yield message, inline_rows(message)

    def _speak(self, content: Json, file: Any = None, *, reply_to: int = 0) -> Message:
        if self._chat.blocked:
            raise Cannot("She has blocked the bot.")
        self._chat.started = True
        answered = self._chat.messages.get(reply_to)
        message = self.server.post(self._chat, self.about, content, file=file, reply_to=answered)
        self.server.tell_bot("message", message.as_json(), queue=("chat", self.user_id))
        return message

    def _from_keyboard(self, content: Json) -> Message:
        markup = self._chat.keyboard
        if markup is not None and markup.value.get("one_time_keyboard"):
            self._chat.keyboard = None
        return self._speak(content)

    def _own(self, message_id: int) -> Message:
        message = self._chat.messages.get(message_id)
        if message is None or message.from_bot:
            raise Cannot(f"Message {message_id} is not hers to edit.")
        return message

    def _membership(self, *, old: str, new: str) -> None:
        change = {
            "chat": self._chat.about,
            "from": self.about,
            "date": int(self.server.options.now()),
            "old_chat_member": speaking.membership(self.server.bot, old),
            "new_chat_member": speaking.membership(self.server.bot, new),
        }
        self.server.tell_bot("my_chat_member", change, queue=("member", self.user_id))

    def _is_waiting(self) -> bool:
        return bool(self.server.updates.waiting_for(self.user_id) or self.server.in_flight.get(self.user_id))
