"""What translators get of a catalogue, and what its check and its documentation tell the operator."""

import re
import shutil
from pathlib import Path

import pytest

from core.catalogue import load, messages
from core.catalogue.__main__ import main
from core.catalogue.country import CATEGORY_KEYS
from core.catalogue.country import KEYS as COUNTRY_KEYS
from core.catalogue.price_table import KEYS as DENOMINATION_KEYS
from core.catalogue.product_table import BILLER_KEYS, KEYS
from core.catalogue.reference_table import REFERENCE_KEYS
from tests.catalogue.small_country import POWER, with_line, written

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTATION = (ROOT / "docs" / "catalogue.md").read_text("utf-8")
DOCUMENTED = re.findall(r"```toml\n(.+?)```", DOCUMENTATION, re.DOTALL)


def test_translators_get_generic_words_and_no_names(tmp_path: Path):
    assert list(messages(written(tmp_path))) == [
        ("country.toml", "categories.power.name", "Electricity"),
        ("country.toml", "categories.airtime.name", "Airtime"),
        ("power.toml", "token.name", "{biller} token"),
        ("power.toml", "token.reference.name", "meter number"),
        ("power.toml", "bill.name", "Electricity bill"),
        ("power.toml", "bill.reference.name", "customer number"),
        ("airtime.toml", "red.name", "{biller} airtime"),
        ("airtime.toml", "red.reference.name", "phone number"),
    ]


def test_a_name_that_is_only_the_biller_is_not_translated(tmp_path: Path):
    folder = with_line(tmp_path, "power.toml", 'name = "Electricity bill"', 'name = "{biller}"')

    assert "bill.name" not in {key for _, key, _ in messages(folder)}


def test_a_brief_name_is_translated_too(tmp_path: Path):
    folder = with_line(tmp_path, "power.toml", "route = 12", 'route = 12\nbrief = "Power bill"')

    assert ("power.toml", "bill.brief", "Power bill") in messages(folder)


def test_the_check_lists_the_routes_that_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(str(written(tmp_path))) == 0
    assert capsys.readouterr().out.splitlines() == [
        "   11  token                The State's Company for Power",
        "   12  bill                 The State's Company for Power",
        "   21  red                  Red",
        "   22  blue                 Blue",
        "2 categories, 4 products, 4 prices: nothing is wrong",
    ]


def test_the_check_tells_faults_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = written(tmp_path, power=POWER.replace("fee = 2500", "fee = 1.5"))

    assert main(str(folder)) == 1
    assert capsys.readouterr().err == "power.toml: token.fee: must be a whole amount of IDR, is 1.5\n"


def test_the_check_of_what_is_shipped_finds_nothing():
    assert main() == 0


def test_the_example_in_the_documentation_is_a_product(tmp_path: Path):
    folder = Path(shutil.copytree(ROOT / "core" / "catalogue" / "id", tmp_path / "id"))
    with (folder / "water.toml").open("a", encoding="utf-8") as water:
        water.write(DOCUMENTED[0])

    padang = load("id", folder=folder).by_route(313)

    assert padang is not None
    assert (padang.product_id, padang.biller.icon) == ("pdam-padang", "💧")


@pytest.mark.parametrize("known", [KEYS, BILLER_KEYS, REFERENCE_KEYS, DENOMINATION_KEYS, COUNTRY_KEYS, CATEGORY_KEYS])
def test_every_key_is_documented(known: tuple[str, ...]):
    assert [key for key in known if f"`{key}`" not in DOCUMENTATION] == []
