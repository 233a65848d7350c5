"""Every sentence in every language, with the longest names and amounts in it, on a page and in a message."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from core.conversation.languages import LANGUAGES
from core.domain.gsm7 import fits_page, folded, septets, sms_parts
from core.domain.money import Money
from core.services.tell import CODE, OUTCOMES, outcome_lines
from core.text import Text, _, several
from tests.support.fakes import NOON
from tests.support.longest import CATALOGUE, IN_PLAIN_LETTERS, payment_for, says, values
from tools.texts.source import Found, texts

ROOT = Path(__file__).resolve().parents[2]
FOUND = list(texts(ROOT))


def spoken(found: Found, language: str) -> str:
    """The sentence with something long in every place of it."""
    text = several(found.message, found.plural, 30) if found.plural else Text(found.message)
    named = {name for _words, name, _spec, _how in Formatter().parse(found.message) if name}
    known = values(language)
    assert named <= known.keys(), f"{found}: say in tests/support/longest.py how long {named - known.keys()} can be"
    return says(text.fill(**{name: known[name] for name in named}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_fits_a_page_above_the_way_on_and_the_way_back(language: str):
    foot = "\n".join(["", f"9 {says(_('More'), language)}", f"0 {says(_('Back'), language)}"])

    assert [said for found in FOUND if not fits_page((said := folded(spoken(found, language))) + foot)] == []


@pytest.mark.parametrize("language", IN_PLAIN_LETTERS)
def test_no_sentence_needs_to_be_folded_before_a_phone_can_show_it(language: str):
    assert [said for found in FOUND if septets(said := spoken(found, language)) is None] == []


@pytest.mark.parametrize("state", OUTCOMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_became_of_a_payment_is_told_in_two_short_messages_at_most(language: str, state: str):
    told = {
        product.product_id: "\n".join(
            says(line, language) for line in outcome_lines(payment_for(product, state), CATALOGUE)
        )
        for product in CATALOGUE.products.values()
    }

    assert {words for words in told.values() if sms_parts(words) > 2} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_token_comes_in_one_short_message(language: str):
    tokens = [one for one in CATALOGUE.products.values() if one.gives_token]
    told = [
        "\n".join(
            says(line, language)
            for line in (*outcome_lines(payment_for(token, "captured"), CATALOGUE), CODE.fill(code="7K2Q 9XJF"))
        )
        for token in tokens
    ]

    assert [sms_parts(words) for words in told] == [1] * len(tokens)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("id", "Rp52.500, 20 Nov 12:00, 20 Nov, 1.234"),
        ("en", "Rp52,500, 20 Nov 12:00, 20 Nov, 1,234"),
        ("sw", "Rp52,500, 20 Nov 12:00, 20 Nov, 1,234"),
    ],
)
def test_money_dates_and_numbers_are_written_as_the_language_writes_them(language: str, written: str):
    text = Text("{money}, {moment}, {day}, {number}")

    filled = text.fill(money=Money.of(52_500, "IDR"), moment=NOON, day=date(2026, 11, 20), number=1234)
    assert says(filled, language) == written


@pytest.mark.parametrize("currency", ["IDR", "KES", "TZS", "GHS", "NGN", "USD"])
@pytest.mark.parametrize("language", IN_PLAIN_LETTERS)
def test_money_of_any_counter_is_plain_on_an_old_phone(language: str, currency: str):
    said = says(Text("{money}", {"money": Money.of(1_000_000, currency)}), language)

    assert said == folded(said)
    assert said.replace(".", "").replace(",", "").endswith("1000000")


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", IN_PLAIN_LETTERS)
def test_every_month_is_plain_on_an_old_phone(language: str, month: int):
    said = says(Text("{day}", {"day": date(2026, month, 28)}), language)

    assert said == folded(said)
    assert len(said) <= len("28 Sept")


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_counted_by_the_rule_of_the_language(language: str):
    days = {
        count: says(several("{name}, {count} day", "{name}, {count} days", count).fill(name="1 GB"), language)
        for count in (1, 2, 30)
    }

    assert days == {
        "id": {1: "1 GB, 1 hari", 2: "1 GB, 2 hari", 30: "1 GB, 30 hari"},
        "en": {1: "1 GB, 1 day", 2: "1 GB, 2 days", 30: "1 GB, 30 days"},
        "sw": {1: "1 GB, siku 1", 2: "1 GB, siku 2", 30: "1 GB, siku 30"},
    }.get(language, days)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_a_menu_entry_as_the_menu_does(language: str):
    assert says(_("Pay again"), language) in says(_("Kept. You find it under Pay again."), language)
