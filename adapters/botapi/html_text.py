"""parse_mode HTML: core.telegram.org/bots/api#html-style. Offsets are counted in UTF-16 units, as everywhere there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from adapters.botapi.refusals import Refused, bad

Entity = dict[str, Any]

TOKEN = re.compile(
    r"""<(?P<end>/?)(?P<tag>[^\s<>/]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^"'<>])*)>|<|&(?:lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);"""
)
ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
SUPPORTED = {*SIMPLE, "a", "span", "blockquote", "tg-emoji", "tg-time"}
LINK = re.compile(r"(?i)^(https?|ftp|tg|ton|mailto|tel):|^[\w-]+(\.[\w-]+)+")


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    begins: int


@dataclass(slots=True)
class _Reader:
    """What has been read of a text so far: its plain words, its length, the tags that are still open."""

    source: str
    words: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def add(self, words: str) -> None:
        if words:
            self.words.append(words)
            self.length += units(words)

    def open(self, tag: str, attributes: str, at: int) -> None:
        found = {name.lower(): unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(attributes)}
        self._check(tag, found, at)
        self.opened.append(_Open(tag, found, self.length))

    def _check(self, tag: str, attributes: dict[str, str], at: int) -> None:
        if tag not in SUPPORTED:
            raise wrong(f'Unsupported start tag "{tag}" at byte offset {self.byte(at)}')
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(at)}')
        if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise wrong("Invalid custom emoji identifier specified")

    def close(self, tag: str, at: int) -> None:
        if not self.opened:
            raise wrong(f"Unexpected end tag at byte offset {self.byte(at)}")
        last = self.opened.pop()
        if tag and tag != last.tag:
            offset = self.byte(at)
            raise wrong(f'Unmatched end tag at byte offset {offset}, expected "</{last.tag}>", found "</{tag}>"')
        if self.length > last.begins:
            self._keep(last)

    def _keep(self, tag: _Open) -> None:
        entity = _entity(tag, "".join(self.words))
        if entity:
            self.entities.append({"offset": tag.begins, "length": self.length - tag.begins, **entity})

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities. Raises `Refused` where the HTML is not well formed or not supported."""
    if "<" not in source and "&" not in source:
        return source, []
    reader, done = _Reader(source), 0
    for token in TOKEN.finditer(source):
        reader.add(source[done : token.start()])
        done = token.end()
        if token[0] == "<":
            raise wrong(f"Unclosed start tag at byte offset {reader.byte(token.start())}")
        if token[0].startswith("&"):
            reader.add(unescape(token[0]))
        elif token["end"]:
            reader.close(token["tag"].lower(), token.start())
        else:
            reader.open(token["tag"].lower(), token["attributes"], token.start())
    reader.add(source[done:])
    if reader.opened:
        raise wrong(f'Can\'t find end tag corresponding to start tag "{reader.opened[-1].tag}"')
    return "".join(reader.words), in_order(_with_languages(reader.entities))


def wrong(description: str) -> Refused:
    return bad(f"can't parse entities: {description}", f"The entities cannot be read: {description}.")


def in_order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(tag: _Open, words: str) -> Entity | None:
    match tag.tag:
        case "a":
            return _link(tag.attributes.get("href") or words.encode("utf-16-le")[tag.begins * 2 :].decode("utf-16-le"))
        case "span":
            return {"type": "spoiler"}
        case "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"}
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": tag.attributes["emoji-id"]}
        case "tg-time":
            return {"type": "date_time", "unix_time": int(tag.attributes.get("unix", "0"))}
        case _:
            return _simple(tag)


def _link(url: str) -> Entity | None:
    """Without an address the words are one, as in <a>example.org</a>; what is none is no link."""
    return {"type": "text_link", "url": url} if LINK.search(url) else None


def _simple(tag: _Open) -> Entity:
    language = tag.attributes.get("class", "")
    if tag.tag == "code" and language.startswith("language-"):
        return {"type": "code", "language": language.removeprefix("language-")}
    return {"type": SIMPLE[tag.tag]}


def _with_languages(entities: list[Entity]) -> list[Entity]:
    """<pre><code class="language-x"> is one entity `pre` with a language."""
    kept: list[Entity] = []
    for entity in entities:  # the inner tag was closed first
        inner = kept[-1] if kept else None
        if entity["type"] == "pre" and inner and inner["type"] == "code" and _same_place(entity, inner):
            kept[-1] = {**entity, **({"language": inner["language"]} if "language" in inner else {})}
        else:
            kept.append(entity)
    return [_plain_code(entity) for entity in kept]


def _same_place(one: Entity, other: Entity) -> bool:
    return (one["offset"], one["length"]) == (other["offset"], other["length"])


def _plain_code(entity: Entity) -> Entity:
    return {key: value for key, value in entity.items() if entity["type"] != "code" or key != "language"}
