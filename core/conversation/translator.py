"""Texts become sentences: gettext catalogues, plurals, and how a language writes money, dates and times.

The `.po` files are read as they are; there is no compile step to forget.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol

from core.domain.money import EXPONENT, Money
from core.text import Text

# What people call the money, where that is not its ISO code.
SYMBOLS = {"IDR": "Rp", "KES": "KSh ", "TZS": "TSh ", "GHS": "GHS ", "NGN": "NGN ", "USD": "USD "}
LOCALES = {"id": "id", "en": "en", "sw": "sw_TZ"}

PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")


class Translator:
    """Says texts in the languages it has a catalogue for; English is what the texts are written in."""

    def __init__(self, folder: Path, *, zone: tzinfo) -> None:
        self._catalogues = {
            path.parent.parent.name: _messages(path) for path in sorted(folder.glob("*/LC_MESSAGES/messages.po"))
        }
        self._zone = zone

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._catalogues)

    def say(self, text: Text, language: str) -> str:
        """The sentence. A message that lacks a translation is said in English rather than not at all."""
        message = self._catalogues.get(language, {}).get(text.message)
        if text.plural is not None and text.count is not None:
            words = _plural(message, text, language)
        else:
            words = message if isinstance(message, str) and message else text.message
        if not text.values:
            return words
        return words.format_map({name: self._written(value, language) for name, value in text.values.items()})

    def _written(self, value: object, language: str) -> str:
        match value:
            case str():
                return value
            case Text():
                return self.say(value, language)
            case Money():
                return written_money(value, language)
            case datetime():
                return self._moment(value, language)
            case date():
                return str(format_date(value, "d MMM", locale=_locale(language)))
            case int():
                return written_number(value, language)
            case _:
                raise TypeError(f"a text cannot hold {type(value).__name__}")

    def _moment(self, at: datetime, language: str) -> str:
        """The time of day at the counter, with the date when it is another day."""
        local = at.astimezone(self._zone)
        clock = str(format_time(local, "HH:mm", locale=_locale(language)))
        return f"{format_date(local, 'd MMM', locale=_locale(language))} {clock}"


@lru_cache(maxsize=4096)
def written_money(amount: Money, language: str) -> str:
    """`Rp52.500`: the sign people know, digits grouped as the language groups them, no sen where there are none."""
    sign = SYMBOLS.get(amount.currency, f"{amount.currency} ")
    whole, rest = divmod(abs(amount.minor), 10 ** EXPONENT[amount.currency])
    decimals = f"{get_decimal_symbol(_locale(language))}{rest:0{EXPONENT[amount.currency]}}" if rest else ""
    return f"{'-' if amount.minor < 0 else ''}{sign}{written_number(whole, language)}{decimals}"


@lru_cache(maxsize=4096)
def written_number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=_locale(language)))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, language))


Message = str | tuple[str, ...]


def _messages(path: Path) -> Mapping[str, Message]:
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file)
    found: dict[str, Message] = {}
    for message in catalogue:
        if message.id and message.string and not message.fuzzy:
            key = message.id[0] if isinstance(message.id, tuple | list) else message.id
            found[key] = tuple(message.string) if isinstance(message.string, tuple | list) else message.string
    return found


def _plural(message: Message | None, text: Text, language: str) -> str:
    assert text.plural is not None and text.count is not None
    if isinstance(message, tuple) and all(message):
        return message[min(_plural_form(text.count, language), len(message) - 1)]
    return text.message if text.count == 1 else text.plural


def _plural_form(count: int, language: str) -> int:
    """The index of the form in a `.po` file, where those that a language has stand in the order of the CLDR."""
    rule = _locale(language).plural_form
    return [form for form in PLURAL_FORMS if form in rule.tags or form == "other"].index(rule(count))
