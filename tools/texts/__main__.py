"""Bring the catalogues up to the texts in the source, or say what they lack.

    python -m tools.texts            write locales/messages.pot and every locales/*/LC_MESSAGES/messages.po
    python -m tools.texts --check    change nothing; a sentence for each fault, and exit code 1 if there is one

A new language begins as an empty `.po` file in its folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog

from core.catalogue import CatalogueError
from core.conversation.languages import LANGUAGES
from tools.texts.catalogues import (
    CATALOGUE,
    TEMPLATE,
    NotACatalogue,
    brought_up,
    languages,
    parsed,
    template,
    written_template,
)
from tools.texts.faults import faults, header_faults
from tools.texts.source import Unmarked, texts

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str], *, root: Path = ROOT) -> str | None:
    """Nothing when all is well, otherwise the sentences to stop with."""
    if arguments not in ([], ["--check"]):
        return f"Unknown arguments: {' '.join(arguments)}. Use --check or none."
    try:
        found = template(texts(root))
        if arguments:
            return "\n".join(complaints(found, root / "locales", spoken=LANGUAGES)) or None
        bring_up(found, root / "locales")
    except (Unmarked, CatalogueError, UnknownLocaleError, NotACatalogue) as fault:
        return str(fault)
    return None


def bring_up(found: Catalog, locales: Path) -> None:
    """Write every file anew, and tell how much of it is left to translate."""
    (locales / TEMPLATE).write_text(written_template(found), "utf-8")
    for language in languages(locales):
        path = locales / language / CATALOGUE
        words = brought_up(path.read_text("utf-8"), language, found)
        path.write_text(words, "utf-8")
        left = sum(fault.endswith("is not translated") for fault in faults(parsed(words, language), language=language))
        print(f"{language}: {len(found)} texts, {f'{left} to translate' if left else 'all translated'}")


def complaints(found: Catalog, locales: Path, *, spoken: Iterable[str]) -> Iterator[str]:
    """A sentence for each fault of the files, and for each language that is only half there."""
    there = languages(locales)
    for language in spoken:
        if language not in there:
            yield f"locales/{language}/{CATALOGUE} is missing, and core/conversation/languages.py offers the language."
    if _read(locales / TEMPLATE) != written_template(found):
        yield _stale(TEMPLATE)
    for language in there:
        if language not in spoken:
            yield f"locales/{language}: nobody can choose it; name it in core/conversation/languages.py."
        yield from _of_language(language, found, locales)


def _of_language(language: str, found: Catalog, locales: Path) -> Iterator[str]:
    file = f"{language}/{CATALOGUE}"
    words = _read(locales / file)
    if words != brought_up(words, language, found):
        yield _stale(file)
    for fault in (*header_faults(words, language=language), *faults(parsed(words, language), language=language)):
        yield f"locales/{file}: {fault}."


def _stale(file: str) -> str:
    return f"locales/{file} is not what the source says now. Run `make texts` and translate what is new."


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
