"""Every command: its help, the slips it points out, and the one sentence it says when it cannot go on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from console.cli import COMMANDS, loket
from console.commands.open import money
from core.domain.money import Money
from tests.support.houses import LOKET
from tests.support.operators import NOBODY, NUMBER, environment, run

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = ("wallet", "deposit", "payment", "journal", "case", "check", "settings")


def leaves(command: click.Command, *path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, *path, name)
    else:
        yield " ".join(path), command


LEAVES = dict(leaves(loket))


@pytest.mark.parametrize("name", LEAVES)
def test_help_says_what_it_does_and_shows_an_example(name: str):
    said = CliRunner().invoke(loket, [*name.split(), "--help"])

    assert said.exit_code == 0
    assert re.search(rf"Examples?:\n(.*\n)*.*loket {name}", said.output)
    assert LEAVES[name].help


@pytest.mark.parametrize("name", [name for name in LEAVES if name.split()[0] in OPERATORS])
def test_every_operators_command_speaks_to_programs(name: str):
    assert "--json" in {option for parameter in LEAVES[name].params for option in parameter.opts}


def test_the_first_page_names_every_command():
    said = CliRunner().invoke(loket, [])

    assert all(f"  {name} " in said.output for name in COMMANDS)


def test_the_version_is_told():
    assert re.fullmatch(r"loket, version \d+\.\d+\.\d+\n", CliRunner().invoke(loket, ["--version"]).output)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nosuch"], "No such command 'nosuch'"),
        (["wallet", "show"], "Missing argument 'NUMBER'"),
        (["wallet", "show", "0812"], "0812 is not a phone number like +6281234567890."),
        (["wallet", "top-up", NUMBER, "50000", "--bank", "BCA"], "Missing option '--evidence'"),
        *[
            (["wallet", "top-up", NUMBER, amount, "--bank", "BCA", "--evidence", "1"], f"{amount} is not an amount")
            for amount in ("0", "1e3", "1_000", "²", "10,5", "50000.5", "NaN", "1000000000000000", "fifty", "")
        ],
        (["wallet", "top-up", "--bank", "BCA", "--evidence", "1", "--", NUMBER, "-5"], "-5 is not an amount"),
        (["wallet", "top-up", NUMBER, "1000", "--bank", "B:C", "--evidence", "1"], "write letters, digits, blanks"),
        (["wallet", "top-up", NUMBER, "1000", "--bank", "BCA", "--evidence", " "], "write letters, digits, blanks"),
        (["payment", "list", "--state", "lost"], "'lost' is not one of 'quoted'"),
        (["payment", "list", "--limit", "0"], "0 is not in the range x>=1"),
        (["journal", "export", "--from", "0"], "0 is not in the range x>=1"),
    ],
)
def test_a_slip_is_told_before_anything_is_opened(tmp_path: Path, words: list[str], sentence: str):
    done = run(tmp_path, *words)

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["wallet", "show", NOBODY], f"Error: No wallet has the number {NOBODY}."),
        (
            ["wallet", "top-up", NOBODY, "1000", "--bank", "BCA", "--evidence", "1"],
            f"Error: No wallet has the number {NOBODY}.",
        ),
        (["wallet", "reset-pin", NOBODY], f"Error: No wallet has the number {NOBODY}."),
        (["payment", "show", "p9"], "Error: There is no payment p9."),
        (["deposit", "show", "digiflazz"], "Error: There is no provider digiflazz; there is: none is set up."),
        (
            ["deposit", "fund", "digiflazz", "1000", "--bank", "BCA", "--evidence", "1"],
            "Error: There is no provider digiflazz; there is: none is set up.",
        ),
    ],
)
def test_what_is_not_there_is_said_so(store: Path, words: list[str], sentence: str):
    done = run(store, *words)

    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"{sentence}\n")


@pytest.mark.parametrize("words", [["payment", "list"], ["wallet", "show", NUMBER], ["settings", "--check"], ["serve"]])
def test_without_settings_they_are_named(tmp_path: Path, words: list[str]):
    done = run(tmp_path, *words, SECRET_KEY="", PIN_PEPPER="short")

    assert done.exit_code == 1
    assert [line.split()[:2] for line in done.stderr.splitlines()] == [
        ["loket:", "LOKET_SECRET_KEY"],
        ["loket:", "LOKET_PIN_PEPPER"],
    ]


def test_a_store_that_cannot_be_opened_is_named(tmp_path: Path):
    (tmp_path / "loket.db").mkdir()

    done = run(tmp_path, "payment", "list")

    assert done.exit_code == 1
    assert done.stderr.startswith(f"loket: The store {tmp_path / 'loket.db'} cannot be opened")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_cannot_be_written_is_named(store: Path, tmp_path: Path):
    done = run(store, "journal", "export", "--to-file", str(tmp_path / "nowhere" / "x"))

    assert done.exit_code == 1
    assert done.stderr == f"loket: {tmp_path / 'nowhere' / 'x'}: No such file or directory.\n"


def test_a_broken_catalogue_is_told_with_file_key_and_fault(tmp_path: Path):
    for part in ("adapters", "console", "core", "ussd"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    water = tmp_path / "core" / "catalogue" / "id" / "water.toml"
    water.write_text(water.read_text("utf-8") + "\n[nosuch]\nname = 7\n", "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", "from console.cli import main; main()", "settings", "--check"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert all(line.startswith("loket: water.toml: nosuch") for line in done.stderr.splitlines())
    assert done.stderr


@pytest.mark.parametrize("words", [["journal", "export"], ["settings"], ["payment", "list"], ["payment", "show", "p1"]])
def test_a_reader_that_goes_away_is_no_trouble(store: Path, words: list[str]):
    """As in `loket journal export | head`."""
    going = subprocess.Popen(
        [LOKET, *words],
        env=environment(store),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert going.stdout is not None
    going.stdout.close()
    assert going.stderr is not None
    said = going.stderr.read()
    going.stderr.close()

    assert going.wait(20) in (0, 1)
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said


def test_money_is_written_as_people_read_it():
    assert [money(Money(minor, currency)) for minor, currency in ((0, "IDR"), (-2_000_000, "IDR"), (1_250, "KES"))] == [
        "0 IDR",
        "-20.000 IDR",
        "12,50 KES",
    ]
