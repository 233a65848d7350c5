"""A view as a screen of a chat: what fits it, what stands on its buttons, and that it can be read again as written."""

from __future__ import annotations

import string
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.botapi.html_text import parse_html, units
from bot.screens import (
    NO_ICON,
    OPTIONS_A_PAGE,
    Button,
    InvoiceShown,
    Screen,
    TelegramChannel,
    TransferShown,
    read,
    written,
)
from bot.stage import _html
from core.conversation.flows import FLOWS
from core.conversation.languages import LANGUAGES
from core.conversation.steps import Menu
from core.conversation.view import BACK, Asks, Option, View
from core.domain.picture import Picture
from core.domain.slip import Slip
from core.refusal import Refusal
from core.text import verbatim
from tests.support.longest import WORDS, Scene, scenes

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_LABEL = 4096, 1024, 64
words = st.text(st.characters(codec="utf-8"), max_size=30)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30)
pairs = st.lists(st.tuples(words, words), max_size=3).map(tuple)
buttons = st.builds(Button, key=words, label=words, style=st.sampled_from(["", "primary"]), share=st.booleans())
screens = st.builds(
    Screen,
    lines=st.lists(texts, max_size=4).map(tuple),
    rows=st.lists(st.lists(buttons, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple),
    noted=st.booleans(),
    copied=st.lists(words, max_size=2).map(tuple),
    secret=st.booleans(),
    kept=st.booleans(),
    private=st.booleans(),
    pictures=st.lists(st.builds(Picture, name=words, key=words, label=words), max_size=3).map(tuple),
    slip=st.none()
    | st.builds(Slip, heading=words, product=words, biller=words, total=words, lines=pairs, token=words, code=words),
    transfer=st.none() | st.builds(TransferShown, heading=words, bank=words, amount=words, lines=pairs),
    invoice=st.none()
    | st.builds(
        InvoiceShown,
        payload=words,
        title=words,
        about=words,
        label=words,
        amount_minor=st.integers(1, 10**15),
        currency=st.sampled_from(["IDR", "TZS"]),
    ),
)


@given(screens)
def test_a_screen_is_read_as_it_was_written(screen: Screen):
    assert read(written(screen)) == screen


@given(screens)
def test_whatever_stands_on_it_is_shown_as_it_is(screen: Screen):
    """Names and numbers of strangers are text, whatever signs they hold."""
    text, _entities = parse_html(_html(screen))

    assert [line for line in screen.lines if line not in text] == []


async def test_every_scene_fits_telegram_in_every_language():
    too_much: list[str] = []
    channel = TelegramChannel(takes_cards=True)
    async for scene, view in views():
        for language in LANGUAGES:
            for screen in pages(channel, view, language):
                too_much += [f"{scene.name} {language}: {one}" for one in beyond(screen)]

    assert too_much == []


async def test_every_choice_begins_with_its_number_and_a_sign():
    bare: set[str] = set()
    channel = TelegramChannel(takes_cards=True)
    async for scene, view in views():
        for screen in pages(channel, view, "id"):
            bare |= {
                f"{scene.name}: {button.label}"
                for row in screen.rows
                for button in row
                if not button.share and not begins_well(button) and not (screen.secret and button.key == BACK)
            }

    assert bare == set()


async def test_a_menus_choices_all_have_a_picture_of_their_own():
    menus = [step for flow in FLOWS.values() for step in flow.steps if isinstance(step, Menu)]

    assert menus
    for menu in menus:
        icons = [choice.option.icon for choice in menu.choices.values()]
        assert all(icons)
        assert len(set(icons)) == len(icons)


async def views() -> AsyncIterator[tuple[Scene, View]]:
    """What is shown for each scene; a question that cannot be asked in one is not shown in it."""
    for scene in scenes():
        with suppress(Refusal):
            yield scene, await scene.step.view(scene.talk)


def pages(channel: TelegramChannel, view: View, language: str) -> Iterator[Screen]:
    for number in range(max(1, -(-len(view.options) // OPTIONS_A_PAGE))):
        yield read(channel.fit(view, number, language=language, words=WORDS).words)


def beyond(screen: Screen) -> Iterator[str]:
    """What Telegram would refuse, or a phone would cut off."""
    text, _entities = parse_html(_html(screen))
    if not text:
        yield "nothing is said"
    if units(text) > (LONGEST_CAPTION if screen.drawn else LONGEST_TEXT):
        yield f"{units(text)} units of text"
    for row in screen.rows:
        yield from (f"label {button.label!r}" for button in row if units(button.label) > LONGEST_LABEL)
        yield from (f"no label for {button.key!r}" for button in row if not button.label.strip())
    if len([row for row in screen.rows if row[0].key.isdecimal()]) > OPTIONS_A_PAGE + 1:
        yield "more choices than a screen has"
    if screen.invoice and (len(screen.invoice.title) > 32 or len(screen.invoice.about) > 255):
        yield "an invoice's words"


def begins_well(button: Button) -> bool:
    number, _, rest = button.label.removeprefix("🏠 ").partition(" ")
    sign = rest[:1]
    if button.label.startswith("🏠 "):
        return True
    return number in string.digits and bool(sign) and not (sign.isalnum() or sign.isspace())


# ---- how a view becomes one


def fit(view: View, page: int = 0) -> Screen:
    return read(TelegramChannel().fit(view, page, language="en", words=WORDS).words)


def options(count: int, **more: object) -> tuple[Option, ...]:
    return tuple(Option(f"o{n}", verbatim(f"Number {n} of them"), **more) for n in range(1, count + 1))  # type: ignore[arg-type]


def labels(screen: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.rows]


def test_five_to_a_screen_and_the_keys_that_lead_on_and_back():
    view = View((verbatim("Which?"),), Asks.CHOICE, options(7))

    assert labels(fit(view)) == [
        *[[f"{n} {NO_ICON} Number {n} of them"] for n in range(1, 6)],
        ["0 ⬅️ Back", "9 ➡️ More"],
    ]
    assert labels(fit(view, 1)) == [
        [f"1 {NO_ICON} Number 6 of them"],
        [f"2 {NO_ICON} Number 7 of them"],
        ["0 ⬅️ Back"],
    ]


def test_fixed_numbers_stay_on_every_page_and_may_be_typed_on_any():
    view = View((verbatim("Which?"),), Asks.CHOICE, options(7), fixed=True)
    page = TelegramChannel().fit(view, 1, language="en", words=WORDS)

    assert labels(read(page.words))[0] == [f"6 {NO_ICON} Number 6 of them"]
    assert page.keys["1"] == "o1"
    assert page.keys["7"] == "o7"


def test_a_page_beyond_the_last_is_the_last():
    view = View((verbatim("Which?"),), Asks.CHOICE, options(7))

    assert fit(view, 9) == fit(view, 1)


def test_yes_and_no_stand_side_by_side():
    view = View((verbatim("Really?"),), Asks.CHOICE, (Option("y", verbatim("Yes")), Option("n", verbatim("No"))))

    assert labels(fit(view))[0] == [f"1 {NO_ICON} Yes", f"2 {NO_ICON} No"]


def test_a_final_screen_only_leads_home():
    assert labels(fit(View((verbatim("Done."),), final=True))) == [["🏠 Menu"]]


def test_a_page_is_the_same_each_time_it_is_asked_for():
    lasting = View((verbatim("Which?"),), Asks.CHOICE, options(3), lasting=True)
    channel = TelegramChannel()
    once = channel.fit(lasting, 0, language="en", words=WORDS)

    assert channel.fit(lasting, 0, language="en", words=WORDS) is once
    assert channel.fit(replace(lasting), 0, language="en", words=WORDS) == once


@pytest.mark.parametrize("name", ["<b>x</b>", "a & b", "</code>", "&amp;", '"'])
def test_a_strangers_signs_stay_signs(name: str):
    text, _entities = parse_html(_html(Screen((name, "Really?"))))

    assert text.splitlines() == [name, "Really?"]
