"""What people's apps make of what they do: the contents of messages, and which button was meant."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.botapi.entities import trimmed, with_found
from adapters.botapi.files import File, Files
from adapters.botapi.markup import plain
from adapters.botapi.messages import Json, Message
from adapters.botapi.pictures import dimensions, spoken_s
from adapters.botapi.seen import Button, Rows


def text(words: str) -> Json:
    short, _ = trimmed(words, [])
    return worded("text", short, with_found(short, []))


def worded(name: str, words: str, entities: list[Json]) -> Json:
    """The fields `text` and `entities`, or `caption` and `caption_entities`, as far as there is something in them."""
    if not words:
        return {}
    about = "entities" if name == "text" else "caption_entities"
    return {name: words} | ({about: entities} if entities else {})


def photo(files: Files, data: bytes, caption: str) -> tuple[Json, File]:
    width, height = dimensions(data) or (1280, 960)
    file = files.keep("photo", data, width=width, height=height)
    return {"photo": file.shown(), **worded("caption", caption, with_found(caption, []))}, file


def voice(files: Files, data: bytes) -> tuple[Json, File]:
    file = files.keep("voice", data, duration_s=spoken_s(data))
    return {"voice": file.shown()}, file


def document(files: Files, data: bytes, name: str, mime_type: str) -> tuple[Json, File]:
    file = files.keep("document", data, name=name, mime_type=mime_type)
    return {"document": file.shown()}, file


def sticker(files: Files, emoji: str) -> tuple[Json, File]:
    file = files.keep("sticker", b"RIFF\x00\x00\x00\x00WEBP", width=512, height=512)
    return {"sticker": {**file.shown(), "emoji": emoji}}, file


def contact(phone: str, about: Json, user_id: int | None) -> Json:
    card: Json = {"phone_number": phone}
    card |= {key: about[key] for key in ("first_name", "last_name") if key in about}
    return {"contact": card | ({"user_id": user_id} if user_id is not None else {})}


def membership(user: Json, status: str) -> Json:
    return {"user": user, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def find_button(shown: Iterable[tuple[Message, Rows]], wanted: str) -> tuple[Message, Button] | None:
    """The first message that has such a button: exactly so, or else in part."""
    for message, rows in shown:
        button = find_key(rows, wanted)
        if button is not None:
            return message, button
    return None


def find_key(rows: Rows, wanted: str) -> Button | None:
    buttons = [button for row in rows for button in row]
    for button in buttons:
        if wanted == button.data or plain(wanted) == plain(button.text):
            return button
    return next((button for button in buttons if wanted and plain(wanted) in plain(button.text)), None)
