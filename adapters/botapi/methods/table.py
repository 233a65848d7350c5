"""Every method the double knows, with the parameters that the Bot API documents for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.botapi.calls import Call
from adapters.botapi.methods import answering, editing, presenting, receiving, sending
from adapters.botapi.server import Server

Run = Callable[[Server, Call], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """`run` answers the result, or something to be awaited for it. It raises `Refused`."""

    name: str
    run: Run
    parameters: frozenset[str]


SENT = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup"
)
CAPTIONED = "caption parse_mode caption_entities"
EDITED = "business_connection_id chat_id message_id inline_message_id reply_markup"
INVOICED = (
    "title description payload provider_token currency prices max_tip_amount suggested_tip_amounts start_parameter "
    "provider_data photo_url photo_size photo_width photo_height need_name need_phone_number need_email "
    "need_shipping_address send_phone_number_to_provider send_email_to_provider is_flexible"
)

ROWS: tuple[tuple[str, Run, str], ...] = (
    ("getMe", presenting.get_me, ""),
    ("getUpdates", receiving.get_updates, "offset limit timeout allowed_updates"),
    (
        "setWebhook",
        receiving.set_webhook,
        "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    ("deleteWebhook", receiving.delete_webhook, "drop_pending_updates"),
    ("getWebhookInfo", receiving.get_webhook_info, ""),
    ("sendMessage", sending.send_message, f"{SENT} text parse_mode entities link_preview_options"),
    ("sendPhoto", sending.send_photo, f"{SENT} {CAPTIONED} photo show_caption_above_media has_spoiler"),
    (
        "sendDocument",
        sending.send_document,
        f"{SENT} {CAPTIONED} document thumbnail disable_content_type_detection",
    ),
    ("sendVoice", sending.send_voice, f"{SENT} {CAPTIONED} voice duration"),
    ("sendMediaGroup", sending.send_media_group, f"{SENT} media".replace(" reply_markup", "")),
    ("sendInvoice", sending.send_invoice, f"{SENT} {INVOICED}"),
    ("sendChatAction", sending.send_chat_action, "business_connection_id chat_id message_thread_id action"),
    ("editMessageText", editing.edit_message_text, f"{EDITED} text parse_mode entities link_preview_options"),
    ("editMessageCaption", editing.edit_message_caption, f"{EDITED} {CAPTIONED} show_caption_above_media"),
    ("editMessageMedia", editing.edit_message_media, f"{EDITED} media"),
    ("editMessageReplyMarkup", editing.edit_message_reply_markup, EDITED),
    ("deleteMessage", editing.delete_message, "chat_id message_id"),
    ("deleteMessages", editing.delete_messages, "chat_id message_ids"),
    (
        "answerCallbackQuery",
        answering.answer_callback_query,
        "callback_query_id text show_alert url cache_time",
    ),
    ("answerPreCheckoutQuery", answering.answer_pre_checkout_query, "pre_checkout_query_id ok error_message"),
    ("refundStarPayment", answering.refund_star_payment, "user_id telegram_payment_charge_id"),
    ("getFile", answering.get_file, "file_id"),
    ("setMyCommands", presenting.set_my_commands, "commands scope language_code"),
    ("getMyCommands", presenting.get_my_commands, "scope language_code"),
    ("deleteMyCommands", presenting.delete_my_commands, "scope language_code"),
    ("setMyDescription", presenting.set_words("description"), "description language_code"),
    ("getMyDescription", presenting.get_words("description"), "language_code"),
    ("setMyShortDescription", presenting.set_words("short_description"), "short_description language_code"),
    ("getMyShortDescription", presenting.get_words("short_description"), "language_code"),
    ("setMyName", presenting.set_words("name"), "name language_code"),
    ("getMyName", presenting.get_words("name"), "language_code"),
    ("setChatMenuButton", presenting.set_chat_menu_button, "chat_id menu_button"),
    ("getChatMenuButton", presenting.get_chat_menu_button, "chat_id"),
    ("getChat", presenting.get_chat, "chat_id"),
    ("leaveChat", presenting.leave_chat, "chat_id"),
    ("getChatMember", presenting.get_chat_member, "chat_id user_id"),
)

# Names of methods are read in any case.
METHODS: Mapping[str, Method] = {
    name.lower(): Method(name, run, frozenset(parameters.split())) for name, run, parameters in ROWS
}
