"""What is wrong with a translation, each rule a sentence. A text that breaks one of them cannot be said on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import Formatter

from babel.messages.catalog import Catalog, Message

from tools.texts.catalogues import forms, header

# A rule looks at a text and its translation, and answers what is wrong or nothing.
Rule = Callable[[str, str], str | None]

_NUMBERED = re.compile(r"^\s*(?:\d+\s*[.):=]|[0-9*#]\s|[*#]|\d$)", re.MULTILINE)
_OF_THE_GATEWAY = re.compile(r"^\s*(?:CON|END)\b", re.MULTILINE)
_EDGES = re.compile(r"^(\s*)(?:.*\S)?(\s*)$", re.DOTALL)


def faults(catalogue: Catalog, *, language: str) -> Iterator[str]:
    """A sentence for each fault of a language's texts."""
    for message in catalogue:
        if message.id:
            for fault in _of_message(message, forms(language)):
                yield f'"{_singular(message)}" {fault}'


def header_faults(words: str, *, language: str) -> Iterator[str]:
    """A sentence for each thing the top of a file should say and does not."""
    top = header(words)
    if f'"Language: {language}\\n"' not in top:
        yield f"its header should say `Language: {language}`"
    if f'"Plural-Forms: nplurals={forms(language)};' not in top:
        yield f"its header should say `Plural-Forms: nplurals={forms(language)};` and which is when"
    if "X-Reviewed-By: " not in top:
        yield "its header should say in `X-Reviewed-By:` which native speaker has read it, or `nobody yet`"


def _of_message(message: Message, wanted: int) -> Iterator[str]:
    translations = _translations(message)
    if message.fuzzy:
        yield "is marked fuzzy: make sure of it, and take the mark away"
    if not all(translations) or len(translations) != (wanted if message.pluralizable else 1):
        yield "is not translated" if not any(translations) else f"needs {wanted} plural forms, each with words"
    for translation in filter(None, translations):
        yield from (fault for rule in RULES if (fault := rule(_fullest(message), translation)))


def names_differ(text: str, translation: str) -> str | None:
    """The same places in braces, each as often as it likes, in any order."""
    try:
        missing, strange = _names(text) - _names(translation), _names(translation) - _names(text)
    except ValueError:
        return "has a brace that opens or closes nothing in its translation"
    if missing or strange:
        wrong = [f"lacks {name}" for name in sorted(missing)] + [f"has a strange {name}" for name in sorted(strange)]
        return f"{' and '.join(wrong)} in its translation"
    return None


def edges_differ(text: str, translation: str) -> str | None:
    if _edges(text) != _edges(translation):
        return "begins or ends with other spaces than its translation"
    return None


def is_numbered(text: str, translation: str) -> str | None:
    """Numbers and keys are the channel's: a button has none, a voice says them elsewhere."""
    if _NUMBERED.search(translation):
        return "begins a line with a number or a key in its translation; the channel numbers, not the text"
    return None


def speaks_to_the_gateway(text: str, translation: str) -> str | None:
    if _OF_THE_GATEWAY.search(translation):
        return "begins a line with CON or END in its translation; gateways would take it for their own"
    return None


RULES: tuple[Rule, ...] = (names_differ, edges_differ, is_numbered, speaks_to_the_gateway)


def _names(words: str) -> set[str]:
    """`{name}` as it is written, so that `{name!r}` and `{name.first}` are others. Raises `ValueError`."""
    list(Formatter().parse(words))
    return set(re.findall(r"\{[^{}]*\}", words))


def _edges(words: str) -> tuple[str, ...]:
    found = _EDGES.match(words)
    return found.groups() if found else ()


def _translations(message: Message) -> tuple[str, ...]:
    said = message.string
    return tuple(said) if isinstance(said, tuple | list) else (said or "",)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _fullest(message: Message) -> str:
    """The plural where there is one: it names every place."""
    return message.id[-1] if isinstance(message.id, tuple | list) else message.id
