"""`loket settings`: what there is to set, where it is set, and never its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.houses import ENOUGH
from tests.support.operators import objects, run


def test_settings_are_listed_with_where_they_are_set_and_never_their_value(tmp_path: Path):
    done = run(tmp_path, "settings")

    assert done.exit_code == 0
    assert "; 22 signs or more\n    must be set; set in environment\n" in done.stdout
    assert "    default: 60 60 120 300 900 3600; not set\n" in done.stdout
    secret = [value for name, value in ENOUGH.items() if name.endswith(("SECRET", "KEY", "PEPPER"))]
    assert [value for value in secret if value in done.stdout] == []


def test_what_opens_a_bot_is_never_shown(tmp_path: Path):
    hidden = {"TELEGRAM_TOKEN": "123456789:a-token-of-the-tests-only", "TELEGRAM_SECRET": "a-secret-of-the-tests-only"}

    done = run(tmp_path, "settings", **hidden)

    assert "LOKET_TELEGRAM_TOKEN\n" in done.stdout
    assert [value for value in hidden.values() if value in done.stdout] == []


def test_settings_as_json(tmp_path: Path):
    found = {one["name"]: one for one in objects(tmp_path, "settings")}

    assert found["LOKET_PIN_PEPPER"]["set_in"] == "environment"
    assert found["LOKET_PORT"]["default"] == "8080"
    assert found["LOKET_BANK"] == {
        "name": "LOKET_BANK",
        "description": "the account people pay into to top up, as it is told to them; blank: at the counter",
        "default": None,
        "set_in": None,
    }


def test_heads_that_are_told_at_one_place_only_are_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    key = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    monkeypatch.setenv("LOKET_AUDIT_KEY", key)

    assert "told at no place; choose two at least" in run(tmp_path, "settings", "--check").stderr
    monkeypatch.setenv("LOKET_HEADS_FILE", "heads")
    assert "told at 1 place; choose two at least" in run(tmp_path, "settings", "--check").stderr
    monkeypatch.setenv("LOKET_HEADS_WEBHOOK", "https://example.org/heads")
    assert run(tmp_path, "settings", "--check").stderr == ""


def test_settings_are_checked_and_a_name_that_is_none_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("LOKET_DIGIFLAZ_KEY=x\n")
    (tmp_path / ".env").chmod(0o644)

    done = run(tmp_path, "settings", "--check")

    assert (done.exit_code, done.stdout) == (0, "The settings are complete.\n")
    assert done.stderr.splitlines() == [
        "loket: LOKET_DIGIFLAZ_KEY (.env) is no setting; is it LOKET_DIGIFLAZZ_KEY?",
        "loket: .env can be read by others on this machine: chmod 600 .env",
    ]
