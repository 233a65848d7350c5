"""Views fitted to the phone: small stories, then any view there could be."""

from hypothesis import given
from hypothesis import strategies as st

from core.conversation.view import Asks, Option, Page, View
from core.domain.gsm7 import cost, fits_page, folded
from core.text import Text, verbatim
from ussd.pages import UssdChannel

MENU = View(
    (verbatim("Loket"),),
    Asks.CHOICE,
    tuple(Option(f"key{number}", verbatim(f"Choice {number}")) for number in range(1, 9)),
    fixed=True,
    back=False,
)


class Plain:
    """Words as they are written in the source, which is English."""

    def say(self, text: Text, language: str) -> str:
        return text.message.format_map(text.values) if text.values else text.message


def shown(view: View, page: int = 0) -> Page:
    return UssdChannel().fit(view, page, language="en", words=Plain())


def all_pages(view: View) -> list[Page]:
    pages = [shown(view)]
    while pages[-1].more:
        pages.append(shown(view, len(pages)))
        assert len(pages) < 100
    return pages


def yes_or_no(*body: str) -> View:
    options = (Option("yes", verbatim("Yes")), Option("no", verbatim("No")))
    return View(tuple(map(verbatim, body)), Asks.CHOICE, options, fixed=True)


def biller_list(count: int) -> View:
    options = tuple(Option(f"biller{number}", verbatim(f"Biller {number}")) for number in range(1, count + 1))
    return View((verbatim("Whom?"),), Asks.CHOICE, options)


def test_a_question_stands_above_its_numbered_options_and_the_way_back():
    page = shown(yes_or_no("Pay Rp20.000?"))

    assert page.words == "Pay Rp20.000?\n1 Yes\n2 No\n0 Back"
    assert page.keys == {"1": "yes", "2": "no"}
    assert not page.more
    assert not page.final


def test_the_note_comes_first():
    view = View((verbatim("Your PIN?"),), Asks.SECRET, note=verbatim("That was not your PIN."), back=False)

    assert shown(view).words == "That was not your PIN.\nYour PIN?"


def test_a_menu_shows_five_and_more():
    page = shown(MENU)

    assert page.words == "Loket\n1 Choice 1\n2 Choice 2\n3 Choice 3\n4 Choice 4\n5 Choice 5\n9 More"
    assert page.more


def test_fixed_numbers_go_on_over_the_next_page_and_lead_back():
    assert shown(MENU, 1).words == "6 Choice 6\n7 Choice 7\n8 Choice 8\n0 Back"


def test_a_fixed_number_of_another_page_may_be_typed_on_any():
    assert shown(MENU, 0).keys == shown(MENU, 1).keys == {str(number): f"key{number}" for number in range(1, 9)}


def test_a_list_begins_again_at_one_on_each_page():
    page = shown(biller_list(7), 1)

    assert page.words == "1 Biller 6\n2 Biller 7\n0 Back"
    assert page.keys == {"1": "biller6", "2": "biller7"}


def test_a_page_beyond_the_last_is_the_last():
    assert shown(MENU, 99) == shown(MENU, 1)


def test_the_last_words_lead_nowhere():
    page = shown(View((verbatim("Paid. Token 1234 5678 9012 3456 7890"),), final=True))

    assert page == Page("Paid. Token 1234 5678 9012 3456 7890", final=True)


def test_last_words_that_are_too_long_end_only_with_the_last_page():
    view = View((verbatim("first " * 20), verbatim("second " * 20)), final=True)

    first, second = all_pages(view)

    assert first.words.endswith("\n9 More")
    assert not first.final
    assert second == Page(("second " * 20).strip(), final=True)


def test_two_options_are_never_torn_apart():
    options = (Option("yes", verbatim("Yes")), Option("no", verbatim("No, this is not the one I meant")))
    view = View((verbatim("x" * 130),), Asks.CHOICE, options)

    question, choice = all_pages(view)

    assert question.words == "x" * 130 + "\n9 More\n0 Back"
    assert choice.words == "1 Yes\n2 No, this is not the one I meant\n0 Back"


def test_brief_texts_stand_in_where_they_save_a_page():
    options = tuple(
        Option(f"pdam{number}", verbatim(f"Water company of town number {number}"), brief=verbatim(f"Town {number}"))
        for number in range(1, 6)
    )

    page = shown(View((), Asks.CHOICE, options))

    assert page.words == "1 Town 1\n2 Town 2\n3 Town 3\n4 Town 4\n5 Town 5\n0 Back"


def test_full_texts_are_shown_where_there_is_room():
    options = (Option("a", verbatim("Electricity token"), brief=verbatim("Token")),)

    assert shown(View((), Asks.CHOICE, options)).words == "1 Electricity token\n0 Back"


def test_an_option_longer_than_a_page_is_cut():
    page = shown(View((), Asks.CHOICE, (Option("long", verbatim("very " * 50)), Option("short", verbatim("short")))))

    assert page.words == f"1 {'very ' * 27}very...\n2 short\n0 Back"
    assert page.keys == {"1": "long", "2": "short"}


def test_a_long_line_is_torn_between_words():
    pages = all_pages(View((verbatim("electricity " * 30),), back=False))

    assert [page.words.split("\n")[0] for page in pages] == [" ".join(["electricity"] * count) for count in (12, 12, 6)]


def test_a_word_without_end_is_torn_where_the_page_ends():
    pages = all_pages(View((verbatim("7" * 300),), back=False))

    assert [len(page.words.split("\n")[0]) for page in pages] == [153, 147]


def test_a_currency_sign_and_a_no_break_space_cost_no_page():
    assert shown(View((verbatim("Total ₦\u00a05\u202f000"),), back=False)).words == "Total NGN 5 000"


def test_a_script_of_its_own_gets_pages_of_70_units():
    pages = all_pages(View(tuple(verbatim("नमस्ते " * 4) for _line in range(5)), back=False))

    assert len(pages) > 1
    assert all(cost(page.words)[0] <= 70 for page in pages)


def test_there_is_always_something_to_show():
    assert shown(View((verbatim("\x00"),), final=True)).words == "-"


# ---- any view there could be

# Without digits of any script, so that a line that begins with one is an option or leads on or back.
SIGNS = st.one_of(
    st.characters(codec=None, exclude_categories=["Nd"]),
    st.sampled_from("abc \n€[]ê₦\u00a0"),
    st.characters(min_codepoint=0x904, max_codepoint=0x94D),
)
TEXTS = st.text(SIGNS, max_size=220).map(verbatim)
SHORT_TEXTS = st.text(SIGNS, max_size=25).map(verbatim)


@st.composite
def views(draw: st.DrawFn) -> View:
    fixed = draw(st.booleans())
    wordings = draw(st.lists(st.tuples(SHORT_TEXTS | TEXTS, st.none() | SHORT_TEXTS), max_size=8 if fixed else 17))
    return View(
        body=tuple(draw(st.lists(TEXTS, max_size=4))),
        options=tuple(Option(f"key {place}", text, brief=brief) for place, (text, brief) in enumerate(wordings)),
        note=draw(st.none() | SHORT_TEXTS),
        fixed=fixed,
        back=draw(st.booleans()),
        final=draw(st.booleans()),
    )


@given(views())
def test_every_page_of_any_view_fits_a_phone(view: View):
    for page in all_pages(view):
        assert page.words
        assert fits_page(page.words)
        assert folded(page.words) == page.words
        assert len(option_lines(page)) <= 5


@given(views())
def test_every_option_of_any_view_appears_once_and_in_order(view: View):
    chosen = [page.keys[line.split()[0]] for page in all_pages(view) for line in option_lines(page)]

    assert chosen == [option.key for option in view.options]


@given(views())
def test_the_keys_of_any_page_tell_its_options_apart(view: View):
    for page in all_pages(view):
        assert len(set(page.keys.values())) == len(page.keys)
        assert {"0", "9"}.isdisjoint(page.keys)


@given(views())
def test_nothing_of_any_body_is_lost(view: View):
    texts = view.body if view.note is None else (view.note, *view.body)

    read = [line for page in all_pages(view) for line in page.words.split("\n") if line[0] not in "0123456789"]

    assert bare(*read) == bare(*(folded(Plain().say(text, "en")) for text in texts)) or read == ["-"]


@given(views())
def test_only_the_last_page_of_any_view_can_end_the_session(view: View):
    *before, last = all_pages(view)

    assert last.final is view.final
    assert all(page.more and page.words.split("\n").count("9 More") == 1 for page in before)
    assert not any(page.final for page in before)


def option_lines(page: Page) -> list[str]:
    return [line for line in page.words.split("\n") if line[0] in "12345678"]


def bare(*words: str) -> str:
    return "".join("".join(words).split())
