"""How the bot presents itself, and what it may ask about chats."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adapters.botapi import limits
from adapters.botapi.calls import Call
from adapters.botapi.messages import Json
from adapters.botapi.methods.targets import chat_of
from adapters.botapi.refusals import bad, forbidden
from adapters.botapi.server import Server
from adapters.botapi.speaking import membership

WORDS = {"description": 512, "short_description": 120, "name": 64}
SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
MENU_BUTTONS = {"default", "commands", "web_app"}


def get_me(server: Server, _call: Call) -> Json:
    return {
        **server.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_words(what: str) -> Callable[[Server, Call], bool]:
    def run(server: Server, call: Call) -> bool:
        text, language = call.text(what), call.text("language_code")
        limits.check_language(language)
        limits.check_at_most(text, WORDS[what], what.replace("_", " "))
        server.profile.words[what, language] = text
        return True

    return run


def get_words(what: str) -> Callable[[Server, Call], Json]:
    def run(server: Server, call: Call) -> Json:
        said = server.profile.said(what, call.text("language_code"))
        return {what: said or (server.options.first_name if what == "name" else "")}

    return run


def set_my_commands(server: Server, call: Call) -> bool:
    limits.check_language(call.text("language_code"))
    server.profile.commands[_scope(call)] = limits.check_commands(call.loaded("commands"))
    return True


def get_my_commands(server: Server, call: Call) -> list[dict[str, str]]:
    return server.profile.commands.get(_scope(call), [])


def delete_my_commands(server: Server, call: Call) -> bool:
    server.profile.commands.pop(_scope(call), None)
    return True


def set_chat_menu_button(server: Server, call: Call) -> bool:
    button: Any = call.loaded("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in MENU_BUTTONS:
        raise bad("can't parse menu button", "menu_button is of no known type.")
    server.profile.menu_buttons[call.integer("chat_id")] = button
    return True


def get_chat_menu_button(server: Server, call: Call) -> Json:
    buttons = server.profile.menu_buttons
    return buttons.get(call.integer("chat_id")) or buttons.get(0) or {"type": "commands"}


def get_chat(server: Server, call: Call) -> Json:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    accepted = dict.fromkeys(gifts, False)
    return {
        **chat_of(server, call).about,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": accepted,
    }


def leave_chat(server: Server, call: Call) -> bool:
    chat = chat_of(server, call)
    if chat.is_private:
        raise bad("chat member status can't be changed in private chats")
    if not chat.started:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    chat.started = False
    return True


def get_chat_member(server: Server, call: Call) -> Json:
    chat, user_id = chat_of(server, call), call.integer("user_id")
    if user_id == server.bot["id"]:
        return membership(server.bot, "member" if chat.started else "left")
    person = server.people.get(user_id)
    if person is None:
        raise bad("user not found")
    group = server.groups.get(chat.chat_id)
    is_member = user_id in group.members if group else chat.chat_id == user_id
    return membership(person.about, "member" if is_member else "left")


def _scope(call: Call) -> tuple[str, str]:
    scope = call.loaded("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope", "scope is of no known type.")
    return json.dumps(scope, sort_keys=True), call.text("language_code")
