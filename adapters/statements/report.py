"""A reconciliation to be filed: the open lines as CSV, and a page that is printed and signed.

Both are read by people in programs that may take a cell for a formula, or a name for markup: nothing that came from a
file is written as it came.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from core.domain.judging import Found
from core.domain.money import EXPONENT
from core.domain.reconciled import OpenLine, Report

# What a spreadsheet begins a formula with, and what it drops before one.
_FORMULA = re.compile(r"[=+\-@\t\r\n|]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

HEADINGS = ("class", "line", "time", "key", "payment", "took", "over", "currency", "proposed", "break", "detail")
STYLE = Path(__file__).with_name("report.css")


def write_report(folder: Path, report: Report) -> list[Path]:
    """`FOLDER/digiflazz-2026-11-20-1a2b3c4d.csv` and `.html`, written over when they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    file = report.file
    day = file.since.astimezone(ZoneInfo(file.zone)).date()
    name = f"{file.source}-{day}-{file.digest[:8]}"
    written = folder / f"{name}.csv", folder / f"{name}.html"
    # With a byte order mark a spreadsheet reads it as what it is.
    written[0].write_text(as_csv(report.queue, ZoneInfo(file.zone)), encoding="utf-8-sig", newline="")
    written[1].write_text(as_page(report), encoding="utf-8")
    return list(written)


# ---- CSV


def as_csv(queue: Iterable[OpenLine], zone: ZoneInfo) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for one in queue:
        writer.writerow(map(safe_cell, _cells(one, zone)))
    return out.getvalue()


def safe_cell(cell: str) -> str:
    """What a spreadsheet would calculate gets an apostrophe in front, and is text; a plain number stays one."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _cells(one: OpenLine, zone: ZoneInfo) -> Sequence[str]:
    when = _when(one.at, zone) if one.at else ""
    took, over = _plain(one.took_minor, one.currency), _plain(one.over_minor, one.currency)
    line = str(one.number or "")
    return (
        one.found,
        line,
        when,
        one.about,
        one.payment_id or "",
        took,
        over,
        one.currency,
        one.proposed,
        one.break_id,
        one.detail,
    )


def _plain(minor: int, currency: str) -> str:
    """`-20000` or `-20000.50`, as programs read it."""
    exponent = EXPONENT[currency]
    whole, rest = divmod(abs(minor), 10**exponent)
    return f"{'-' if minor < 0 else ''}{whole}{f'.{rest:0{exponent}}' if rest else ''}"


# ---- the page


def as_page(report: Report) -> str:
    """One HTML file that needs nothing else, in black on white."""
    file = report.file
    zone = ZoneInfo(file.zone)
    title = f"Reconciliation of {file.source}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        "" if not report.dry_run else '<p class="warn">A dry run: nothing was written.</p>',
        _facts(report, zone),
        "<h2>The three checks</h2>",
        _table(
            ("check", "holds", "what was found"),
            [(c.name, "yes" if c.holds else "NO", c.detail) for c in report.checks],
        ),
        "<h2>By class</h2>",
        _by_class(report),
        _deposit(report),
        *_open_lines(report, zone),
        '<p class="sign">Prepared by: ____________________ &nbsp; Checked by: ____________________</p>',
    ]
    style = STYLE.read_text("utf-8")
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(parts) + "\n</body></html>\n"


def _facts(report: Report, zone: ZoneInfo) -> str:
    file, statement = report.file, report.statement
    facts = {
        "Provider": file.source,
        "Interval": f"{_when(file.since, zone)} to before {_when(file.until, zone)}",
        "Time zone": file.zone,
        "SHA-256 of the file": file.digest,
        "Lines": f"{len(file.lines) + len(file.bad)}, of which {len(file.bad)} could not be read "
        f"and {report.seen.count} were reconciled before",
        "Sum of the file": _money(file.took_minor, file.currency),
        "Settled by it": ", ".join(f"{count} {proof}" for proof, count in report.settled.items()) or "nothing",
        "Waiting for the next file": f"{len(report.waits)} payments",
        "Reconciled": f"{_when(statement.taken_at, zone)} by {statement.taken_by}",
    }
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts.items())
    return f'<table class="facts">{rows}</table>'


def _by_class(report: Report) -> str:
    currency = report.file.currency
    rows: list[tuple[str, ...]] = []
    for found in Found:
        lines, book = report.lines.get(found), report.book.get(found)
        if lines or book:
            there = (str(lines.count), _money(lines.minor, currency)) if lines else ("", "")
            here = (str(book.count), _money(book.minor, currency)) if book else ("", "")
            rows.append((_words(found), *there, *here))
    rows.append(("seen before", str(report.seen.count), _money(report.seen.minor, currency), "", ""))
    count, total = len(report.file.lines), _money(report.file.took_minor, currency)
    paid = sum(one.minor for one in report.book.values())
    ours = str(sum(one.count for one in report.book.values()))
    rows.append(("all", str(count), total, ours, _money(paid, currency)))
    return _table(("class", "lines", "took", "payments of ours", "booked"), rows, numbers=4)


def _deposit(report: Report) -> str:
    found, currency = report.deposit, report.file.currency
    if found is None:
        return "<h2>Deposit</h2><p>The file names no balances.</p>"
    rows = [
        ("opening, by the file", found.opening_minor),
        ("taken in the interval", -found.took_minor),
        ("closing, by the file", found.closing_minor),
        ("in our book at that time", found.booked_minor),
        ("of which queued or undecided", -found.waiting_minor),
        ("of which on its way there", -found.on_its_way_minor),
        ("not explained", found.unexplained_minor),
    ]
    return "<h2>Deposit</h2>" + _table(
        ("", "amount"), [(name, _money(minor, currency)) for name, minor in rows], numbers=1
    )


def _open_lines(report: Report, zone: ZoneInfo) -> Iterable[str]:
    if not report.queue:
        yield "<h2>Open</h2><p>Nothing is left to decide.</p>"
    by_class = sorted(report.queue, key=attrgetter("found", "number", "break_id"))
    for found, group in groupby(by_class, key=attrgetter("found")):
        mine = list(group)
        over = _money(sum(one.over_minor for one in mine), report.file.currency)
        yield f"<h2>{escape(_words(found))}: {len(mine)}, {escape(over)} against our book</h2>"
        heads = ("line", "time", "key", "payment", "took", "over", "proposed", "break")
        yield _table(heads, [_open_row(one, zone) for one in mine])


def _open_row(one: OpenLine, zone: ZoneInfo) -> tuple[str, ...]:
    took, over = _money(one.took_minor, one.currency), _money(one.over_minor, one.currency)
    when = _when(one.at, zone) if one.at else ""
    return str(one.number or ""), when, one.about, one.payment_id or "", took, over, one.proposed, one.break_id


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> str:
    """The last `numbers` columns are set to the right."""
    first = len(heads) - numbers

    def row(cells: Sequence[str], tag: str) -> str:
        kinds = ['class="n"' if place >= first else "" for place in range(len(cells))]
        return "<tr>" + "".join(f"<{tag} {k}>{escape(c)}</{tag}>" for c, k in zip(cells, kinds, strict=True)) + "</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return f"<table><thead>{row(heads, 'th')}</thead><tbody>{body}</tbody></table>"


def _words(found: Found) -> str:
    return found.value.replace("_", " ")


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _money(minor: int, currency: str) -> str:
    """`-20.000 IDR`: thousands in groups, as finance people here write them."""
    plain = _plain(minor, currency)
    whole, _, rest = plain.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if whole != "-0" else "-0"
    return f"{grouped}{f',{rest}' if rest else ''} {currency}"
