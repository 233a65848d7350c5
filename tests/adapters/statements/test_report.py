"""What is filed of a reconciliation does no harm in a spreadsheet or a browser, and says what a finance person asks."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.statements.report import as_csv, as_page, safe_cell, write_report
from core.domain.judging import Found
from core.domain.matching import Total
from core.domain.reconciled import Check, Deposit, OpenLine, Report
from core.domain.statement import Statement, StatementFile

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x","<script>alert(1)</script>")'
OPEN = OpenLine("digiflazz:1", Found.AMOUNT_OVER, 7, NOON, EVIL, "p1", 2_040_000, -10_000, "IDR", "claim", "@SUM(1)")
FILE = StatementFile("digiflazz", "ab" * 32, NOON, NOON + timedelta(days=1), "Asia/Jakarta", "IDR", ())
KEPT = Statement(FILE.digest, "digiflazz", NOON, FILE.until, True, "IDR", 1, 2_040_000, None, None, NOON, "<ani>", NOON)


def report(**wishes: object) -> Report:
    usual: dict[str, object] = {
        "file": FILE,
        "statement": KEPT,
        "known": False,
        "dry_run": False,
        "lines": {Found.AMOUNT_OVER: Total(1, 2_040_000)},
        "book": {Found.AMOUNT_OVER: Total(1, 2_030_000)},
        "seen": Total(2, 100),
        "settled": {"paid": 3},
        "queue": [OPEN],
        "waits": ["p9"],
        "checks": (Check("accounting", True, "fine"), Check("fund", False, "a & b")),
        "deposit": Deposit(10**8, 2_040_000, 97_960_000, 97_970_000, 10_000, 0),
    }
    return Report(**{**usual, **wishes})  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["=1+1", "+62812", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-2e5|cmd"])
def test_what_a_spreadsheet_would_calculate_is_text(cell: str):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["p1-1", "-20300", "20300.50", "", "Sukses = ya"])
def test_what_it_would_not_calculate_stays_as_it_is(cell: str):
    assert safe_cell(cell) == cell


def test_the_csv_holds_a_line_for_each_open_one_and_numbers_as_numbers():
    heads, row = list(csv.reader(io.StringIO(as_csv([OPEN], ZoneInfo("Asia/Jakarta")))))

    told = dict(zip(heads, row, strict=True))
    assert (told["took"], told["over"], told["time"]) == ("20400", "-100", "2026-11-20 12:00:00")
    assert (told["key"], told["detail"]) == (f"'{EVIL}", "'@SUM(1)")


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    tags = Tags()
    tags.feed(as_page(report()))

    assert not tags.seen & {"script", "img", "link", "iframe", "a"}
    assert "http://x" in tags.text
    assert tags.text.count("<script>") == 1  # as text


def test_the_page_says_whose_when_what_and_how_much():
    tags = Tags()
    tags.feed(as_page(report()))

    for words in (
        "Reconciliation of digiflazz",
        "2026-11-20 12:00:00 to before 2026-11-21 12:00:00",
        "Asia/Jakarta",
        FILE.digest,
        "by <ani>",
        "20.400 IDR",
        "-100 IDR against our book",
        "a & b",
        "not explained",
    ):
        assert words in tags.text
    assert "A dry run" in as_page(report(dry_run=True))
    assert "Nothing is left to decide." in as_page(report(queue=[], deposit=None))


def test_both_are_written_under_the_name_of_the_file(tmp_path: Path):
    written = write_report(tmp_path / "new", report())

    assert [path.name for path in written] == [
        "digiflazz-2026-11-20-abababab.csv",
        "digiflazz-2026-11-20-abababab.html",
    ]
    assert written[0].read_bytes().startswith(b"\xef\xbb\xbfclass,")
    assert write_report(tmp_path / "new", report()) == written


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
