"""Every text of the house: what `_` and `several` mark in the source, and the generic words of the catalogue.

The source is parsed rather than scanned, so that a text inside an f-string is found on every version of Python.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.catalogue import messages

FOLDERS = ("core", "ussd", "bot", "voice", "console")
# What marks a text, and how many of its arguments are words: a singular, and a plural.
MARKS = {"_": 1, "several": 2}
NOTE = "# For translators: "


@dataclass(frozen=True, slots=True)
class Found:
    """One text where it stands. `plural` is empty for most; `note` is what its author tells translators."""

    message: str
    place: str
    plural: str = ""
    note: str = ""


class Unmarked(ValueError):
    """A text that translators would never see."""


def texts(root: Path) -> Iterator[Found]:
    """All texts, in an order that changes only when they do. Raises `Unmarked` or `CatalogueError`."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            yield from in_python(path.read_text("utf-8"), path.relative_to(root).as_posix())
    for country in sorted((root / "core/catalogue").glob("*/country.toml")):
        folder = country.parent.relative_to(root).as_posix()
        for file, key, words in messages(country.parent):
            yield Found(words, f"{folder}/{file}", note=key)


def in_python(source: str, place: str) -> Iterator[Found]:
    lines = source.splitlines()
    for call in _calls(source):
        match call:
            case ast.Call(func=ast.Name(id=mark), args=[*given]) if mark in MARKS:
                words = [_constant(one, mark, place) for one in given[: MARKS[mark]]]
                yield Found(words[0], place, "".join(words[1:]), _note_above(lines, call.lineno))
            case ast.Call(func=ast.Name(id="Text"), args=[ast.Constant(value=str(words)), *_]) if _says(words):
                raise Unmarked(f"{place} line {call.lineno}: mark {words!r} with `_`, or no translator sees it.")


def _calls(source: str) -> list[ast.Call]:
    """In the order in which they are read."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _constant(node: ast.expr, mark: str, place: str) -> str:
    match node:
        case ast.Constant(value=str(words)):
            return words
        case _:
            raise Unmarked(f"{place} line {node.lineno}: `{mark}` marks words that stand there, nothing computed.")


def _says(words: str) -> bool:
    """Whether anything is said besides the places; `{words}` alone is the same in every language."""
    return any(part.partition("}")[2].strip() for part in f"}}{words}".split("{"))


def _note_above(lines: list[str], number: int) -> str:
    """The author's note: comment lines right above, from the one that begins with `NOTE` on."""
    note: list[str] = []
    for line in reversed(lines[: number - 1]):
        comment = line.strip()
        if not comment.startswith("#"):
            break
        note.insert(0, comment.removeprefix(NOTE).removeprefix("#").strip())
        if comment.startswith(NOTE):
            return " ".join(note)
    return ""
