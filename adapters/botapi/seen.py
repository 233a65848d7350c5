"""A message as a person sees it on her phone."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from adapters.botapi.html_text import Entity
from adapters.botapi.messages import Json, Message

KINDS = ("text", "photo", "document", "voice", "invoice", "contact", "location", "sticker", "successful_payment")
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message, or one in place of the keyboard."""

    text: str
    data: str = ""
    url: str = ""
    style: str = ""
    pay: bool = False
    copies: str = ""
    asks_contact: bool = False
    asks_location: bool = False

    def as_json(self) -> Json:
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """`text` is the plain text or caption, `kind` the field of the Bot API that makes it, `service` for the rest."""

    message_id: int
    kind: str
    text: str
    entities: tuple[Entity, ...]
    from_bot: bool
    sender_id: int
    date: int
    buttons: Rows
    protected: bool
    edits: int
    reply_to: int
    photo: bytes | None
    document: bytes | None
    voice: bytes | None
    file_id: str
    file_name: str
    content: Json

    @property
    def html(self) -> str:
        return as_html(self.text, self.entities)

    @property
    def captions(self) -> list[list[str]]:
        """The texts of its buttons, row by row."""
        return [[button.text for button in row] for row in self.buttons]

    def as_json(self) -> Json:
        """Plain data for a page; a picture or a voice is given as the path under which the double serves it."""
        shown: dict[str, Any] = {
            "message_id": self.message_id,
            "kind": self.kind,
            "text": self.text,
            "html": self.html,
            "entities": list(self.entities),
            "from_bot": self.from_bot,
            "sender_id": self.sender_id,
            "date": self.date,
            "buttons": [[button.as_json() for button in row] for row in self.buttons],
            "protected": self.protected,
            "edits": self.edits,
            "reply_to": self.reply_to,
        }
        if self.file_id:
            shown |= {"file": f"/photo/{self.file_id}", "file_name": self.file_name}
        if self.kind in {"contact", "location", "invoice", "successful_payment"}:
            shown[self.kind] = self.content[self.kind]
        return shown


def see(message: Message) -> Seen:
    content, file = message.content, message.file
    kind = next((kind for kind in KINDS if kind in content), "service")
    return Seen(
        message_id=message.message_id,
        kind=kind,
        text=message.words,
        entities=tuple(content.get("entities") or content.get("caption_entities") or ()),
        from_bot=message.from_bot,
        sender_id=int(message.sender["id"]),
        date=message.date,
        buttons=inline_rows(message),
        protected=message.protected,
        edits=message.edits,
        reply_to=message.reply_to.message_id if message.reply_to else 0,
        photo=file.data if file and kind == "photo" else None,
        document=file.data if file and kind == "document" else None,
        voice=file.data if file and kind == "voice" else None,
        file_id=file.file_id if file else "",
        file_name=file.name if file else "",
        content=content,
    )


def inline_rows(message: Message) -> Rows:
    return rows((message.keyboard or {}).get("inline_keyboard", ()))


def rows(given: Any) -> Rows:
    return tuple(tuple(_button(button) for button in row) for row in given)


def _button(given: Json) -> Button:
    return Button(
        text=given["text"],
        data=given.get("callback_data", ""),
        url=given.get("url", ""),
        style=given.get("style", ""),
        pay=bool(given.get("pay")),
        copies=given.get("copy_text", {}).get("text", ""),
        asks_contact=bool(given.get("request_contact")),
        asks_location=bool(given.get("request_location")),
    )


def as_html(text: str, entities: tuple[Entity, ...]) -> str:
    """The text with its entities as tags again, for a page. Everything else is escaped."""
    if not entities:
        return escape(text, quote=False)
    raw = text.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for entity in entities:
        opening, closing = _tags(entity)
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        marks.setdefault(begin, []).append(opening)
        marks.setdefault(end, []).insert(0, closing)
    shown, done = [], 0
    for at in sorted(marks):
        shown.append(escape(raw[done * 2 : at * 2].decode("utf-16-le"), quote=False))
        shown.extend(marks[at])
        done = at
    shown.append(escape(raw[done * 2 :].decode("utf-16-le"), quote=False))
    return "".join(shown)


def _tags(entity: Entity) -> tuple[str, str]:
    match entity["type"]:
        case "text_link":
            return f'<a href="{escape(entity["url"])}">', "</a>"
        case kind if kind in TAGS:
            return f"<{TAGS[kind]}>", f"</{TAGS[kind]}>"
        case _:
            return "", ""
