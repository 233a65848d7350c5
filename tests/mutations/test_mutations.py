"""The mistakes that must be noticed fit the source as it is; whether they are noticed takes longer: `make mutate`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutations.__main__ import Mutation, listed
from tools.mutations.copies import ROOT, DoesNotFit, changed
from tools.mutations.score import MODULES
from tools.mutations.small import mistakes

SOURCE = """\
def due(a, b, paid: bool = False):
    assert a > 0
    if a < b and not paid:
        return (a + 1) - b
    raise ValueError
"""


@pytest.mark.parametrize("mutation", listed(), ids=lambda mutation: mutation.name)
def test_each_mistake_can_be_made_at_one_place_only(mutation: Mutation):
    source = (ROOT / mutation.file).read_text("utf-8")

    assert source.count(mutation.old) == 1
    ast.parse(source.replace(mutation.old, mutation.new))


def test_no_two_mistakes_have_one_name_and_most_are_left_to_the_simulator():
    mutations = listed()

    assert len({one.name for one in mutations}) == len(mutations)
    assert len([one for one in mutations if not one.tests]) >= 24


def test_a_mistake_is_made_for_a_while(tmp_path: Path):
    path = tmp_path / "one.py"
    path.write_text("a = 1\n", "utf-8")

    with changed(path, "1", "2"):
        assert path.read_text("utf-8") == "a = 2\n"
    assert path.read_text("utf-8") == "a = 1\n"


@pytest.mark.parametrize("source", ["a = 1\nb = 1\n", "a = 0\n"])
def test_a_mistake_that_fits_twice_or_nowhere_is_not_made(tmp_path: Path, source: str):
    path = tmp_path / "one.py"
    path.write_text(source, "utf-8")

    with pytest.raises(DoesNotFit), changed(path, "1", "2"):
        raise AssertionError
    assert path.read_text("utf-8") == source


def test_small_mistakes_are_found_where_something_is_decided():
    made = sorted(one.made_in(SOURCE.encode()).decode() for one in mistakes(SOURCE))

    changes = [line.strip() for text in made for line in text.splitlines() if line not in SOURCE.splitlines()]
    assert sorted(changes) == [
        "def due(a, b, paid: bool = True):",
        "if a < b and ((paid)):",
        "if a < b or not paid:",
        "if a <= b and not paid:",
        "if not ((a < b and not paid)):",
        "pass",
        "return (a + 1) + b",
        "return (a + 2) - b",
        "return (a - 1) - b",
        "return None",
    ]


@pytest.mark.parametrize("module", MODULES)
def test_a_mutant_is_a_program(module: str):
    source = (ROOT / module).read_bytes()

    found = mistakes(source.decode())

    assert found
    for mistake in found:
        assert mistake.made_in(source) != source
        ast.parse(mistake.made_in(source))
    assert all((ROOT / test).exists() for test in MODULES[module])
