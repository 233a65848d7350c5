"""Whoever writes a catalogue is told in one sentence where it is wrong: file, key, fault."""

from contextlib import suppress
from pathlib import Path

import pytest

from core.catalogue import CatalogueError, load
from tests.catalogue.broken_lines import BROKEN_LINES
from tests.catalogue.small_country import AIRTIME, COUNTRY, FILES, POWER, with_line, written


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


def test_a_folder_without_a_country_is_told(tmp_path: Path):
    with pytest.raises(CatalogueError, match=r"^country\.toml: is missing$"):
        load("id", folder=tmp_path / "nowhere")


ANYTHING = [
    *("0", "-1", "10", "1.5", "nan", "1e400", f"1{'0' * 30}", "true", "1979-05-27", "07:32:00"),
    *('""', '" "', '"x"', '"{"', '"{biller.name}"', '"{0}"', '"\\u0000"', '"²"', '"٣"', f'"{"9" * 5000}"'),
    *("[]", "[1]", "[true]", '["a"]', "[[1]]", "{}", "{ a = 1 }", '{ id = "red" }'),
]


@pytest.mark.parametrize("value", ANYTHING, ids=lambda value: value[:20])
def test_whatever_stands_at_a_key_is_taken_or_told(value: str, tmp_path: Path):
    for file, words in FILES.items():
        for line in {line for line in words.splitlines() if " = " in line and words.count(f"\n{line}\n") == 1}:
            folder = with_line(tmp_path, file, line, f"{line.partition(' = ')[0]} = {value}")
            with suppress(CatalogueError):
                load("id", folder=folder)
