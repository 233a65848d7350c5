"""What we depend on is declared once, locked as declared, told in docs/dependencies.md, and all that is imported."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.support.imports import imports_under
from tools.lock import GROUPS, complaint, fingerprint, first_line

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PRODUCT = ["bot", "ussd", "voice", "console", "core", "adapters"]


def test_the_page_of_dependencies_tells_of_each_with_its_range():
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    told = dict(re.findall(r"^\| ([\w.-]+) \| `(\S+)` \|", page, re.MULTILINE))

    assert told == dict(map(split, declared()))


def test_every_range_has_a_lower_and_an_upper_end():
    assert [line for line in declared() if not re.search(r"(>=.+,<|==)", line)] == []


def test_all_that_the_product_imports_is_declared_to_run():
    homes = packages_distributions()
    own = {*PRODUCT, "loket"}
    imported = {found.name.partition(".")[0] for found in imports_under(ROOT, PRODUCT)}
    foreign = imported - own - set(sys.stdlib_module_names)

    extras = chain.from_iterable(PROJECT["project"]["optional-dependencies"].values())
    to_run = {plain(split(line)[0]) for line in chain(PROJECT["project"]["dependencies"], extras)}
    assert {name for name in foreign if not {plain(home) for home in homes.get(name, [])} & to_run} == set()


def test_the_locks_are_those_of_the_tables():
    assert complaint(PROJECT, ROOT / "requirements") is None


@pytest.mark.parametrize("group", GROUPS)
def test_a_lock_pins_and_hashes_all_it_holds_and_names_no_address(group: str):
    lock = (ROOT / "requirements" / f"{group}.txt").read_text("utf-8")
    packages = re.split(r"\n(?=\w)", lock.partition("\n")[2].strip())

    assert [
        package for package in packages if not re.match(r"[\w.\[\],-]+==\S+[^\n]*\\\n +--hash=sha256:", package)
    ] == []
    assert "://" not in lock
    assert "--index" not in lock


def test_narrower_groups_are_pinned_to_the_same_versions():
    pins = {group: pinned(group) for group in ("run", "dev", "heavy")}

    assert pins["run"] <= pins["dev"] <= pins["heavy"]


def test_a_stale_lock_is_told_in_one_sentence(tmp_path: Path):
    for group in GROUPS:
        (tmp_path / f"{group}.txt").write_text(f"{first_line(PROJECT)}\n", "utf-8")
    assert complaint(PROJECT, tmp_path) is None

    (tmp_path / "dev.txt").unlink()
    (tmp_path / "run.txt").write_text("# Locked from the tables of another day\n", "utf-8")

    assert complaint(PROJECT, tmp_path) == (
        "Stale against pyproject.toml: requirements/dev.txt, requirements/run.txt."
        " Run `make lock` and commit the result."
    )


def test_only_what_decides_the_lock_makes_it_stale():
    renamed = {**PROJECT, "tool": {}, "project": {**PROJECT["project"], "description": "another"}}
    extended = {**PROJECT, "project": {**PROJECT["project"], "dependencies": ["left-pad"]}}

    assert fingerprint(renamed) == fingerprint(PROJECT) != fingerprint(extended)


def declared() -> list[str]:
    groups = [line for group in PROJECT["dependency-groups"].values() for line in group if isinstance(line, str)]
    return [*PROJECT["project"]["dependencies"], *groups, *PROJECT["build-system"]["requires"]]


def split(requirement: str) -> tuple[str, str]:
    """`SQLAlchemy[asyncio]>=2` is `SQLAlchemy` and `[asyncio]>=2`."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return name, requirement.removeprefix(name)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(group: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / f"{group}.txt").read_text("utf-8"), re.MULTILINE))
