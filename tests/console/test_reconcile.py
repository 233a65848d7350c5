"""`loket reconcile FILE --provider …`: what an operator sees of it, and what is filed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.services.reconcile.provider_files import line, raw
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.fakes import silence
from tests.support.operators import NUMBER, objects, run

DAY = ("--provider", "digiflazz", "--from", "2026-11-20", "--to", "2026-11-20")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with one captured payment and one in doubt, and the statement of that day."""
    asyncio.run(_fill(tmp_path))
    return tmp_path


async def _fill(folder: Path) -> None:
    async with bench(folder) as at:
        till = Till(at, await at.customer(NUMBER))
        await till.pay("p1")
        at.provider.on_submit = silence
        await till.pay("p2", reference="12345678903")
        lines = line(await till.attempt()), line(await till.attempt(1, "p2"))
    (folder / "day.csv").write_bytes(raw(*lines))
    (folder / "odd.csv").write_bytes(raw(*lines, line(key="=cmd", code="y", reference="1", amount=-5_000)))


def reconcile(folder: Path, name: str, *words: str) -> tuple[int, str, str]:
    done = run(folder, "reconcile", str(folder / name), *words)
    return done.exit_code, done.stdout, done.stderr


def test_a_day_that_settles_itself_and_the_same_file_again(folder: Path):
    code, said, _ = reconcile(folder, "day.csv", *DAY)
    again = reconcile(folder, "day.csv", *DAY)

    assert code == 0
    assert "digiflazz from 2026-11-19 17:00:00Z to 2026-11-20 17:00:00Z: 2 lines." in said
    assert "Settled as paid: 1." in said
    assert "accounting: holds" in said
    assert again[0] == 0
    assert again[1].startswith("This very file was reconciled on ")
    assert again[1].endswith("Nothing was changed.\n")
    assert run(folder, "check").exit_code == 0


def test_a_dry_run_writes_nothing_and_what_is_open_is_listed_and_filed(folder: Path):
    code, said, _ = reconcile(folder, "odd.csv", *DAY, "--dry-run", "--report", str(folder / "filed"))

    assert code == 1
    assert "A dry run: nothing was written." in said
    assert "Would settle as paid: 1." in said
    assert "missing_here" in said
    assert "claim" in said
    table, page = sorted((folder / "filed").iterdir())
    assert f"Written: {table}\nWritten: {page}\n" in said
    assert "'=cmd" in table.read_text("utf-8-sig")
    assert objects(folder, "case", "breaks") == []


def test_for_a_program_there_is_an_object_for_the_file_and_one_for_each_open_line(folder: Path):
    code, said, _ = reconcile(folder, "odd.csv", *DAY, "--json")

    whole, open_ = map(json.loads, said.splitlines())
    assert code == 1
    assert (whole["provider"], whole["settled"], whole["queue"]) == ("digiflazz", {"paid": 1}, 1)
    assert whole["lines"]["missing_here"] == {"count": 1, "minor": 500_000}
    assert (open_["found"], open_["over_minor"], open_["proposed"]) == ("missing_here", 500_000, "claim")
    assert [one["kind"] for one in objects(folder, "case", "breaks")] == ["provider_missing_here"]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ((), 2, "Say whose statement it is: --provider or --bank."),
        (("--provider", "digiflazz", "--bank", "BCA"), 2, "Say whose statement it is"),
        (("--bank", "BCA", "--dry-run"), 2, "are for a provider's statement"),
        (("--provider", "iak"), 1, "Statements of iak cannot be read; of these they can: digiflazz."),
        (("--provider", "digiflazz", "--from", "yesterday"), 2, "yesterday is no day like 2026-11-26"),
        (("--provider", "digiflazz", "--to", "2999-01-01"), 1, "ends in the future"),
        (("--provider", "digiflazz", "--from", "2026-11-21", "--to", "2026-11-20"), 1, "ends before it begins"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, words: tuple[str, ...], code: int, why: str):
    (tmp_path / "day.csv").write_bytes(raw(line(key="x", code="y", reference="1", amount=-5_000)))

    found, said, error = reconcile(tmp_path, "day.csv", *words)

    assert (found, said) == (code, "")
    assert why in " ".join(error.split())


def test_a_moment_may_be_named_instead_of_a_day(folder: Path):
    code, said, _ = reconcile(
        folder, "day.csv", "--provider", "digiflazz", "--from", "2026-11-20T11:00", "--to", "2026-11-20T05:30+00:00"
    )

    assert code == 0
    assert "from 2026-11-20 04:00:00Z to 2026-11-20 05:30:00Z" in said
