"""What flows ask of a catalogue, on a country that fits on one screen."""

from dataclasses import FrozenInstanceError, replace
from datetime import time
from pathlib import Path

import pytest

from core.catalogue import Category, CounterCatalogue, load
from core.catalogue.plain_words import plain_words
from core.domain.biller import Product
from core.domain.money import Money
from core.text import Text
from tests.catalogue.small_country import POWER, written


@pytest.fixture
def catalogue(tmp_path: Path) -> CounterCatalogue:
    return load("id", folder=written(tmp_path))


def names(products: tuple[Product, ...]) -> list[str]:
    return [product.product_id for product in products]


def test_a_product_reads_as_its_table_does(catalogue: CounterCatalogue):
    token = catalogue.product("token")

    assert (token.biller.name, token.biller.short) == ("The State's Company for Power", "State Power")
    assert (token.category, token.biller.icon, token.biller.spoken) == ("power", "⚡", "State Power")
    assert (token.prepaid, token.gives_token, token.inquiry) == (True, True, False)
    assert token.fee == Money.of(2500, "IDR")
    assert [one.price for one in token.denominations] == [Money.of(20000, "IDR"), Money.of(50000, "IDR")]
    assert token.codes_of("50") == {"switch": "t50"}


def test_a_bill_has_codes_of_its_own_and_rests_at_night(catalogue: CounterCatalogue):
    bill = catalogue.product("bill")

    assert (bill.prepaid, bill.denominations, bill.codes_of("")) == (False, (), {"switch": "bill"})
    assert bill.commission == Money.of(1800, "IDR")
    assert bill.hours is not None
    assert bill.hours.closed_at(time(23, 30))
    assert not bill.hours.closed_at(time(1, 0))


def test_a_biller_described_once_is_paid_for_all_its_products(catalogue: CounterCatalogue):
    assert catalogue.product("bill").biller == catalogue.product("token").biller


def test_a_name_has_a_brief_form_where_the_biller_has_one(catalogue: CounterCatalogue):
    token, bill = catalogue.product("token"), catalogue.product("bill")

    assert token.name == Text("{biller} token", {"biller": "The State's Company for Power"})
    assert token.brief == Text("{biller} token", {"biller": "State Power"})
    assert bill.name == bill.brief == Text("Electricity bill")
    assert catalogue.product("red").brief is None


def test_airtime_says_what_arrives_and_data_how_long_it_lasts(catalogue: CounterCatalogue):
    airtime, data = catalogue.product("red").denomination("10"), catalogue.product("blue").denomination("1")

    assert airtime.words == Text("{price}", {"price": Money.of(10000, "IDR")})
    assert airtime.price == Money.of(12000, "IDR")
    assert (data.words.message, data.words.count, data.words.values["name"]) == ("{name}, {count} day", 30, "1 GB")


def test_what_a_file_says_of_each_product_a_product_may_say_otherwise(tmp_path: Path):
    own = "[each]\ncommission = 700\nreference.prefixes = ['1']\n" + POWER

    products = load("id", folder=written(tmp_path, power=own)).products

    assert [products[name].commission.major for name in ("token", "bill")] == [700, 1800]
    assert products["bill"].reference.prefixes == ("1",)


def test_categories_stand_in_the_order_of_the_menu(catalogue: CounterCatalogue):
    assert [category.category_id for category in catalogue.categories] == ["power", "airtime"]
    assert catalogue.category("power") == Category("power", Text("Electricity"), "⚡", known_as=("listrik",))
    assert names(catalogue.in_category("power")) == ["token", "bill"]
    assert catalogue.in_category("nothing") == ()


def test_a_route_leads_to_one_product_for_ever(catalogue: CounterCatalogue):
    assert catalogue.by_route(12) is catalogue.product("bill")
    assert catalogue.by_route(13) is None


@pytest.mark.parametrize("number", ["0812-3456-7890", "+6281234567890", "٠٨١٢٣٤٥٦٧٨٩٠", "0811 234 567"])
def test_a_number_tells_its_operator_however_it_is_written(number: str, catalogue: CounterCatalogue):
    assert catalogue.by_number("airtime", number) is catalogue.product("red")


@pytest.mark.parametrize(
    "number", ["+2348123456789", "0838 1234 5678", "0812", "08123456789012345", "red", "", "0212345678"]
)
def test_a_number_of_nobody_here_tells_no_operator(number: str, catalogue: CounterCatalogue):
    assert catalogue.by_number("airtime", number) is None


def test_a_country_without_data_sells_none(catalogue: CounterCatalogue):
    assert catalogue.by_number("data", "081234567890") is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("listrik", ["token", "bill"]),
        ("ELECTRICITY bill", ["bill"]),
        ("state tok", ["token"]),
        ("Red", ["red"]),
        ("red bill", []),
        ("oken", []),
        ("  ", []),
        ("?!", []),
    ],
)
def test_words_find_the_products_they_begin_a_name_of(words: str, found: list[str], catalogue: CounterCatalogue):
    assert names(catalogue.find(words)) == found


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("electricity", {"token", "bill"}),  # a category
        ("listrik", {"token", "bill"}),  # as people call it
        ("state power", {"token", "bill"}),  # a biller
        ("electricity bill", {"bill"}),  # a product
        ("red", {"red"}),
        ("airtime", {"red", "blue"}),
    ],
)
def test_names_are_words_that_people_may_use(words: str, meant: set[str], catalogue: CounterCatalogue):
    assert catalogue.words[tuple(words.split())] == meant


def test_a_product_and_a_biller_may_be_known_by_other_words(tmp_path: Path):
    known = POWER.replace("gives_token = true", 'gives_token = true\nknown_as = ["stroom"]\nbiller.known_as = ["pln"]')
    catalogue = load("id", folder=written(tmp_path, power=known))

    assert catalogue.words["stroom",] == {"token"}
    assert catalogue.words["pln",] == {"token", "bill"}


def test_a_word_said_again_where_it_means_the_same_is_no_fault(tmp_path: Path):
    known = POWER.replace("gives_token = true", 'gives_token = true\nknown_as = ["token", "token"]')

    assert load("id", folder=written(tmp_path, power=known)).words["token",] == {"token"}


def test_what_is_typed_is_compared_in_small_letters_without_accents():
    assert plain_words("  PULSA-Listrík, 50rb ") == ("pulsa", "listrik", "rb")


def test_what_is_off_sale_is_kept_for_its_old_payments_and_shown_nowhere(tmp_path: Path):
    off = POWER.replace("route = 12", "route = 12\non_sale = false")
    catalogue = load("id", folder=written(tmp_path, power=off))

    assert catalogue.product("bill").name == Text("Electricity bill")
    assert names(catalogue.in_category("power")) == ["token"]
    assert catalogue.by_route(12) is None
    assert catalogue.find("bill") == ()


def test_what_never_was_is_a_key_error(catalogue: CounterCatalogue):
    with pytest.raises(KeyError):
        catalogue.product("gas")
    with pytest.raises(KeyError):
        catalogue.category("gas")


def test_nothing_of_a_catalogue_can_be_changed(catalogue: CounterCatalogue):
    token = catalogue.product("token")

    with pytest.raises(TypeError):
        catalogue.products["token"] = replace(token, route=99)  # type: ignore[index] # the attempt is the test
    with pytest.raises(TypeError):
        token.codes_of("20")["switch"] = "t21"  # type: ignore[index] # the attempt is the test
    with pytest.raises(FrozenInstanceError):
        token.route = 99  # type: ignore[misc] # the attempt is the test
