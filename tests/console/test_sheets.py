"""A report opens in a spreadsheet and in a browser, and nothing in it is calculated or run there."""

from __future__ import annotations

import csv
import io

import pytest

from console.sheets import Sheet, csv_of, harmless, page_of

TABLES = [
    Sheet("First", ("what", "IDR"), [('=HYPERLINK("http://x")', "-6500"), ("a, b", "12.34")]),
    Sheet("Second", ("what", "IDR"), []),
]


@pytest.mark.parametrize("cell", ["=1+1", "+62812", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "-"])
def test_what_a_spreadsheet_would_calculate_is_shown_as_it_stands(cell: str):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-6500", "12.34", "BCA", "", "a=b", "2026-11-20 FT1: at the bank"])
def test_amounts_and_plain_words_stay_as_they_are(cell: str):
    assert harmless(cell) == cell


def test_all_tables_are_in_one_file():
    rows = list(csv.reader(io.StringIO(csv_of(TABLES), newline="")))

    assert rows == [
        ["First"],
        ["what", "IDR"],
        ['\'=HYPERLINK("http://x")', "-6500"],
        ["a, b", "12.34"],
        [],
        ["Second"],
        ["what", "IDR"],
    ]


def test_a_page_stands_alone_and_runs_nothing():
    page = page_of("<b>Day</b>", [Sheet("One", ("x",), [("<script>alert(1)</script>",), ("5",)]), TABLES[1]], alarm="!")

    assert "<script" not in page
    assert "&lt;b&gt;Day&lt;/b&gt;" in page
    assert '<td class="n">5</td>' in page
    assert '<p class="alarm">!</p>' in page
    assert "<p>None.</p>" in page
    assert "http" not in page
