"""What a person types where a menu is shown: understood in three languages, or not at all, and never guessed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.catalogue import load
from core.conversation.wishes import FILLERS, KINDS, understood
from core.ports import PriceLine
from core.services.prices import KeepPrices
from tests.support.counters import PIN, Bench, bench
from tests.support.walk import Phone

INDONESIA = load("id")
METER, CUSTOMER, PHONE = "12345678901", "530000000001", "081234567890"

# A sentence, the products that may be meant, the denomination, the number.
SENTENCES = [
    # electricity
    ("token 50", "pln-token", "50", ""),
    ("Token 50", "pln-token", "50", ""),
    ("token 50000", "pln-token", "50", ""),
    ("token 50.000", "pln-token", "50", ""),
    ("token 50,000", "pln-token", "50", ""),
    ("token Rp50.000", "pln-token", "50", ""),
    ("token Rp. 50.000,-", "pln-token", "50", ""),
    ("token rp 50.000,00", "pln-token", "50", ""),
    ("token IDR 50000", "pln-token", "50", ""),
    ("token 50rb", "pln-token", "50", ""),
    ("token Rp50rb", "pln-token", "50", ""),
    ("token 50 ribu rupiah", "pln-token", "50", ""),
    ("token 50k", "pln-token", "50", ""),
    ("token 1jt", "pln-token", "1000", ""),
    ("token 1.000.000", "pln-token", "1000", ""),
    ("token ٥٠", "pln-token", "50", ""),
    ("TOKÉN 50", "pln-token", "50", ""),
    ("beli token listrik 50rb untuk 12345678901 ya", "pln-token", "50", METER),
    ("12345678901 token 50", "pln-token", "50", METER),
    ("token 50 12345678901", "pln-token", "50", METER),
    ("token 50 1234 5678 901", "pln-token", "50", METER),
    ("1234 5678 901 token 50", "pln-token", "50", METER),
    ("1234-5678-901 50 token", "pln-token", "50", METER),
    ("token 12.345.678.901", "pln-token", None, METER),
    ("token ١٢٣٤٥٦٧٨٩٠١", "pln-token", None, METER),
    ("tolong isi pulsa listrik 100", "pln-token", "100", ""),
    ("buy electricity token 100k please", "pln-token", "100", ""),
    ("nunua umeme 50 elfu", "pln-token", "50", ""),
    ("naomba luku elfu 50 kwa mita 12345678901", "pln-token", "50", METER),
    ("listrik", "pln-token pln-bill", None, ""),
    ("listrik 50", "pln-token", "50", ""),
    ("bayar tagihan listrik", "pln-bill", None, ""),
    ("pay my electricity bill 530000000001", "pln-bill", None, CUSTOMER),
    ("lipa bili ya umeme", "pln-bill", None, ""),
    ("listrik prabayar", "pln-token", None, ""),
    ("pln 530000000001", "pln-token pln-bill", None, CUSTOMER),
    ("pln 12345678901", "pln-token", None, METER),
    # airtime and data
    ("pulsa 10000 081234567890", "telkomsel-airtime", "10", PHONE),
    ("pulsa 10000 0812-3456-7890", "telkomsel-airtime", "10", PHONE),
    ("pulsa 10 0812 3456 7890", "telkomsel-airtime", "10", PHONE),
    ("0812 3456 7890 pulsa 10", "telkomsel-airtime", "10", PHONE),
    ("pulsa 10rb +62 812-3456-7890", "telkomsel-airtime", "10", "+6281234567890"),
    ("pulsa 6281234567890", "telkomsel-airtime", None, "6281234567890"),
    ("buy airtime 10 for 0857 1234 5678", "indosat-airtime", "10", "085712345678"),
    ("nunua vocha ya simu elfu 10 kwa 081234567890", "telkomsel-airtime", "10", PHONE),
    ("telkomsel", "telkomsel-airtime telkomsel-data", None, ""),
    ("telkomsel 50", "telkomsel-airtime", "50", ""),
    ("pulsa telkomsel 50", "telkomsel-airtime", "50", ""),
    ("telkomsel 081234567890", "telkomsel-airtime telkomsel-data", None, PHONE),
    ("telkomsel 3gb 081234567890", "telkomsel-data", "3", PHONE),
    ("paket data 3 GB 081234567890", "telkomsel-data", "3", PHONE),
    ("paket data 10rb 081234567890", "telkomsel-data", None, PHONE),
    ("pulsa indosat 081234567890", "indosat-airtime", None, PHONE),
    # others
    ("bpjs 8801234560001", "bpjs", None, "8801234560001"),
    ("lipa bima ya afya", "bpjs", None, ""),
    ("air bandung 10202001", "pdam-bandung", None, "10202001"),
    ("PDAM Solo 12345", "pdam-solo", None, "12345"),
    ("bayar cicilan fif", "fif", None, ""),
    ("isi saldo gopay 50 081234567890", "gopay", "50", PHONE),
    ("k-vision 50 1234567890", "k-vision", "50", "1234567890"),
    ("wifi", "indihome", None, ""),
    # an amount that is not sold, and a number that cannot be: asked again where they belong
    ("token 30", "pln-token", None, ""),
    ("token 1000", "pln-token", None, ""),
    ("token 7391", "pln-token", None, ""),
    ("token 1234567890", "pln-token", None, "1234567890"),
    ("token 50 1234567890", "pln-token", "50", "1234567890"),
    # a number alone
    (METER, "pln-token", None, METER),
    ("1234 5678 901", "pln-token", None, METER),
    (f"{METER} 50", "pln-token", "50", METER),
    (PHONE, "telkomsel-airtime", None, PHONE),
    ("+62 812 3456 7890", "telkomsel-airtime", None, "+6281234567890"),
    ("nomor 62 857 1234 5678 ya", "indosat-airtime", None, "6285712345678"),
    (f"50rb {PHONE}", "telkomsel-airtime", "50", PHONE),
]


@pytest.mark.parametrize(("sentence", "products", "wanted", "number"), SENTENCES)
def test_a_sentence_is_understood(sentence: str, products: str, wanted: str | None, number: str):
    wish = understood(sentence, INDONESIA)

    assert wish is not None
    assert " ".join(one.product_id for one in wish.products) == products
    assert (wish.wanted.get("wanted"), wish.number) == (wanted, number)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "1",
        "7391",
        "12345",
        "739146",
        "1234567",
        "50rb",
        "beli",
        "isi saldo",
        "bayar tagihan",
        "token pulsa",
        "pulsa data",
        "bpjs dan listrik",
        "token saya tidak masuk",
        "the token did not come",
        "sijapata tokeni",
        "token 50 100 12345678901",
        "token 50rb 100rb",
        "token 1,5jt",
        "token 50 ١٢٣٤٥٦٧٨٩٠١",
        "pulsa 0812 345 678 50",
        "internet",
        "²",
        "1_000",
        "=1+1",
        "'; DROP TABLE wallets; --",
        "\ud800",
        "9" * 5_000,
    ],
)
def test_what_is_not_understood_is_no_wish(sentence: str):
    assert understood(sentence, INDONESIA) is None


@pytest.mark.parametrize(
    ("number", "first"),
    [
        (CUSTOMER, ["pln-token", "pln-bill"]),  # a house has either, and water may count like this too
        ("8801234560001", ["bpjs"]),
        ("81234567890", ["pln-token", "telkomsel-airtime", "telkomsel-data"]),  # no 0: a phone, or a meter
        ("10202001", ["pdam-balikpapan", "pdam-bandung"]),
    ],
)
def test_a_number_that_several_take_is_asked_about(number: str, first: list[str]):
    wish = understood(number, INDONESIA)

    assert wish is not None
    assert [one.product_id for one in wish.products][: len(first)] == first
    assert {one.product_id for one in INDONESIA.on_sale if one.reference.takes(number)} == {
        one.product_id for one in wish.products
    }


words = st.sampled_from(
    sorted(
        {*(" ".join(phrase) for phrase in INDONESIA.words), *FILLERS, *KINDS, "rb", "Rp", "gb", "elfu", "+62", "tidak"}
    )
)
numbers = st.from_regex(r"\+?[0-9][0-9 .,\-]{0,20}[0-9]", fullmatch=True)


@given(st.one_of(st.text(), st.lists(st.one_of(words, numbers, st.text(max_size=3)), max_size=8).map(" ".join)))
@example("token \u0661\u0967")
@example("\u0130")
def test_whatever_is_typed_is_understood_or_not_and_never_raises(sentence: str):
    wish = understood(sentence, INDONESIA)

    assert wish is None or (wish.products and all(one.on_sale for one in wish.products))


@given(st.from_regex(r"\s*\d{1,7}\s*", fullmatch=True))
def test_few_digits_alone_may_be_a_pin(digits: str):
    assert understood(digits, INDONESIA) is None


def test_a_word_that_fills_names_nothing():
    assert not {(word,) for word in {*FILLERS, *KINDS}} & INDONESIA.words.keys()


# ---- on the phone


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as opened:
        await opened.customer(rupiah=500_000)
        yield opened


@pytest.fixture
async def phone(counter: Bench) -> Phone:
    phone = Phone(counter)
    await phone.dial()
    return phone


SITIS_TOKEN = """Electricity token 12345678901
SITI A***
Rp50,000 + fee Rp2,500
Total Rp52,500
To pay, type your PIN.
0 Back"""


async def test_all_in_one_sentence_is_at_the_pin(phone: Phone):
    page = await phone.type("beli token 50rb untuk 12345678901")

    assert page.words == SITIS_TOKEN


async def test_without_a_number_the_amount_is_remembered_until_it_is_there(phone: Phone):
    asked = await phone.type("token 50")
    wrong = await phone.type("123")
    right = await phone.type(METER)

    assert asked.words == "PLN\nType the meter number.\n0 Back"
    assert wrong.words.startswith("This meter number is not right.")
    assert right.words == SITIS_TOKEN


async def test_the_only_number_kept_for_it_is_taken(phone: Phone):
    await _keep(phone, METER)

    assert (await phone.type("token 50")).words == SITIS_TOKEN


async def test_of_two_numbers_kept_none_is_guessed(phone: Phone):
    await _keep(phone, METER)
    await _keep(phone, "12345678902")

    assert (await phone.type("token 50")).words == "PLN\nType the meter number.\n0 Back"


async def test_an_amount_that_is_not_sold_is_asked_from_the_list(phone: Phone):
    page = await phone.type(f"token 30 {METER}")

    assert page.words.startswith("PLN\nSITI A***\nHow much?\n1 Rp20,000\n")


async def test_an_amount_that_is_off_sale_now_is_asked_from_the_list(counter: Bench, phone: Phone):
    line = PriceLine("digiflazz", "pln50", "PLN 50.000", False, 5_012_500, "IDR", "", counter.clock.now())
    await counter.store.commit(KeepPrices("digiflazz", (line,), ()))

    page = await phone.type(f"token 50 {METER}")

    assert "How much?" in page.words


async def test_who_goes_back_chooses_another_amount(phone: Phone):
    await phone.type(f"token 50 {METER}")

    amounts = await phone.type("0")
    other = await phone.type("1")

    assert "How much?" in amounts.words
    assert "Rp20,000 + fee" in other.words
    await phone.type("0")
    await phone.type("0")
    assert "How much?" in (await phone.type(METER)).words, "the amount of the sentence is forgotten"


async def test_airtime_without_a_number_asks_whose(phone: Phone):
    whose = await phone.type("pulsa 10")
    mine = await phone.type("1")

    assert whose.words.startswith("Airtime: for which number?")
    assert mine.words.startswith(f"Telkomsel airtime Rp10,000 {PHONE}\nTotal Rp12,000\n")


async def test_a_pasted_phone_number_is_for_airtime_of_its_operator(phone: Phone):
    page = await phone.type("+62 857-1234-5678")

    assert page.words.startswith("Indosat\n085712345678\nHow much?")


async def test_a_foreign_number_is_refused_where_numbers_are_asked(phone: Phone):
    page = await phone.type("pulsa 10 +447700900123")

    assert page.words.startswith("No operator here has this number.")


async def test_a_number_of_two_products_is_asked_about(phone: Phone):
    asked = await phone.type(CUSTOMER)
    bill = await phone.type("2")

    assert asked.words.startswith(
        "What is this number for?\n1 Electricity token\n2 Electricity bill\n3 PDAM Balikpapan\n"
    )
    assert bill.words.startswith(f"Electricity bill {CUSTOMER}\nBUDI S***\n")


async def test_the_amount_waits_while_the_product_is_asked(phone: Phone):
    asked = await phone.type(f"dompet 50 {PHONE}")
    gopay = await phone.type("1")

    assert asked.words.startswith("What is this number for?\n1 GoPay top-up\n2 OVO top-up\n")
    assert gopay.words.startswith(f"GoPay top-up {PHONE}\nRp50,000 + fee Rp1,500\n")


async def test_an_operator_without_a_number_is_asked_about(phone: Phone):
    asked = await phone.type("telkomsel")
    airtime = await phone.type("1")

    assert asked.words.startswith("What do you want to pay?\n1 Telkomsel airtime\n2 Telkomsel data\n")
    assert airtime.words.startswith("Telkomsel\nType the phone number.")


async def test_a_category_is_its_list(phone: Phone):
    page = await phone.type("lipa maji")

    assert page.words.startswith("Which one do you want to pay?\n1 PDAM Balikpapan\n")


async def test_a_sentence_is_heard_on_any_list(phone: Phone):
    await phone.type("3")
    await phone.type("4")

    assert (await phone.type("pdam solo 10202001")).words.startswith("PDAM Toya Wening Solo 10202001\n")


@pytest.mark.parametrize("typed", ["7391", "token pulsa", "halo"])
async def test_what_is_no_wish_is_asked_again(phone: Phone, typed: str):
    page = await phone.type(typed)

    assert page.words.startswith("Please choose from the list.\nWhat do you want to do?")


async def _keep(phone: Phone, meter: str) -> None:
    """Buy a token for a meter, keep its number, and go home."""
    for typed in ("1", meter, "1"):
        await phone.type(typed)
    paid = await phone.type(PIN)
    assert "1 Keep this number" in paid.words
    await phone.type("1")
