"""Formatted text as a bot gives it: with a parse mode, with entities, or plain."""

from __future__ import annotations

import re
from typing import Any

from adapters.botapi.calls import Call
from adapters.botapi.html_text import Entity, in_order, parse_html, units, wrong
from adapters.botapi.refusals import bad

TYPES = set(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote "
    "expandable_blockquote code pre text_link text_mention custom_emoji date_time".split()
)
# What Telegram's server finds by itself in any text.
FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)"
    r"|(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)'])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)


def formatted(call: Call, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    """The plain text of a parameter and its entities. Raises `Refused` if they cannot be read."""
    return read_text(call.text(name), call.text("parse_mode"), call.loaded(entities_name))


def read_text(source: str, parse_mode: str, given: Any) -> tuple[str, list[Entity]]:
    match parse_mode.lower():
        case "":
            text, entities = source, _checked(source, given or [])
        case "html":
            text, entities = parse_html(source)
        case "markdown" | "markdownv2":
            raise bad("unsupported parse_mode", f"This double reads HTML and entities, and no {parse_mode}.")
        case _:
            raise bad("unsupported parse_mode", f"There is no parse_mode {parse_mode!r}.")
    text, entities = trimmed(text.replace("\r", ""), entities)
    return text, with_found(text, entities)


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities together with the commands, links and names that stand in the text."""
    if not any(mark in text for mark in "/@#"):
        return entities
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities if _is_opaque(entity)]
    found = []
    for match in FOUND.finditer(text):
        offset, length = units(text[: match.start()]), units(match[0])
        if not any(offset < end and begin < offset + length for begin, end in taken):
            found.append({"type": str(match.lastgroup), "offset": offset, "length": length})
    return in_order([*entities, *found]) if found else entities


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without blanks at either end, as messages are kept."""
    if not text or not (text[0].isspace() or text[-1].isspace()):
        return text, entities
    short = text.strip()
    cut, length = units(text[: len(text) - len(text.lstrip())]), units(short)
    moved = []
    for entity in entities:
        begin = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > begin:
            moved.append({**entity, "offset": begin, "length": end - begin})
    return short, moved


def _is_opaque(entity: Entity) -> bool:
    return entity["type"] in {"code", "pre", "text_link", "url", "mention", "bot_command", "email", "hashtag"}


def _checked(text: str, given: Any) -> list[Entity]:
    if not isinstance(given, list):
        raise wrong("expected an Array of MessageEntity")
    length = units(text)
    inside = _beginnings(text) if given and not text.isascii() else None
    for entity in given:
        _check(entity, length, inside)
    return in_order([{key: value for key, value in entity.items() if value is not None} for entity in given])


def _check(entity: Any, length: int, beginnings: set[int] | None) -> None:
    if not isinstance(entity, dict) or entity.get("type") not in TYPES:
        raise wrong("there is an entity of an unknown type")
    offset, size = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size <= 0:
        raise wrong("an entity needs an offset and a length above zero")
    if offset + size > length:
        raise wrong(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {length}"
        )
    if beginnings is not None and not {offset, offset + size} <= beginnings:
        raise wrong(f"entity beginning at UTF-16 offset {offset} begins or ends in a middle of a UTF-16 symbol")
    if entity["type"] == "text_link" and not entity.get("url"):
        raise wrong("a text_link needs a url")


def _beginnings(text: str) -> set[int]:
    """The UTF-16 offsets at which a character begins, and the end."""
    offset, found = 0, {0}
    for character in text:
        offset += 2 if ord(character) > 0xFFFF else 1
        found.add(offset)
    return found
