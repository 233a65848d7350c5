"""The check of the catalogues: what it lets pass, and each fault that it tells in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.texts.__main__ import bring_up, complaints, main
from tools.texts.catalogues import template
from tools.texts.source import Found

FOUND = [
    Found("Pay again", "core/menu.py"),
    Found("You have {available}.", "core/money.py", note="The balance."),
    Found("{count} day", "core/days.py", plural="{count} days"),
    Found("Total {total}", "core/pay.py"),
]
SWAHILI = r"""# Swahili for Loket.
msgid ""
msgstr ""
"Language: sw\n"
"X-Reviewed-By: nobody yet\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: core/menu.py
msgid "Pay again"
msgstr "Lipa tena"

#. The balance.
#: core/money.py
#, python-brace-format
msgid "You have {available}."
msgstr "Salio lako ni {available}."

#: core/days.py
#, python-brace-format
msgid "{count} day"
msgid_plural "{count} days"
msgstr[0] "Siku {count}"
msgstr[1] "Siku {count}"

#: core/pay.py
#, python-brace-format
msgid "Total {total}"
msgstr "Jumla {total}"

"""


class Locales:
    """A folder of catalogues in Swahili and English, complete, for a test to plant something in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.begin("sw", SWAHILI)
        self.begin("en")
        self.update()

    def begin(self, language: str, words: str = "") -> None:
        self.file(language).parent.mkdir(parents=True)
        self.file(language).write_text(words, "utf-8")

    def file(self, language: str) -> Path:
        return self.folder / language / "LC_MESSAGES" / "messages.po"

    def update(self, found: list[Found] = FOUND) -> None:
        bring_up(template(found), self.folder)

    def replace(self, old: str, new: str, language: str = "sw") -> None:
        words = self.file(language).read_text("utf-8")
        assert old in words
        self.file(language).write_text(words.replace(old, new, 1), "utf-8")

    def complaints(self, found: list[Found] = FOUND, spoken: tuple[str, ...] = ("sw", "en")) -> list[str]:
        told = complaints(template(found), self.folder, spoken=spoken)
        return [fault.removeprefix("locales/sw/LC_MESSAGES/messages.po: ") for fault in told]


@pytest.fixture
def locales(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Locales:
    made = Locales(tmp_path)
    capsys.readouterr()
    return made


def test_the_catalogues_of_the_house_are_complete():
    assert main(["--check"]) is None


def test_a_complete_catalogue_has_no_fault(locales: Locales):
    assert locales.complaints() == []


def test_english_is_said_as_it_is_written(locales: Locales):
    assert 'msgid "Pay again"\nmsgstr "Pay again"' in locales.file("en").read_text("utf-8")


def test_the_same_texts_make_the_same_files(locales: Locales):
    before = {path: path.read_bytes() for path in locales.folder.rglob("messages.po*")}

    locales.update()

    assert {path: path.read_bytes() for path in locales.folder.rglob("messages.po*")} == before


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"Lipa tena"', '""', '"Pay again" is not translated.'),
        ('msgstr[1] "Siku {count}"', 'msgstr[1] ""', '"{count} day" needs 2 plural forms, each with words.'),
        ('"Jumla {total}"', '"Jumla"', '"Total {total}" lacks {total} in its translation.'),
        ("lako ni {available}", "ni {salio}", "lacks {available} and has a strange {salio} in its translation."),
        ("Jumla {total}", "Jumla {total!r}", "lacks {total} and has a strange {total!r} in its translation."),
        ("Jumla {total}", "Jumla {total} {", "has a brace that opens or closes nothing in its translation."),
        ("Jumla {total}", "Jumla {total} ", "begins or ends with other spaces than its translation."),
        ("Lipa tena", "\\nLipa tena", "begins or ends with other spaces than its translation."),
        ("Lipa tena", "4 Lipa tena", "begins a line with a number or a key in its translation"),
        ("Lipa tena", "4. Lipa tena", "begins a line with a number or a key in its translation"),
        ("Lipa tena", "Lipa tena\\n0 Rudi", "begins a line with a number or a key in its translation"),
        ("Lipa tena", "*: rudia", "begins a line with a number or a key in its translation"),
        ("Lipa tena", "CON Lipa tena", "begins a line with CON or END in its translation"),
        ("Lipa tena", "END", "begins a line with CON or END in its translation"),
        ('\nmsgid "Pay', '\n#, fuzzy\nmsgid "Pay', "is marked fuzzy: make sure of it, and take the mark away."),
        ("Language: sw", "Language: id", "its header should say `Language: sw`."),
        ("nplurals=2", "nplurals=3", "its header should say `Plural-Forms: nplurals=2;` and which is when."),
        ("X-Reviewed-By: ", "Revised: ", "its header should say in `X-Reviewed-By:` which native speaker has read it"),
    ],
)
def test_a_planted_fault_is_told(locales: Locales, old: str, new: str, fault: str):
    locales.replace(old, new)

    assert any(fault in told for told in locales.complaints())


@pytest.mark.parametrize("words", ["Lipa 2 tena", "24 masaa", "ENDELEA", "CONFIRM"])
def test_what_only_looks_like_a_key_is_fine(locales: Locales, words: str):
    locales.replace("Lipa tena", words)

    assert locales.complaints() == []


def test_a_new_text_makes_the_files_stale_and_untranslated(locales: Locales):
    found = [*FOUND, Found("Go on", "core/menu.py")]

    assert [told.partition(". ")[0] for told in locales.complaints(found)] == [
        "locales/messages.pot is not what the source says now",
        "locales/en/LC_MESSAGES/messages.po is not what the source says now",
        "locales/sw/LC_MESSAGES/messages.po is not what the source says now",
    ]
    locales.update(found)
    assert locales.complaints(found) == ['"Go on" is not translated.']


def test_a_text_that_was_changed_is_never_guessed(locales: Locales):
    found = [Found("Pay it again", "core/menu.py"), *FOUND[1:]]

    locales.update(found)

    assert locales.complaints(found) == ['"Pay it again" is not translated.']
    assert "Lipa tena" not in locales.file("sw").read_text("utf-8")


def test_what_a_translator_noted_stays(locales: Locales):
    note = "# As on the till of a shop.\n"
    locales.replace("#: core/pay.py\n", f"{note}#: core/pay.py\n")
    locales.replace("nobody yet", "Amina Juma, 2027-01-31")

    locales.update()

    assert note in locales.file("sw").read_text("utf-8")
    assert "Amina Juma" in locales.file("sw").read_text("utf-8")


def test_a_new_language_begins_as_an_empty_file(locales: Locales, capsys: pytest.CaptureFixture[str]):
    locales.begin("ar")

    locales.update()

    assert "ar: 4 texts, 4 to translate" in capsys.readouterr().out
    assert '"Plural-Forms: nplurals=6;' in locales.file("ar").read_text("utf-8")
    assert "locales/ar: nobody can choose it; name it in core/conversation/languages.py." in locales.complaints()


def test_a_language_on_offer_without_a_catalogue_is_told(locales: Locales):
    assert locales.complaints(spoken=("sw", "en", "ha")) == [
        "locales/ha/LC_MESSAGES/messages.po is missing, and core/conversation/languages.py offers the language."
    ]


@pytest.mark.parametrize("words", ["Lipa tena", 'msgid "Pay again\n', "Plural-Forms: nothing"])
def test_a_file_that_is_no_catalogue_is_told_in_a_sentence(tmp_path: Path, words: str):
    (tmp_path / "core").mkdir()
    Locales(tmp_path / "locales").replace("\n#: core/menu.py", f"\n{words}\n#: core/menu.py")

    assert str(main(["--check"], root=tmp_path)).startswith("locales/sw/LC_MESSAGES/messages.po line 9: ")


def test_unknown_arguments_are_refused():
    assert main(["--chek"]) == "Unknown arguments: --chek. Use --check or none."
