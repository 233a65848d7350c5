"""Words as people type them, in any case and with or without accents; and `known_as`, where a catalogue lists them."""

from __future__ import annotations

import re
import unicodedata

from core.catalogue.sheet import Sheet, shown

_WORD = re.compile(r"[^\W\d_]+")


def plain_words(words: str) -> tuple[str, ...]:
    """The words one by one; numbers and signs only part them."""
    return tuple(_WORD.findall(in_plain_letters(words)))


def in_plain_letters(words: str) -> str:
    """The same in small letters without accents."""
    parted = unicodedata.normalize("NFD", words.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def read_known_as(sheet: Sheet) -> tuple[str, ...]:
    """A list of words or phrases, each written as it is compared."""
    known = sheet.texts("known_as")
    for words in known:
        if " ".join(plain_words(words)) != words:
            raise sheet.wrong("known_as", f"must be small letters without accents, has {shown(words)}")
    return known
