"""`loket audit`: a key, heads, a proof for a customer, and what it says to whoever tried to change the past."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.signing import Ed25519Signer
from console.commands.audit import audit
from console.commands.journal import journal
from core.domain.head import heads_in
from core.domain.receipt_proof import read_proof
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.keys import IN_SETTINGS

PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one customer and one purchase, and the settings that name it."""
    asyncio.run(_buy(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'loket.db'}",
        "SECRET_KEY": "a-secret-of-the-tests-long-enough",
        "PIN_PEPPER": "1:a-pepper-of-the-tests-long-enough",
        "FIELD_KEYS": IN_SETTINGS,
        "AUDIT_KEY": PRIVATE,
    }.items():
        monkeypatch.setenv(f"LOKET_{name}", value)
    return tmp_path


async def _buy(folder: Path) -> None:
    async with bench(folder) as at:
        await Till(at, await at.customer()).pay()


def run(*words: str) -> Result:
    return CliRunner().invoke(audit, words)


def told(folder: Path, name: str = "heads") -> str:
    """The newest head, as somebody outside has kept it."""
    (folder / name).write_text(run("head").stdout, "utf-8")
    return name


def exported(folder: Path) -> list[str]:
    assert CliRunner().invoke(journal, ["export", "--to-file", str(folder / "journal.jsonl")]).exit_code == 0
    return (folder / "journal.jsonl").read_text("utf-8").splitlines(keepends=True)


def test_a_key_is_made_with_its_public_half():
    private, public = run("keygen", "counter.example.org").stdout.splitlines()

    assert str(Ed25519Signer.read(private).key) == public
    assert json.loads(run("keygen", "x", "--json").stdout).keys() == {"private", "public"}


def test_the_head_is_over_the_whole_journal(folder: Path):
    [head] = heads_in(run("head").stdout)

    assert (head.size, head.origin) == (3, "PeterNeumann")
    assert json.loads(run("head", "--json").stdout)["note"] == head.note


def test_without_a_key_there_is_no_head_and_it_is_said_why(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("LOKET_AUDIT_KEY")

    for words in (("head",), ("prove", "000034")):
        result = run(*words)
        assert result.exit_code == 1
        assert "set LOKET_AUDIT_KEY" in result.stderr


def test_a_receipt_is_proven_to_somebody_who_has_nothing_but_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch):
    said = run("prove", "000 034", "--out", "proof.json").stdout
    proof = read_proof((folder / "proof.json").read_text("utf-8"))
    (folder / "receipt.txt").write_text(proof.as_line, "utf-8")
    for name in ("DATABASE_URL", "SECRET_KEY", "PIN_PEPPER", "FIELD_KEYS", "AUDIT_KEY"):
        monkeypatch.delenv(f"LOKET_{name}")
    (folder / "loket.db").unlink()

    assert said == f"The proof of entry 3 is in proof.json. Its code is {proof.code}.\n"
    for file in ("proof.json", "receipt.txt"):
        result = run("verify", file, "--key", PUBLIC)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith("Receipt 000034 is in the journal of PeterNeumann: entry 3 of 3, signed ")
        assert "It says: pln-token 20 for 12345678901, 22500 IDR, 2026-11-20 05:00:00Z." in result.stdout
        assert f"Its code is {proof.code}." in result.stdout
    assert json.loads(run("verify", "proof.json", "--key", PUBLIC, "--json").stdout)["good"] is True


def test_a_key_that_only_the_proof_names_is_told(folder: Path):
    run("prove", "000034", "--out", "proof.json")
    line = read_proof((folder / "proof.json").read_text("utf-8")).as_line
    (folder / "receipt.txt").write_text(line, "utf-8")

    assert f"The key is the one that the proof names: compare it with what is published, {PUBLIC}" in (
        run("verify", "proof.json").stdout
    )
    unknown = run("verify", "receipt.txt")
    assert (unknown.exit_code, unknown.stdout) == (
        1,
        "The proof names no key: give the counter's public key with --key.\n",
    )


def test_a_proof_that_was_changed_or_is_anothers_is_refused(folder: Path):
    run("prove", "000034", "--out", "proof.json")
    proof = (folder / "proof.json").read_text("utf-8")
    (folder / "bent.json").write_text(proof.replace("2250000", "9250000"), "utf-8")
    other = run("keygen", "PeterNeumann").stdout.splitlines()[1]

    bent, others = run("verify", "bent.json", "--key", PUBLIC), run("verify", "proof.json", "--key", other)
    assert (bent.exit_code, bent.stdout) == (1, "The proof proves nothing: the hashes lead to another root.\n")
    assert others.exit_code == 1
    assert others.stdout.startswith("The head is not signed by PeterNeumann")
    (folder / "letter").write_text("Dear grandmother", "utf-8")
    assert "This is no proof of an entry" in run("verify", "letter").stderr


def test_any_entry_is_proven_with_all_that_it_says(folder: Path):
    (folder / "proof.json").write_text(run("prove", "--entry", "1").stdout, "utf-8")

    assert '"kind":"top_up"' in run("verify", "proof.json", "--key", PUBLIC).stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("prove",), "Name a receipt by its number"),
        (("prove", "000035"), "Name a receipt by its number"),
        (("prove", "--entry", "99"), "There is no entry 99."),
        (("prove", "000018"), "There is no receipt of entry 1."),
        (("prove", "--entry", "1", "--qr", "x.png"), "Only the proof of a receipt fits a QR code."),
        (("verify", "nowhere"), "No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(folder: Path, words: tuple[str, ...], sentence: str):
    result = run(*words)

    assert result.exit_code != 0
    assert sentence in result.output + result.stderr


def test_a_proof_is_drawn_for_a_camera(folder: Path):
    assert run("prove", "000034", "--qr", "receipt.png").stdout == "The QR code is in receipt.png.\n"
    assert (folder / "receipt.png").read_bytes().startswith(b"\x89PNG")
    assert len(run("prove", "000034", "--qr", "terminal").stdout.splitlines()) > 20


def test_an_export_fits_the_head_or_it_is_told_where_it_does_not(folder: Path):
    heads, lines = told(folder), exported(folder)

    def verified(*changed: str, key: str = PUBLIC) -> str:
        (folder / "bent.jsonl").write_text("".join(changed), "utf-8")
        result = run("verify", "bent.jsonl", "--against", heads, "--key", key)
        assert result.exit_code == (0 if list(changed) == lines and key == PUBLIC else 1)
        return result.stdout

    assert verified(*lines).startswith("3 entries, root ")
    assert "so entries 1 to 3 differ" in verified(lines[0].replace("20000000", "20000001"), *lines[1:])
    assert "ends at entry 2, and a head was signed over 3" in verified(*lines[:2])
    assert verified(lines[0], lines[2], lines[1]).startswith("Line 2 is entry 3.")
    assert "Line 1 is not as `loket journal export` writes it." in verified(
        lines[0].replace(": 1,", ": 1.0,"), *lines[1:]
    )
    assert "is signed by no key that is believed" in verified(*lines, key=run("keygen", "x").stdout.splitlines()[1])


def test_the_store_is_compared_with_what_was_told_outside(folder: Path):
    heads = told(folder)
    assert (
        run("verify", "--against", heads).stdout == "The journal fits one head of the store and one head of the file.\n"
    )
    with closing(sqlite3.connect(folder / "loket.db")) as connection, connection:
        connection.execute("DROP TRIGGER entries_no_update")
        connection.execute("UPDATE entries SET memo = 'nobody will notice' WHERE entry_index = 2")

    result = run("verify", "--against", heads)

    assert result.exit_code == 1
    assert "entry 2: is not what it was when it was put into the tree (the tree's edge)." in result.stdout
    assert "so entries 1 to 3 differ" in result.stdout
    assert json.loads(run("verify", "--json").stdout)["good"] is False


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("UPDATE trees SET size = 4", "tree"),
        ("UPDATE trees SET edge = ''", "entry 1"),
        ("INSERT INTO tree_tiles VALUES (0, 0, '')", "tree"),
        ("INSERT INTO heads VALUES (2, 'AAAA', 1, 'x', '00000000', '')", "journal"),
        ("INSERT INTO heads VALUES (9, 'AAAA', 1, 'x', '00000000', '')", "journal"),
    ],
)
def test_a_tree_or_a_head_that_does_not_fit_is_told(folder: Path, statement: str, subject: str):
    run("head")
    with closing(sqlite3.connect(folder / "loket.db")) as connection, connection:
        connection.execute(statement)

    result = run("verify")

    assert result.exit_code == 1
    assert result.stdout.startswith(f"{subject}: ")


@pytest.mark.parametrize("command", ["keygen", "head", "prove", "verify"])
def test_each_says_how_it_is_called(command: str):
    assert f"loket audit {command}" in run(command, "--help").output
