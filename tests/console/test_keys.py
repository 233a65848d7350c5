"""`loket keys`: an operator makes a key, changes to it, and sees that the old one is not needed any more."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.settings.kinds import by_version
from console.cli import loket
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.houses import ENOUGH
from tests.support.keys import IN_SETTINGS

NEW = "2:a-field-key-of-the-next-year-only"


@pytest.fixture(scope="module")
def bought(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store with one customer and one purchase."""
    folder = tmp_path_factory.mktemp("bought")

    async def buy() -> None:
        async with bench(folder) as at:
            await Till(at, await at.customer()).pay()

    asyncio.run(buy())
    return (folder / "loket.db").read_bytes()


@pytest.fixture
def folder(bought: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loket.db").write_bytes(bought)
    for name, value in ENOUGH.items():
        monkeypatch.setenv(f"LOKET_{name}", value)
    return tmp_path


def keys(*words: str, given: str = IN_SETTINGS) -> Result:
    return CliRunner().invoke(loket, ["keys", *words], env={"LOKET_FIELD_KEYS": given})


def test_a_fresh_secret_is_good_enough_for_the_settings_and_never_the_same():
    first, second = (keys("new").output.strip() for _ in range(2))

    assert first != second
    assert by_version(f"1:{first}") == {1: first.encode()}


def test_a_key_is_changed_and_the_old_one_left_out(folder: Path):
    assert "1          look-ups 1, values 1" in keys("status").output

    done = keys("reseal", given=f"{IN_SETTINGS} {NEW}")

    assert (done.exit_code, done.stderr) == (0, "")
    assert "rows were sealed anew. Every key of the store is under version 2 now." in done.stdout
    assert "1          nothing: it can be left out" in keys("status", given=f"{IN_SETTINGS} {NEW}").output
    assert keys("status", given=NEW).exit_code == 0
    early = keys("status")
    assert (early.exit_code, early.stderr) == (
        1,
        "loket: LOKET_FIELD_KEYS has no version 2, which this store still needs.\n",
    )


def test_what_is_written_once_is_said_to_stay_as_it_is(folder: Path):
    keys("reseal", "--look-ups", given=f"{IN_SETTINGS} {NEW}")

    rows = [json.loads(line) for line in keys("status", "--json", given=NEW).stdout.splitlines()]

    assert rows[0] == {"field_key": 2, "opens": "look-ups 2, values 1, values 2"}
    assert {row["store_key"] for row in rows[1:] if not row["once"]} == {"values 2"}
    assert [row for row in rows[1:] if row["once"]] == [
        {"table": "evidence", "store_key": "values 1", "values": 1, "once": True}
    ]
