"""What Indonesia's counter sells: true to its billers, payable, and sayable on any phone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sandbox.products import price_list
from core.catalogue import load
from core.domain.biller import Product

INDONESIA = load("id")
PRODUCTS = list(INDONESIA.products.values())
PREPAID = [product for product in PRODUCTS if product.prepaid]
OPERATORS = ["telkomsel", "indosat", "xl", "axis", "tri", "smartfren"]
GSM_7 = re.compile(r"[A-Za-z0-9 .,&'()/-]+")

every_product = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.product_id)


def test_it_is_loaded_once():
    assert load("id") is INDONESIA


def test_it_stands_in_jakarta():
    assert (INDONESIA.currency, INDONESIA.time_zone, INDONESIA.phone_region) == ("IDR", "Asia/Jakarta", "ID")


@pytest.mark.parametrize(
    ("category", "at_least"),
    [
        ("electricity", ["pln-token", "pln-bill"]),
        ("airtime", [f"{name}-airtime" for name in OPERATORS]),
        ("data", [f"{name}-data" for name in OPERATORS]),
        ("health", ["bpjs"]),
        ("phone_internet", ["telkom", "indihome"]),
        ("loans", ["fif", "adira"]),
        ("tv", ["transvision", "nex-parabola"]),
        ("gas", ["pgn"]),
        ("emoney", ["gopay", "ovo", "dana", "shopeepay"]),
    ],
)
def test_a_real_counter_sells_this(category: str, at_least: list[str]):
    assert set(at_least) <= {product.product_id for product in INDONESIA.in_category(category)}


def test_water_is_paid_in_at_least_ten_towns():
    towns = INDONESIA.in_category("water")

    assert len({product.biller.biller_id for product in towns}) >= 10
    assert [product.biller.short for product in towns] == sorted(product.biller.short for product in towns)


def test_an_electricity_token_is_bought_after_asking_whose_meter_it_is():
    token = INDONESIA.product("pln-token")

    assert (token.inquiry, token.gives_token) == (True, True)
    assert [one.price.major for one in token.denominations] == [20000, 50000, 100000, 200000, 500000, 1000000]


# ---- money


@pytest.mark.parametrize("product", PREPAID, ids=lambda product: product.product_id)
def test_a_price_is_whole_and_never_below_what_the_provider_takes(product: Product):
    costs = price_list()

    for one in product.denominations:
        paid = one.price + product.fee
        assert paid.minor % 100 == 0
        assert paid.major >= max(1, costs[one.codes["digiflazz"]].price)


@every_product
def test_the_provider_knows_every_code(product: Product):
    codes = [one.codes for one in product.denominations] or [product.codes]

    assert {code["digiflazz"] for code in codes} <= price_list().keys()


@pytest.mark.parametrize("product", [p for p in PRODUCTS if not p.prepaid], ids=lambda product: product.product_id)
def test_a_bill_costs_no_fee_beside_the_one_its_inquiry_brings(product: Product):
    assert product.fee.minor == 0
    assert product.commission.minor > 0


# ---- numbers


prefixes = st.sampled_from([(p, prefix) for p in INDONESIA.in_category("airtime") for prefix in p.reference.prefixes])


@given(prefixes, st.integers(min_value=0, max_value=10**9 - 1), st.sampled_from([6, 7, 8, 9]))
def test_every_number_of_a_known_prefix_is_of_one_operator(known: tuple[Product, str], rest: int, digits: int):
    operator, prefix = known
    number = f"{prefix}{rest:09}"[: 4 + digits]

    takers = [product for product in INDONESIA.in_category("airtime") if product.reference.takes(number)]

    assert takers == [operator] == [INDONESIA.by_number("airtime", f"+62{number[1:]}")]
    data = INDONESIA.by_number("data", number)
    assert data is not None
    assert data.biller.biller_id == operator.biller.biller_id


@pytest.mark.parametrize(
    ("number", "operator"),
    [
        ("081100000000", "telkomsel"),
        ("085100000000", "telkomsel"),
        ("081400000000", "indosat"),
        ("085800000000", "indosat"),
        ("087800001230", "xl"),
        ("085900000000", "xl"),
        ("083800000000", "axis"),
        ("089500000000", "tri"),
        ("088900000000", "smartfren"),
    ],
)
def test_published_prefixes_are_here(number: str, operator: str):
    airtime = INDONESIA.by_number("airtime", number)

    assert airtime is not None
    assert airtime.biller.biller_id == operator


@pytest.mark.parametrize(
    ("product_id", "number"),
    [
        ("pln-token", "12345678901"),
        ("pln-token", "530000000001"),
        ("pln-bill", "530000000004"),
        ("bpjs", "8801234560001"),
        ("bpjs", "8888801234567890"),
        ("pdam-bandung", "10202001"),
        ("telkom", "0210000000"),
        ("pgn", "0110014601"),
        ("gopay", "+6281234567890"),
    ],
)
def test_numbers_that_providers_document_are_taken(product_id: str, number: str):
    assert INDONESIA.product(product_id).reference.takes(number)


@pytest.mark.parametrize(
    ("product_id", "number"),
    [
        ("pln-token", "1234567890"),
        ("pln-bill", "12345678901"),
        ("bpjs", "88012345600"),
        ("gopay", "0212345678"),
        ("telkomsel-airtime", "087800000000"),
        ("pln-token", "1234567890a"),
    ],
)
def test_numbers_that_cannot_be_are_refused_before_anyone_is_asked(product_id: str, number: str):
    assert not INDONESIA.product(product_id).reference.takes(number)


# ---- names


@every_product
def test_an_option_fits_a_line_of_a_small_screen(product: Product):
    shown = (product.brief or product.name).message.format(biller=product.biller.short)

    assert len(shown) <= 20
    assert GSM_7.fullmatch(shown)


def test_a_category_fits_a_line_of_a_small_screen():
    assert [category.name.message for category in INDONESIA.categories if len(category.name.message) > 20] == []


@every_product
def test_a_biller_can_be_shown_as_a_picture_and_said_aloud(product: Product):
    assert not product.biller.icon.isascii()
    assert GSM_7.fullmatch(product.biller.spoken)
    assert not re.search(r"[A-Z]{2}", product.biller.spoken), "letters that are spelled stand apart"


@pytest.mark.parametrize(
    ("words", "first"),
    [("listrik", "pln-token"), ("pdam solo", "pdam-solo"), ("bpjs", "bpjs"), ("cicilan fif", "fif"), ("dana", "dana")],
)
def test_people_find_a_biller_by_the_words_they_use(words: str, first: str):
    assert INDONESIA.find(words)[0].product_id == first


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("token", ["pln-token"]),
        ("luku", ["pln-token"]),
        ("pulsa listrik", ["pln-token"]),
        ("umeme", ["pln-bill", "pln-token"]),
        ("pulsa", sorted(f"{name}-airtime" for name in OPERATORS)),
        ("vocha", sorted(f"{name}-airtime" for name in OPERATORS)),
        ("tsel", ["telkomsel-airtime", "telkomsel-data"]),
        ("jogja", ["pdam-yogya"]),
        ("health insurance", ["bpjs"]),
        ("wifi", ["indihome"]),
    ],
)
def test_a_word_of_the_street_means_what_people_mean(words: str, meant: list[str]):
    assert sorted(INDONESIA.words[tuple(words.split())]) == meant


def test_a_word_that_would_be_a_guess_is_none():
    assert ("internet",) not in INDONESIA.words


def test_the_keys_of_the_main_menu_are_no_routes():
    assert all(INDONESIA.by_route(key) is None for key in range(10))
