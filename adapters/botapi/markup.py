"""Keyboards: those under a message, and those in place of the person's own.

Two things are refused that Telegram passes over in silence, because they are always slips: a field it does not know,
and a second action on a button.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.botapi.refusals import Refused, bad

ACTIONS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
).split()
MAY_BE_EMPTY = {"switch_inline_query", "switch_inline_query_current_chat"}
REQUESTS = (
    "request_users request_chat request_contact request_location request_poll request_managed_bot web_app".split()
)
LOOKS = ("text", "style", "icon_custom_emoji_id")
STYLES = {"primary", "success", "danger"}
IN_A_ROW, IN_ALL = 8, 100
FIELDS = {
    "inline_keyboard": {"inline_keyboard"},
    "keyboard": {
        "keyboard",
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
    },
    "remove_keyboard": {"remove_keyboard", "selective"},
    "force_reply": {"force_reply", "input_field_placeholder", "selective"},
}


@dataclass(frozen=True, slots=True)
class Markup:
    """`kind` is the field by which the Bot API tells them apart, `value` the markup as it will be shown."""

    kind: str
    value: dict[str, Any]

    @property
    def inline(self) -> dict[str, Any] | None:
        return self.value if self.kind == "inline_keyboard" else None


def read_markup(given: Any, *, private: bool, invoice: bool = False) -> Markup | None:
    """Raises `Refused` for a keyboard that Telegram would not show."""
    if given is None or given == {}:
        return None
    if not isinstance(given, dict):
        raise bad("object expected as reply markup", "reply_markup is no object.")
    kind = next((kind for kind in FIELDS if given.get(kind) not in (None, False)), "")
    if not kind:
        raise bad("can't parse reply markup", "reply_markup is of no known kind.")
    _known(given, FIELDS[kind], "reply_markup")
    if kind == "inline_keyboard":
        rows = _rows(given[kind], "inline keyboard")
        shown = [[_inline_button(button) for button in row] for row in rows]
        _check_pay(shown, invoice=invoice)
        return Markup(kind, {kind: [row for row in shown if row]}) if any(shown) else None
    if kind == "keyboard":
        rows = _rows(given[kind], "keyboard")
        return Markup(
            kind, {**given, kind: [[_reply_button(button, private=private) for button in row] for row in rows]}
        )
    return Markup(kind, given)


def _rows(given: Any, what: str) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise bad(f'field "{what.replace(" ", "_")}" must be an Array of Arrays', f"The {what} is no list of rows.")
    if any(len(row) > IN_A_ROW for row in given):
        raise bad("reply markup is too long", f"A row of the {what} has more than {IN_A_ROW} buttons.")
    if sum(map(len, given)) > IN_ALL:
        raise bad("reply markup is too long", f"The {what} has more than {IN_ALL} buttons.")
    return given


def _inline_button(given: Any) -> dict[str, Any]:
    button = _look(given, "inline keyboard button")
    _known(button, {*LOOKS, *ACTIONS}, "an inline keyboard button")
    actions = [action for action in ACTIONS if action in button and (button[action] != "" or action in MAY_BE_EMPTY)]
    if len(actions) != 1:
        named = f"The button {button['text']!r} has {len(actions)} actions instead of one."
        if not actions:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", named)
        raise bad("can't parse inline keyboard button: only one action is allowed", named)
    CHECKS.get(actions[0], _fine)(button)
    return button


def _look(given: Any, what: str) -> dict[str, Any]:
    """A button without the fields that say nothing. Raises `Refused` for a caption or a colour that cannot be."""
    if not isinstance(given, dict):
        raise bad(f"can't parse {what}: expected an Object", f"The {what} is no object.")
    button = {key: value for key, value in given.items() if value is not None}
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad(f"can't parse {what}: text must be non-empty", f"The {what} has no text.")
    if "style" in button and button["style"] not in STYLES:
        raise bad(f"can't parse {what}: invalid button style", f"There is no button style {button['style']!r}.")
    return button


def _known(given: dict[str, Any], fields: set[str], where: str) -> None:
    unknown = sorted(set(given) - fields)
    if unknown:
        raise bad(f"unknown fields {', '.join(unknown)}", f"There is no field {', '.join(unknown)} in {where}.")


def _check_data(button: dict[str, Any]) -> None:
    data = button["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID", f"callback_data of {button['text']!r} is not 1 to 64 bytes.")


def _check_url(button: dict[str, Any]) -> None:
    parts = urlsplit(str(button["url"]))
    if parts.scheme not in {"http", "https", "tg"} or not (parts.netloc or parts.path):
        url = button["url"]
        raise bad(f"inline keyboard button URL '{url}' is invalid: wrong URL", f"The button URL {url!r} is none.")


def _check_copy(button: dict[str, Any]) -> None:
    copied = button["copy_text"]
    text = copied.get("text") if isinstance(copied, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID", f"copy_text of {button['text']!r} is not 1 to 256 characters.")


def _fine(_button: dict[str, Any]) -> None:
    return


CHECKS = {"callback_data": _check_data, "url": _check_url, "copy_text": _check_copy}


def _check_pay(rows: list[list[dict[str, Any]]], *, invoice: bool) -> None:
    first = rows[0][0] if rows and rows[0] else {}
    paying = [button for row in rows for button in row if button.get("pay")]
    if paying and not invoice:
        raise bad("BUTTON_TYPE_INVALID", "A pay button stands under a message that is no invoice.")
    if invoice and rows and (not first.get("pay") or len(paying) != 1):
        raise bad("INVOICE_PAY_BUTTON_INVALID", "The first button under an invoice must be its only pay button.")


def _reply_button(given: Any, *, private: bool) -> dict[str, Any]:
    button = _look({"text": given} if isinstance(given, str) else given, "keyboard button")
    _known(button, {*LOOKS, *REQUESTS}, "a keyboard button")
    asked = [request for request in REQUESTS if button.get(request)]
    if len(asked) > 1:
        raise bad("can't parse keyboard button: only one request is allowed", f"{button['text']!r} asks for too much.")
    if asked and not private and asked[0] in {"request_contact", "request_location"}:
        raise _private_only(asked[0])
    return button


def _private_only(request: str) -> Refused:
    what = "phone number" if request == "request_contact" else "location"
    return bad(f"{what} can be requested in private chats only", f"A {what} was requested in a group.")


def plain(text: str) -> str:
    """A button's text as a person would say it: without the variation selectors of emoji."""
    return re.sub("[\ufe0e\ufe0f]", "", text).strip()
