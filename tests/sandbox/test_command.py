"""`loket sandbox` from the command line: what it explains, and how it says no."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.sandbox import FAULTS
from console.commands.sandbox import sandbox


def test_help_shows_an_example_and_where_the_secrets_come_from() -> None:
    said = CliRunner().invoke(sandbox, ["--help"]).output

    assert "loket sandbox --rate slow=0.1" in said
    assert "LOKET_DIGIFLAZZ_KEY" in said


def test_the_tables_of_numbers_and_faults_are_printed() -> None:
    numbers = CliRunner().invoke(sandbox, ["--list-numbers"])
    faults = CliRunner().invoke(sandbox, ["--list-faults"])

    assert (numbers.exit_code, faults.exit_code) == (0, 0)
    assert "prepaid meter  12345678908    sold, then HTTP 500" in numbers.output
    assert [line.split()[0] for line in faults.output.splitlines()] == list(FAULTS)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--rate", "slow"], "NAME=CHANCE"),
        (["--rate", "nosuch=0.1"], "no fault 'nosuch'"),
        (["--rate", "slow=2"], "between 0 and 1"),
        (["--callback-url", "http://example.com/"], "this machine only"),
        (["--port", "70000"], "0<=x<=65535"),
        (["--deposit", "-1"], "x>=0"),
        (["--deposit", "1e6"], "not a valid integer"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_sentence(words: list[str], why: str) -> None:
    refused = CliRunner().invoke(sandbox, words)

    assert refused.exit_code != 0
    assert why in refused.output
    assert "Traceback" not in refused.output


def test_a_taken_port_and_a_useless_file_are_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = CliRunner().invoke(sandbox, ["--port", port])
    useless = CliRunner().invoke(sandbox, ["--data-file", str(tmp_path / "nowhere" / "x")])

    assert busy.exit_code == useless.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in busy.output
    assert "nowhere" in useless.output
