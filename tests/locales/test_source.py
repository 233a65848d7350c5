"""Texts are found where they stand, and one that nobody would translate is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.texts.source import Found, Unmarked, in_python, texts

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("Pay again")', ["Pay again"]),
        ('_("Pay "\n  "again")', ["Pay again"]),
        ("f\"{say(_('Back'))} {say(_('More'))}\"", ["Back", "More"]),
        ('_("{product} {total}").fill(product=name, total=_("nothing"))', ["{product} {total}", "nothing"]),
        ('lambda talk: Home(_("Kept."))', ["Kept."]),
        ("for _, name in pairs: pass", []),
        ('Text("{price}", {"price": price})', []),
        ("Text(message)", []),
    ],
)
def test_every_marked_text_is_found(code: str, found: list[str]):
    assert sorted(one.message for one in in_python(code, "core/x.py")) == sorted(found)


def test_a_plural_is_found_with_its_singular():
    assert list(in_python('several("{count} day", "{count} days", days)', "core/x.py")) == [
        Found("{count} day", "core/x.py", plural="{count} days")
    ]


def test_translators_get_the_note_above_a_text():
    code = "# Not for them.\n# For translators: a verb,\n# as on a button.\n_('Back')\n# A remark.\n_('More')"

    assert [found.note for found in in_python(code, "core/x.py")] == ["a verb, as on a button.", ""]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("\n_(words)", "core/x.py line 2: `_` marks words that stand there, nothing computed."),
        ('_(f"You have {money}")', "core/x.py line 1: `_` marks words that stand there, nothing computed."),
        ('several("a day", days, 3)', "core/x.py line 1: `several` marks words that stand there, nothing computed."),
        ('Text("Total {total}")', "core/x.py line 1: mark 'Total {total}' with `_`, or no translator sees it."),
    ],
)
def test_a_text_that_no_translator_would_see_is_told(code: str, sentence: str):
    with pytest.raises(
        Unmarked, match="^" + sentence.replace("{", r"\{").replace("(", r"\(").replace(".", r"\.") + "$"
    ):
        list(in_python(code, "core/x.py"))


def test_the_catalogue_of_every_country_is_read_too():
    found = {(one.message, one.place): one.note for one in texts(ROOT)}

    assert found["Electricity token", "core/catalogue/id/electricity.toml"] == "pln-token.name"
    assert ("meter number", "core/catalogue/id/electricity.toml") in found
