"""Messages and the chats they stand in, as the server keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.botapi.files import File
from adapters.botapi.markup import Markup

Json = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """`about` is the chat as the Bot API shows it, `keyboard` what stands in place of the person's own keyboard."""

    chat_id: int
    about: Json
    kept: int
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Markup | None = None
    started: bool = False
    blocked: bool = False
    last_action: str = ""

    @property
    def kind(self) -> str:
        return str(self.about["type"])

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def add(self, message: Message) -> None:
        self.messages[message.message_id] = message
        if len(self.messages) > self.kept:
            del self.messages[next(iter(self.messages))]

    def newest_first(self) -> Iterator[Message]:
        return reversed(self.messages.values())


@dataclass(slots=True)
class Message:
    """`content` holds the fields that only this kind of message has, such as `text` or `photo` with `caption`.

    `plain_markup` is true for a message that brought or took away a reply keyboard: it cannot be edited any more.
    """

    message_id: int
    chat: Chat
    sender: Json
    date: int
    content: Json
    file: File | None = None
    keyboard: Json | None = None
    plain_markup: bool = False
    protected: bool = False
    reply_to: Message | None = None
    invoice: Invoice | None = None
    edits: int = 0
    edit_date: int = 0

    @property
    def from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def words(self) -> str:
        return str(self.content.get("text") or self.content.get("caption") or "")

    def as_json(self, *, with_reply: bool = True) -> Json:
        """The message as it is now, for the bot."""
        shown = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat.about,
            "date": self.date,
            **self.content,
        }
        if self.edit_date:
            shown["edit_date"] = self.edit_date
        if self.protected:
            shown["has_protected_content"] = True
        if self.keyboard:
            shown["reply_markup"] = self.keyboard
        if self.reply_to is not None and with_reply:
            shown["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        return shown


@dataclass(slots=True)
class Invoice:
    """What the bot asked to be paid for; `total` is in the currency's smallest units."""

    payload: str
    currency: str
    total: int
    provider_token: str
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Toast:
    """What a person reads for a moment after a press; with `show_alert` she has to close it."""

    text: str
    show_alert: bool
    url: str = ""
