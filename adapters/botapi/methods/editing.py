"""editMessageText and its siblings, and deleteMessage."""

from __future__ import annotations

import json

from adapters.botapi import limits
from adapters.botapi.calls import Call
from adapters.botapi.entities import formatted
from adapters.botapi.files import File
from adapters.botapi.markup import read_markup
from adapters.botapi.messages import Chat, Json, Message
from adapters.botapi.methods.sending import caption_of
from adapters.botapi.methods.targets import chat_of, own_message_of
from adapters.botapi.methods.uploading import media_of
from adapters.botapi.refusals import Refused, bad
from adapters.botapi.server import Server
from adapters.botapi.speaking import worded

CAPTIONED = ("photo", "document", "voice")
CAPTION = {"caption", "caption_entities"}
DELETABLE_S = 48 * 3600


class NotModified(Refused):
    """A correct bot meets this now and then: it is counted apart from the breaches."""

    def __init__(self) -> None:
        super().__init__(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message",
        )


def edit_message_text(server: Server, call: Call) -> Json:
    text, entities = formatted(call, "text", "entities")
    limits.check_text(text)
    message = own_message_of(server, call)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    return _change(server, call, message, worded("text", text, entities))


def edit_message_caption(server: Server, call: Call) -> Json:
    caption = caption_of(call)
    message = own_message_of(server, call)
    if not any(kind in message.content for kind in CAPTIONED):
        raise bad("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if name not in CAPTION}
    return _change(server, call, message, {**kept, **caption}, message.file)


def edit_message_media(server: Server, call: Call) -> Json:
    content, file = media_of(server.files, call, call.loaded("media"))
    message = own_message_of(server, call)
    if not any(kind in message.content for kind in ("text", "photo", "document")):
        raise bad("message can't be edited")
    return _change(server, call, message, content, file)


def edit_message_reply_markup(server: Server, call: Call) -> Json:
    message = own_message_of(server, call)
    return _change(server, call, message, message.content, message.file)


def delete_message(server: Server, call: Call) -> bool:
    chat = chat_of(server, call)
    if not call.integer("message_id"):
        raise bad("message identifier is not specified", "message_id is missing.")
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad("message to delete not found")
    if server.options.now() - message.date > DELETABLE_S:
        raise bad("message can't be deleted for everyone")
    if not chat.is_private and not message.from_bot:
        raise bad("message can't be deleted")
    _delete(server, chat, message.message_id)
    return True


def delete_messages(server: Server, call: Call) -> bool:
    """Those that are gone or too old are passed over."""
    chat = chat_of(server, call)
    ids = call.loaded("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100 or not all(isinstance(one, int) for one in ids):
        raise bad("message identifiers are not specified", "message_ids is no list of 1 to 100 numbers.")
    for message_id in ids:
        message = chat.messages.get(message_id)
        if message is not None and server.options.now() - message.date <= DELETABLE_S:
            _delete(server, chat, message.message_id)
    return True


def _delete(server: Server, chat: Chat, message_id: int) -> None:
    del chat.messages[message_id]
    server.changed(chat.chat_id, "deleted", message_id)


def _change(server: Server, call: Call, message: Message, content: Json, file: File | None = None) -> Json:
    """Without reply_markup an edit takes the keyboard away."""
    markup = read_markup(
        call.loaded("reply_markup"), private=message.chat.is_private, invoice=message.invoice is not None
    )
    if markup is not None and markup.inline is None:
        raise bad("inline keyboard expected", "An edit can only bring an inline keyboard.")
    keyboard = markup.inline if markup is not None else None
    if _same(content, message.content) and keyboard == message.keyboard:
        server.not_modified.append(f"{call.method} of message {message.message_id}")
        raise NotModified
    if content is not message.content:
        message.edit_date = int(server.options.now())
    message.content, message.file, message.keyboard = content, file, keyboard
    message.edits += 1
    server.changed(message.chat.chat_id, "edited", message.message_id)
    return message.as_json()


def _same(one: Json, other: Json) -> bool:
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
