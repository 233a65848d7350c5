"""sendMessage and its siblings."""

from __future__ import annotations

from typing import Any

from adapters.botapi import limits
from adapters.botapi.calls import Call
from adapters.botapi.entities import formatted
from adapters.botapi.files import File
from adapters.botapi.markup import Markup, read_markup
from adapters.botapi.messages import Chat, Invoice, Json, Message
from adapters.botapi.methods.targets import open_chat_of
from adapters.botapi.methods.uploading import document_of, media_of, photo_of, voice_of
from adapters.botapi.refusals import bad
from adapters.botapi.server import Server
from adapters.botapi.speaking import worded

ACTIONS = set(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


def send_message(server: Server, call: Call) -> Json:
    text, entities = formatted(call, "text", "entities")
    limits.check_text(text)
    return deliver(server, call, worded("text", text, entities))


def send_photo(server: Server, call: Call) -> Json:
    file = photo_of(server.files, call, "photo")
    return deliver(server, call, {"photo": file.shown(), **caption_of(call)}, file)


def send_document(server: Server, call: Call) -> Json:
    file = document_of(server.files, call, "document")
    return deliver(server, call, {"document": file.shown(), **caption_of(call)}, file)


def send_voice(server: Server, call: Call) -> Json:
    file = voice_of(server.files, call, "voice")
    return deliver(server, call, {"voice": file.shown(), **caption_of(call)}, file)


def send_media_group(server: Server, call: Call) -> list[Json]:
    given = call.loaded("media")
    if not isinstance(given, list) or not 2 <= len(given) <= 10:
        raise bad("can't parse media: expected an Array of 2 to 10 InputMedia", "An album has not 2 to 10 items.")
    album = {"media_group_id": str(14_000_000_000 + len(server.calls))}
    contents = [media_of(server.files, call, media) for media in given]
    return [deliver(server, call, {**content, **album}, file) for content, file in contents]


def send_invoice(server: Server, call: Call) -> Json:
    title, description, payload = call.text("title"), call.text("description"), call.text("payload")
    currency, provider_token = call.text("currency"), call.text("provider_token")
    limits.check_invoice_words(title, description, payload)
    limits.check_start(call.text("start_parameter"))
    total = limits.check_prices(currency, call.loaded("prices"), provider_token)
    if currency != "XTR" and server.options.provider_token not in {None, provider_token}:
        raise bad("PAYMENT_PROVIDER_INVALID", "The provider_token is not the one of this bot.")
    shown = {"title": title, "description": description, "start_parameter": call.text("start_parameter")}
    content = {"invoice": {**shown, "currency": currency, "total_amount": total}}
    return deliver(server, call, content, invoice=Invoice(payload, currency, total, provider_token))


def send_chat_action(server: Server, call: Call) -> bool:
    if call.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request", f"There is no chat action {call.text('action')!r}.")
    chat = open_chat_of(server, call)
    chat.last_action = call.text("action")
    server.changed(chat.chat_id, "action")
    return True


def deliver(
    server: Server, call: Call, content: Json, file: File | None = None, invoice: Invoice | None = None
) -> Json:
    """Put a message into the chat of a call, with the keyboard and the answer it asks for."""
    chat = open_chat_of(server, call)
    markup = read_markup(call.loaded("reply_markup"), private=chat.is_private, invoice=invoice is not None)
    message = server.post(
        chat,
        server.bot,
        content,
        file=file,
        keyboard=_inline(markup, invoice),
        plain_markup=markup is not None and markup.inline is None,
        protected=call.flag("protect_content"),
        reply_to=_answered(chat, call.loaded("reply_parameters")),
        invoice=invoice,
    )
    _show_keyboard(server, chat, markup)
    return message.as_json()


def caption_of(call: Call) -> Json:
    text, entities = formatted(call, "caption", "caption_entities")
    limits.check_caption(text)
    return worded("caption", text, entities)


def _inline(markup: Markup | None, invoice: Invoice | None) -> Json | None:
    if markup is not None:
        return markup.inline
    if invoice is None:
        return None
    return {"inline_keyboard": [[{"text": f"Pay {amount(invoice)}", "pay": True}]]}


def amount(invoice: Invoice) -> str:
    """The total as a button shows it."""
    digits = limits.CURRENCIES[invoice.currency]
    return f"{invoice.total / 10**digits:,.{digits}f} {invoice.currency}"


def _show_keyboard(server: Server, chat: Chat, markup: Markup | None) -> None:
    if markup is None or markup.inline is not None or markup.kind == "force_reply":
        return
    chat.keyboard = markup if markup.kind == "keyboard" else None
    server.changed(chat.chat_id, "keyboard")


def _answered(chat: Chat, given: Any) -> Message | None:
    if not given:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("message_id"), int):
        raise bad("can't parse reply parameters", "reply_parameters names no message.")
    message = chat.messages.get(given["message_id"])
    if message is None and not given.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return message
