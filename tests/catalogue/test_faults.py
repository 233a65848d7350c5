"""Whoever writes a catalogue is told in one sentence where it is wrong: file, key, fault."""

from pathlib import Path

import pytest

from core.catalogue import CatalogueError, load
from tests.catalogue.small_country import AIRTIME, COUNTRY, POWER, with_line, written

# File, a line of it, what stands there instead, and what the operator reads.
BROKEN_LINES = [
    # money
    ("power.toml", "fee = 2500", "fee = 2500.5", "token.fee: must be a whole amount of IDR, is 2500.5"),
    ("power.toml", "fee = 2500", "fee = 2500.0", "token.fee: must be a whole amount of IDR, is 2500.0"),
    ("power.toml", "fee = 2500", "fee = true", "token.fee: must be a whole amount of IDR, is true"),
    ("power.toml", "fee = 2500", 'fee = "2500"', 'token.fee: must be a whole amount of IDR, is "2500"'),
    ("power.toml", "fee = 2500", "fee = -1", "token.fee: must be at least 0, is -1"),
    ("power.toml", "fee = 2500", "", "token.fee: is missing"),
    ("power.toml", "commission = 1800", "commission = 1e3", "bill.commission: must be a whole amount of IDR, is 1E+3"),
    (
        "power.toml",
        '50 = { price = 50000, codes.switch = "t50" }',
        '50 = { price = 20000, codes.switch = "t50" }',
        "token.denominations.50: must cost more than 20 before it",
    ),
    (
        "power.toml",
        '50 = { price = 50000, codes.switch = "t50" }',
        '50 = { price = 0, codes.switch = "t50" }',
        "token.denominations.50.price: must be at least 1, is 0",
    ),
    (
        "power.toml",
        '50 = { price = 50000, codes.switch = "t50" }',
        '50 = { price = 50000, worth = 0.5, codes.switch = "t50" }',
        "token.denominations.50.worth: must be a whole amount of IDR, is 0.5",
    ),
    (
        "power.toml",
        '50 = { price = 50000, codes.switch = "t50" }',
        'fifty = { price = 50000, codes.switch = "t50" }',
        "token.denominations.fifty: must be a number that people can dial, 1 to 9999",
    ),
    # codes
    (
        "power.toml",
        '50 = { price = 50000, codes.switch = "t50" }',
        "50 = { price = 50000 }",
        "token.denominations.50.codes: is missing: which provider sells it, under which code?",
    ),
    (
        "power.toml",
        '50 = { price = 50000, codes.switch = "t50" }',
        '50 = { price = 50000, codes.switch = "t20" }',
        "token.denominations.50.codes.switch: code t20 is already taken by token in power.toml",
    ),
    (
        "airtime.toml",
        '10 = { worth = 10000, price = 12000, codes.switch = "r10" }',
        '10 = { worth = 10000, price = 12000, codes.switch = "bill" }',
        "red.denominations.10.codes.switch: code bill is already taken by bill in power.toml",
    ),
    (
        "power.toml",
        'codes.switch = "bill"',
        "",
        "bill.codes: is missing: which provider sells it, under which code?",
    ),
    ("power.toml", 'codes.switch = "bill"', "codes.switch = 7", "bill.codes.switch: must be text, is 7"),
    # keys
    ("power.toml", "route = 12", "rout = 12", "bill.rout: is not known here, did you mean route?"),
    ("power.toml", "route = 12", "route = 12\ncolour = 1", "bill.colour: is not known here"),
    (
        "power.toml",
        'biller.icon = "⚡"',
        'biller.icn = "⚡"',
        "token.biller.icn: is not known here, did you mean icon?",
    ),
    (
        "power.toml",
        "reference.lengths = [11]",
        "reference.length = 11",
        "token.reference.length: is not known here, did you mean lengths?",
    ),
    ("power.toml", "[bill]", "[Bill_]", "Bill_: must be named in small letters, digits and single dashes"),
    ("airtime.toml", "fee = 0", "feee = 0", "red.feee: is not known here, did you mean fee?"),
    # routes
    ("power.toml", "route = 12", "route = 9", "bill.route: must be at least 10, is 9"),
    ("power.toml", "route = 12", 'route = "12"', 'bill.route: must be a whole number, is "12"'),
    ("power.toml", "route = 12", "route = 11", "bill.route: route 11 is already taken by token in power.toml"),
    ("airtime.toml", "route = 22", "route = 12", "blue.route: route 12 is already taken by bill in power.toml"),
    ("power.toml", "route = 12", "route = 13", "bill.route: route 13 is retired: people still dial it"),
    # the biller
    ("power.toml", 'biller.icon = "⚡"', "", "token.biller.icon: is missing"),
    ("power.toml", 'biller.spoken = "State Power"', "", "token.biller.spoken: is missing"),
    ("power.toml", 'biller.icon = "⚡"', 'biller.icon = ""', 'token.biller.icon: must be one line of words, is ""'),
    (
        "power.toml",
        'biller.brief = "State Power"',
        "",
        "token.biller.brief: must be a name of at most 20 letters, for small screens",
    ),
    ("power.toml", 'biller = "state-power"', 'biller = "gas"', 'bill.biller: no product describes a biller "gas"'),
    ("power.toml", 'biller = "state-power"', "biller = 3", "bill.biller: must be a table, is 3"),
    ("airtime.toml", 'biller.id = "blue"', 'biller.id = "red"', "blue.biller.id: red is described twice"),
    # names
    (
        "power.toml",
        'name = "Electricity bill"',
        'name = "Bill of {month}"',
        'bill.name: may have only {biller} in braces, is "Bill of {month}"',
    ),
    (
        "power.toml",
        'name = "Electricity bill"',
        'name = "Bill {"',
        'bill.name: may have only {biller} in braces, is "Bill {"',
    ),
    (
        "power.toml",
        'reference.name = "meter number"',
        'reference.name = "{biller} number"',
        'token.reference.name: may have nothing in braces, is "{biller} number"',
    ),
    (
        "power.toml",
        'name = "Electricity bill"',
        'name = "Two\\nlines"',
        'bill.name: must be one line of words, is "Two\nlines"',
    ),
    # the customer's number
    (
        "power.toml",
        'reference.example = "12345678901"',
        'reference.example = "123"',
        'token.reference.example: does not pass its own rule, is "123"',
    ),
    (
        "power.toml",
        'reference.example = "12345678903"',
        'reference.example = "12345678904"',
        'bill.reference.example: does not pass its own rule, is "12345678904"',
    ),
    (
        "airtime.toml",
        'reference.example = "081700000000"',
        'reference.example = "081200000000"',
        'blue.reference.example: does not pass its own rule, is "081200000000"',
    ),
    (
        "power.toml",
        'reference.check = "luhn"',
        'reference.check = "mod11"',
        'bill.reference.check: must be luhn, is "mod11"',
    ),
    (
        "power.toml",
        "reference.lengths = [11, 12]",
        "reference.lengths = [12, 11]",
        "bill.reference.lengths: must rise to 20 digits at most, is [12, 11]",
    ),
    (
        "power.toml",
        "reference.lengths = [11, 12]",
        "reference.lengths = [11, 99]",
        "bill.reference.lengths: must rise to 20 digits at most, is [11, 99]",
    ),
    ("power.toml", "reference.lengths = [11]", "", "token.reference.lengths: is missing"),
    (
        "power.toml",
        "reference.lengths = [11]",
        "reference.lengths = 11",
        "token.reference.lengths: must be a list of whole numbers above 0, is 11",
    ),
    (
        "airtime.toml",
        'reference.prefixes = ["0817"]',
        'reference.prefixes = ["+62817"]',
        'blue.reference.prefixes: must be digits, has "+62817"',
    ),
    (
        "airtime.toml",
        'reference.prefixes = ["0817"]',
        "reference.prefixes = [817]",
        "blue.reference.prefixes: must be a list of words, is [817]",
    ),
    # whose number it is
    (
        "airtime.toml",
        'reference.prefixes = ["0817"]',
        'reference.prefixes = ["0817", "0812"]',
        "blue.reference.prefixes: numbers with 0812 already belong to red in airtime.toml",
    ),
    (
        "airtime.toml",
        'reference.prefixes = ["0817"]',
        'reference.prefixes = ["0817", "08125"]',
        "blue.reference.prefixes: numbers with 0812 already belong to red in airtime.toml",
    ),
    (
        "airtime.toml",
        'reference.prefixes = ["0817"]',
        "",
        "blue.reference.prefixes: is missing: in this category the number tells the product",
    ),
    # kinds
    ("power.toml", 'kind = "postpaid"', 'kind = "later"', 'bill.kind: must be prepaid or postpaid, is "later"'),
    ("power.toml", 'kind = "postpaid"', 'kind = "prepaid"', "bill.denominations: is missing"),
    ("power.toml", 'kind = "prepaid"', 'kind = "postpaid"', "token.denominations: does not go with a postpaid product"),
    ("power.toml", "route = 12", "route = 12\ninquiry = true", "bill.inquiry: does not go with a postpaid product"),
    ("power.toml", "gives_token = true", "gives_token = 1", "token.gives_token: must be true or false, is 1"),
    ("airtime.toml", "route = 21", 'route = 21\ncodes.switch = "r"', "red.codes: does not go with a prepaid product"),
    # hours
    ("power.toml", 'pause.from = "23:00"', 'pause.from = "24:00"', 'bill.pause.from: must be HH:MM, is "24:00"'),
    ("power.toml", 'pause.from = "23:00"', "pause.from = 23:00:00", "bill.pause.from: must be text, is 23:00:00"),
    ("power.toml", 'pause.until = "01:00"', 'pause.until = "1:00"', 'bill.pause.until: must be HH:MM, is "1:00"'),
    ("power.toml", 'pause.until = "01:00"', "", "bill.pause.until: is missing"),
    (
        "power.toml",
        'pause.until = "01:00"',
        'pause.until = "23:00"',
        "bill.pause.until: must not be the hour it begins",
    ),
    # the country
    (
        "country.toml",
        'currency = "IDR"',
        'currency = "XXX"',
        "currency: must be one of IDR, KES, TZS, GHS, NGN, USD, UGX, RWF, XOF, is XXX",
    ),
    ("country.toml", 'currency = "IDR"', "", "currency: is missing"),
    (
        "country.toml",
        'time_zone = "Asia/Jakarta"',
        'time_zone = "Asia/Atlantis"',
        "time_zone: no time zone Asia/Atlantis is known on this machine",
    ),
    (
        "country.toml",
        'time_zone = "Asia/Jakarta"',
        'time_zone = "../etc/passwd"',
        "time_zone: no time zone ../etc/passwd is known on this machine",
    ),
    (
        "country.toml",
        'phone_region = "ID"',
        'phone_region = "62"',
        "phone_region: must be two capitals such as ID, is 62",
    ),
    (
        "country.toml",
        "retired_routes = [13]",
        "retired_routes = [0]",
        "retired_routes: must be a list of whole numbers above 0, is [0]",
    ),
    (
        "country.toml",
        "[categories.power]",
        "[categories.Power]",
        "categories.Power: must be a name of small letters, digits and _",
    ),
    ("country.toml", 'icon = "⚡"', "", "categories.power.icon: is missing"),
    (
        "country.toml",
        "by_number = true",
        'by_number = "yes"',
        'categories.airtime.by_number: must be true or false, is "yes"',
    ),
]


@pytest.mark.parametrize(("file", "line", "instead", "sentence"), BROKEN_LINES)
def test_a_broken_line_is_told_in_one_sentence(file: str, line: str, instead: str, sentence: str, tmp_path: Path):
    folder = with_line(tmp_path, file, line, instead)

    with pytest.raises(CatalogueError) as told:
        load("id", folder=folder)

    assert told.value.faults[0] == f"{file}: {sentence}"


def test_the_country_that_is_broken_here_is_whole_before(tmp_path: Path):
    assert list(load("id", folder=written(tmp_path)).products) == ["token", "bill", "red", "blue"]


def test_a_fault_in_each_of_two_files_is_two_sentences(tmp_path: Path):
    folder = written(
        tmp_path, power=POWER.replace("fee = 2500", "fee = 0.5"), airtime=AIRTIME.replace("route = 21", "route = 1")
    )

    with pytest.raises(CatalogueError) as told:
        load("id", folder=folder)

    assert str(told.value).splitlines() == [
        "power.toml: token.fee: must be a whole amount of IDR, is 0.5",
        "airtime.toml: red.route: must be at least 10, is 1",
    ]


def test_a_product_may_not_have_the_name_of_one_in_another_file(tmp_path: Path):
    twice = POWER.replace("[bill]", "[red]")

    with pytest.raises(CatalogueError, match=r"^airtime\.toml: red: this name is already taken by red in power\.toml$"):
        load("id", folder=written(tmp_path, power=twice))


def test_a_category_without_its_file_is_told(tmp_path: Path):
    (written(tmp_path) / "power.toml").unlink()

    with pytest.raises(CatalogueError, match=r"^power\.toml: is missing, and country\.toml has such a category$"):
        load("id", folder=tmp_path)


def test_a_file_without_its_category_is_told(tmp_path: Path):
    (written(tmp_path) / "watter.toml").write_text("", "utf-8")

    with pytest.raises(CatalogueError, match=r"^watter\.toml: country\.toml has no such category$"):
        load("id", folder=tmp_path)


def test_a_file_that_sells_nothing_is_told(tmp_path: Path):
    with pytest.raises(CatalogueError, match=r"^power\.toml: sells nothing$"):
        load("id", folder=written(tmp_path, power="[each]\nfee = 0\n"))


@pytest.mark.parametrize("words", ["route = ", "[token]\n[token]\n", "a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_told_with_its_line(words: str, tmp_path: Path):
    with pytest.raises(CatalogueError, match=r"^power\.toml: is not TOML in UTF-8: .+\(at "):
        load("id", folder=written(tmp_path, power=words))


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path):
    (written(tmp_path) / "power.toml").write_bytes(b'[token]\nname = "caf\xe9"\n')

    with pytest.raises(CatalogueError, match=r"^power\.toml: is not TOML in UTF-8: "):
        load("id", folder=tmp_path)


def test_a_country_without_categories_is_told(tmp_path: Path):
    without = COUNTRY.partition("[categories")[0]

    with pytest.raises(CatalogueError, match=r"^country\.toml: categories: is missing$"):
        load("id", folder=written(tmp_path, country=without))


@pytest.mark.parametrize("country", ["xx", "../id", "", "ID/"])
def test_a_country_that_nobody_wrote_is_told(country: str):
    with pytest.raises(CatalogueError, match="there is no catalogue of the country"):
        load(country)
