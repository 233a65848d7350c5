"""Which chat and which message a call means."""

from __future__ import annotations

from adapters.botapi.calls import Call
from adapters.botapi.messages import Chat, Message
from adapters.botapi.refusals import bad, forbidden
from adapters.botapi.server import Server


def chat_of(server: Server, call: Call) -> Chat:
    """The chat of a call, known to the server. Raises `Refused`."""
    given = call.text("chat_id").strip()
    if not given:
        raise bad("chat_id is empty", "chat_id is missing.")
    chat = server.chats.get(int(given)) if given.removeprefix("-").isdigit() else None
    if chat is None:
        raise bad("chat not found")
    return chat


def open_chat_of(server: Server, call: Call) -> Chat:
    """A chat the bot may write to. Raises `Refused` where a person has blocked it or never started it."""
    chat = chat_of(server, call)
    if chat.blocked:
        kicked = f"bot was kicked from the {chat.kind} chat"
        raise forbidden("bot was blocked by the user" if chat.is_private else kicked)
    if not chat.started:
        stranger = f"bot is not a member of the {chat.kind} chat"
        raise forbidden("bot can't initiate conversation with a user" if chat.is_private else stranger)
    return chat


def own_message_of(server: Server, call: Call) -> Message:
    """A message the bot may edit. Raises `Refused`."""
    if call.has("inline_message_id"):
        raise bad("inline message can't be edited", "This double knows no inline messages.")
    chat = open_chat_of(server, call)
    if not call.integer("message_id"):
        raise bad("message identifier is not specified", "message_id is missing.")
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if not message.from_bot or message.plain_markup:
        raise bad("message can't be edited")
    return message
