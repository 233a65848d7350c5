"""A copy is made beside the server; the store made from it is closed until what it lacks was looked up."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.support.operators import fill, objects, run


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(fill(folder))
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_store_is_copied_lost_and_made_again(folder: Path):
    before = objects(folder, "payment", "list")
    copied = run(folder, "backup", str(folder / "monday.db"))
    assert (copied.exit_code, copied.stdout) == (0, f"Copied to {folder}/monday.db.\n")
    (folder / "loket.db").unlink()

    restored = run(folder, "restore", str(folder / "monday.db"))

    assert restored.exit_code == 0, restored.output
    assert "closed" in restored.stdout
    assert "loket reopen" in restored.stdout
    assert objects(folder, "payment", "list") == before
    assert run(folder, "check").exit_code == 0


def test_a_store_that_other_tools_brought_back_is_closed_by_its_operator(folder: Path):
    closed = run(folder, "restore", "--taken-at", "2026-11-20T02:00:00")
    assert closed.stdout.startswith("The store is as it was on 2026-11-20 02:00:00Z, and closed."), closed.output
    assert "Statements cover that time" in run(folder, "reopen").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "{folder}/loket.db"), "never overwrites"),
        (("restore", "{folder}/loket.db"), "Move it away first"),
        (("restore",), "Give a backup FILE, or --taken-at"),
        (("restore", "{folder}/loket.db", "--taken-at", "2026-11-20"), "Give a backup FILE, or --taken-at"),
        (("restore", "{folder}/nothing.db"), "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_touched(folder: Path, words: tuple[str, ...], said: str):
    before = (folder / "loket.db").read_bytes()
    done = run(folder, *(word.format(folder=folder) for word in words))
    assert done.exit_code != 0
    assert said in done.output
    assert (folder / "loket.db").read_bytes() == before


def test_what_is_lacking_is_said_and_an_operator_opens(folder: Path):
    assert run(folder, "backup", str(folder / "monday.db")).exit_code == 0
    (folder / "loket.db").unlink()
    assert run(folder, "restore", str(folder / "monday.db")).exit_code == 0
    assert run(folder, "operator", "add", "ani", typed="a long passphrase\n").exit_code == 0

    standing = run(folder, "reopen")
    opened = run(folder, "reopen", "--as", "ani", typed="a long passphrase\n")

    assert "Statements cover that time" in standing.stdout  # no provider is set up here
    assert opened.stdout.startswith("The counter is open. In review now: 1 (`loket review list`)."), opened.output
    assert "not restored" in run(folder, "reopen").output
    assert run(folder, "check").exit_code == 0
