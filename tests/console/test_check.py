"""`loket check`: says that all is well, or which row is not."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from console.commands.check import check
from core.domain.invariants import RULES
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.keys import IN_SETTINGS


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one customer and one purchase, and the settings that name it."""
    asyncio.run(_buy(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOKET_DATABASE_URL", f"sqlite:///{tmp_path / 'loket.db'}")
    monkeypatch.setenv("LOKET_SECRET_KEY", "a-secret-of-the-tests-long-enough")
    monkeypatch.setenv("LOKET_PIN_PEPPER", "1:a-pepper-of-the-tests-long-enough")
    monkeypatch.setenv("LOKET_FIELD_KEYS", IN_SETTINGS)
    return tmp_path / "loket.db"


async def _buy(folder: Path) -> None:
    async with bench(folder) as at:
        await Till(at, await at.customer()).pay()


def run(*options: str) -> Result:
    return CliRunner().invoke(check, options)


def bend(store: Path, statement: str) -> None:
    connection = sqlite3.connect(store)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_store_is_told_in_one_sentence(store: Path):
    result = run()

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"All {len(RULES)} invariants hold: 3 entries, 1 payments, 1 wallets, 1 attempts, 2 messages.\n"
    )


def test_a_broken_one_names_the_rule_and_the_row(store: Path):
    bend(store, "UPDATE wallets SET available_minor = available_minor + 100")

    result = run()

    assert result.exit_code == 1
    assert "Broken (wallets_agree): what a wallet has is the sum of its postings." in result.stdout
    assert "  w7890  has 17750100, its postings say 17750000 IDR" in result.stdout


def test_programs_read_one_object(store: Path):
    whole = run("--json")
    bend(store, "UPDATE payments SET state = 'voided'")
    broken = run("--json")

    counted = {"entries": 3, "payments": 1, "wallets": 1, "attempts": 1, "messages": 2}
    assert json.loads(whole.stdout) == {"whole": True, "rules": len(RULES), **counted, "violations": []}
    assert broken.exit_code == 1
    assert {"rule", "subject", "detail"} == json.loads(broken.stdout)["violations"][0].keys()


def test_many_breaches_are_not_all_printed(store: Path):
    bend(
        store,
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 30)"
        'INSERT INTO messages (message_id, wallet_id, "to", words, created_at, tries, channel, payment_id, '
        "offers, patient, version) "
        "SELECT 'news:' || n, 'w7890', '', '', 1, 0, 'sms', '', '', 0, 1 FROM n",
    )

    result = run()

    assert "and 10 more; --json shows all" in result.stdout


def test_a_store_that_is_not_there_is_not_made(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOKET_DATABASE_URL", f"sqlite:///{store.parent / 'other.db'}")

    result = run()

    assert result.exit_code == 1
    assert "There is no store at" in result.stderr
    assert not (store.parent / "other.db").exists()


def test_it_is_said_what_a_check_does_and_how_it_is_called():
    result = run("--help")

    assert "Exit code 1 when anything is wrong" in " ".join(result.output.split())
    assert "loket check --json" in result.output
