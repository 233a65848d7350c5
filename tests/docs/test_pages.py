"""Pages lead to places that exist, and show commands that can be typed."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from console.cli import loket
from tests.support.pages import anchors, commands, links

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?<![\w/.])(?:adapters|bench|console|core|docs|tests|tools|ussd)/[\w./-]*\w")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    found = [link for link in links(page.read_text("utf-8")) if not re.match(r"[a-z]+:", link)]

    assert [link for link in found if not leads(page, link)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(page: Path):
    named = NAMED.findall(page.read_text("utf-8"))

    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_ours_can_be_typed(page: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(click.Path, "convert", lambda _type, value, _param, _ctx: Path(value))  # there need be no file
    for shown in commands(page.read_text("utf-8")):
        words = shlex.split(shown.command, comments=True)
        if words[:1] == ["loket"]:
            understood(loket, words[1:])


def understood(command: click.Command, words: list[str]) -> None:
    """Read a command line up to its last argument, and run nothing. Raises what click says of a wrong one."""
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"{command.name} knows no {words[0]}"
        command, words = found, words[1:]
    with CliRunner().isolation(input="what is asked for\n"):
        command.make_context(command.name, words)


def leads(page: Path, link: str) -> bool:
    place, _, anchor = link.partition("#")
    target = (page.parent / place).resolve() if place else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(target.read_text("utf-8"))
