"""Markdown pages as tests read them: their links, the places a link may lead to, and the commands they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as a page shows it, and the lines that are said to come out; `…` stands for anything."""

    command: str
    output: tuple[str, ...] = ()


def blocks(page: str, *languages: str) -> list[str]:
    """The fenced blocks that are written in one of these languages."""
    return [words for language, words in _FENCED.findall(page) if language in languages]


def links(page: str) -> list[str]:
    return _LINK.findall(_FENCED.sub("", page))


def anchors(page: str) -> set[str]:
    """Where `#…` may lead, named as forges name headings."""
    titles = re.findall(r"^#+ (.+)$", _FENCED.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title).lower()).replace(" ", "-") for title in titles}


def commands(page: str) -> Iterator[Shown]:
    """All commands of a page in their order: every line of an `sh` block, the `$` lines of a `console` block."""
    for language, written in _FENCED.findall(page):
        words = written.replace("\\\n", "")
        if language == "sh":
            yield from (Shown(line) for line in words.splitlines() if line and not line.startswith("#"))
        if language == "console":
            for part in re.split(r"^\$ ", words, flags=re.MULTILINE)[1:]:
                command, *output = part.rstrip("\n").split("\n")
                yield Shown(command, tuple(output))
