"""Tables for people who calculate with them: as CSV that no spreadsheet takes for formulas, and as a page to read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

# What a spreadsheet would calculate, also behind blanks; a number of ours is none of it.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

STYLE = (
    "body{font:16px/1.4 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#111}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2rem}th,td{padding:.3rem .6rem;border-bottom:1px solid #ccc}"
    "th{text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "p.alarm{border-left:.4rem solid #b00020;padding:.4rem .8rem;font-weight:600}"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its heading. Amounts come as text in major units."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def csv_of(sheets: Iterable[Sheet]) -> str:
    """All tables in one file, each under its heading, a blank line between two."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    for place, sheet in enumerate(sheets):
        if place:
            writer.writerow([])
        writer.writerows([[harmless(cell) for cell in row] for row in ([sheet.title], sheet.heads, *sheet.rows)])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that is shown as it stands. What looks like a formula gets an apostrophe in front, as OWASP has it."""
    if _NUMBER.fullmatch(cell) or not _FORMULA.match(cell):
        return cell
    return f"'{cell}"


def page_of(title: str, sheets: Iterable[Sheet], *, alarm: str = "") -> str:
    """A page that stands alone: no script, nothing from elsewhere."""
    body = [f"<h1>{escape(title)}</h1>"]
    if alarm:
        body.append(f'<p class="alarm">{escape(alarm)}</p>')
    for sheet in sheets:
        body += [f"<h2>{escape(sheet.title)}</h2>", _table(sheet)]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(body) + "\n</body></html>\n"


def _table(sheet: Sheet) -> str:
    if not sheet.rows:
        return "<p>None.</p>"
    heads = "".join(f"<th>{escape(head)}</th>" for head in sheet.heads)
    rows = ["".join(_cell(cell) for cell in row) for row in sheet.rows]
    return f"<table><tr>{heads}</tr>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _cell(cell: str) -> str:
    """Numbers stand under each other."""
    return f'<td class="n">{escape(cell)}</td>' if _NUMBER.fullmatch(cell) else f"<td>{escape(cell)}</td>"
