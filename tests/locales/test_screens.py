"""Every screen of every flow in every language fits an old phone, whatever names and amounts stand on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest

from core.conversation.flows import FLOWS
from core.conversation.languages import LANGUAGES
from core.conversation.view import Page, View
from core.domain.gsm7 import fits_page, folded, septets
from core.refusal import Refusal
from core.services.tell import in_groups
from tests.support.fakes import TOKEN
from tests.support.longest import IN_PLAIN_LETTERS, says, scenes
from ussd.pages import OPTIONS_A_PAGE, pages

# Screens that may take one page more than their options need, and why. No plain question is among them.
LONGER = {
    "my_money.payment": "five payments of a million each, under the balance",
    "something_wrong.payment": "five payments of a million each",
    "pay_again.payee": "five numbers of fifteen digits at water companies with long names",
    "paid.save": "a bill's serial of 32 signs and three months of debt; the offer to keep the number comes after",
    "receipt.receipt": "the same, at the water companies with the longest names",
    "last_payment.receipt": "the same",
}


@dataclass(frozen=True, slots=True)
class Screen:
    where: str
    view: View

    def pages(self, language: str) -> list[Page]:
        return list(pages(self.view, lambda text: folded(says(text, language))))

    def excess(self, language: str) -> int:
        """Pages beyond those that the options need: a list goes in fives."""
        return len(self.pages(language)) - max(1, -(-len(self.view.options) // OPTIONS_A_PAGE))


async def _every_screen() -> list[Screen]:
    found: dict[str, Screen] = {}
    for scene in scenes():
        with suppress(Refusal):  # a question that is not asked then; its sentence is one of the texts
            view = await scene.step.view(scene.talk)
            found[f"{scene.name} {view}"] = Screen(scene.name, view)
    return list(found.values())


@pytest.fixture(scope="module")
def screens() -> Sequence[Screen]:
    return asyncio.run(_every_screen())


def test_every_step_of_every_flow_is_looked_at(screens: Sequence[Screen]):
    steps = {f"{flow.name}.{step.name}" for flow in FLOWS.values() for step in flow.steps}

    assert {screen.where for screen in screens} == steps


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits(screens: Sequence[Screen], language: str):
    shown = [page.words for screen in screens for page in screen.pages(language)]

    assert [words for words in shown if not fits_page(words)] == []


@pytest.mark.parametrize("language", IN_PLAIN_LETTERS)
def test_no_page_has_a_sign_that_turns_it_into_short_pages(screens: Sequence[Screen], language: str):
    shown = [page.words for screen in screens for page in screen.pages(language)]

    assert [words for words in shown if septets(words) is None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_one_page(screens: Sequence[Screen], language: str):
    excess = {screen.where: screen.excess(language) for screen in screens}

    assert {where: pages for where, pages in excess.items() if pages > (where in LONGER)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_token_and_the_offer_to_keep_its_meter_are_one_page(screens: Sequence[Screen], language: str):
    shown = [page for screen in screens if screen.where == "paid.save" for page in screen.pages(language)]

    (with_token,) = [page.words for page in shown if in_groups(TOKEN) in page.words]
    assert with_token.splitlines()[-1].startswith("0 ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_price_is_never_left_out_for_lack_of_room(screens: Sequence[Screen], language: str):
    offers = [screen for screen in screens if screen.where == "pay.amount"]

    for screen in offers:
        words = "\n".join(page.words for page in screen.pages(language))
        assert [option for option in screen.view.options if f" {says(option.text, language)}\n" not in words] == []


def test_nothing_is_excused_that_no_longer_needs_it(screens: Sequence[Screen]):
    longer = {screen.where for screen in screens for language in LANGUAGES if screen.excess(language)}

    assert set(LONGER) - longer == set()
