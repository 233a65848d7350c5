"""The files translators work in: a template of all texts, and a `.po` file a language, written the same each time.

No dates and no line numbers, so that a file differs only where a text does. The header is the translator's own and is
kept as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.plural import to_gettext

from tools.texts.source import Found

TEMPLATE = "messages.pot"
CATALOGUE = "LC_MESSAGES/messages.po"
# The language the texts are written in: what it has no words for is said as it stands.
SOURCE = "en"

TEMPLATE_HEADER = r"""# Every text of Loket, in English, as `make texts` found it; translations are in the folders here.
msgid ""
msgstr ""
"Project-Id-Version: Loket\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""

NEW_HEADER = r"""# {name} for Loket. docs/languages.md tells how to write for people who read little.
msgid ""
msgstr ""
"Project-Id-Version: Loket\n"
"Language: {language}\n"
"X-Reviewed-By: nobody yet\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"
"""


class NotACatalogue(ValueError):
    """A file that a translator's hand slipped in."""


def template(found: Iterable[Found]) -> Catalog:
    """All texts once, with every place they stand at."""
    catalogue = Catalog(charset="utf-8")
    for one in found:
        message = (one.message, one.plural) if one.plural else one.message
        catalogue.add(message, locations=[(one.place, 0)], auto_comments=[one.note] if one.note else [])
    return catalogue


def written_template(texts: Catalog) -> str:
    return _written(TEMPLATE_HEADER, texts)


def brought_up(words: str, language: str, texts: Catalog) -> str:
    """A language's file with exactly the texts of the template; what was translated stays, what is gone goes."""
    words = words if words.strip() else new_file(language)
    catalogue = parsed(words, language)
    # A copy, because the messages of a template go into the catalogue themselves.
    catalogue.update(deepcopy(texts), no_fuzzy_matching=True, update_creation_date=False)
    if language == SOURCE:
        _say_as_written(catalogue)
    return _written(header(words), catalogue)


def new_file(language: str) -> str:
    return NEW_HEADER.format(
        language=language,
        name=Locale.parse(language).get_language_name("en"),
        plurals=plural_forms(language),
    )


def forms(language: str) -> int:
    """How many forms a plural has by the CLDR, which the translator follows."""
    return len(Locale.parse(language).plural_form.tags | {"other"})


def plural_forms(language: str) -> str:
    """The line for `Plural-Forms:`, as gettext knows it where it agrees with the CLDR."""
    usual = get_plural(language)
    return (
        usual.plural_forms if usual.num_plurals == forms(language) else to_gettext(Locale.parse(language).plural_form)
    )


def parsed(words: str, language: str) -> Catalog:
    """Raises `NotACatalogue`."""
    try:
        return read_po(BytesIO(words.encode()), abort_invalid=True)
    except PoFileError as fault:
        raise NotACatalogue(f"locales/{language}/{CATALOGUE} line {fault.lineno + 1}: {fault}.") from None


def header(words: str) -> str:
    """Everything before the first text."""
    return words.partition("\n\n")[0].rstrip("\n") + "\n"


def languages(locales: Path) -> list[str]:
    return sorted(path.parent.parent.name for path in locales.glob(f"*/{CATALOGUE}"))


def _say_as_written(catalogue: Catalog) -> None:
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not any(said):
            message.string = message.id


def _written(header: str, catalogue: Catalog) -> str:
    file = BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return f"{header}\n{file.getvalue().decode().lstrip()}"
