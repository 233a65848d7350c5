"""Words of the catalogue that translators get: English sentences, in which only `{biller}` may stand for something."""

from __future__ import annotations

import re
from string import Formatter

from core.catalogue.sheet import Sheet, shown
from core.text import Text

_PLACE = re.compile(r"\{\w*\}")


def message(sheet: Sheet, key: str, **values: str) -> Text:
    """The message at a key, with the values that it names."""
    words = sheet.text(key)
    named = _places(words)
    if not named <= values.keys():
        allowed = f"only {{{'} or {'.join(values)}}}" if values else "nothing"
        raise sheet.wrong(key, f"may have {allowed} in braces, is {shown(words)}")
    return Text(words, {place: values[place] for place in sorted(named)})


def says_something(words: str) -> bool:
    """Whether there is anything to translate besides the places."""
    return any(sign.isalpha() for sign in _PLACE.sub("", words))


def _places(words: str) -> set[str]:
    try:
        return {place for _, place, _, _ in Formatter().parse(words) if place is not None}
    except ValueError:
        return {"{"}
