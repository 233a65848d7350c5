"""A provider's statement as CSV, read strictly by its layout.

What makes the whole file doubtful refuses it: no text, a missing column, a quote that never ends, too much of
anything. A single cell that cannot be read makes its own line a bad one, which goes to people as such, and then the
file proves no absence: nothing is lost silently.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.billers.digiflazz.serials import read_serial
from adapters.statements.csv_columns import ENCODINGS, OPTIONAL, BadCell, Layout
from core.domain.statement import BadLine, Says, StatementFile, StatementLine, UnreadableStatement, named

LARGEST = 64 * 1024 * 1024
MOST_LINES = 500_000
LONGEST_CELL = 1_000
STEP = 1_000
SECOND = timedelta(seconds=1)

# What each word may do to our deposit: take, bring, nothing.
SIGNS = {
    Says.PAID: (1,),
    Says.FAILED: (0, 1),
    Says.PENDING: (0, 1),
    Says.GIVEN_BACK: (-1,),
    Says.FUNDED: (-1,),
    Says.ADJUSTED: (-1, 1),
}
NAMELESS = (Says.FUNDED, Says.ADJUSTED)

Advance = Callable[[int], None]


def read_provider_csv(
    raw: bytes,
    layout: Layout,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    advance: Advance = lambda _lines: None,
) -> StatementFile:
    """Without an interval it is that of the lines, from the first to the last. Raises `UnreadableStatement`.

    `advance` hears of some hundred lines at a time.
    """
    if len(raw) > LARGEST:
        raise UnreadableStatement(f"The file is larger than {LARGEST >> 20} MB. Ask for fewer days at a time.")
    rows = _rows(_text(raw), layout.delimiter)
    columns = _columns(next(rows, (1, []))[1], layout)
    lines: list[StatementLine] = []
    bad: list[BadLine] = []
    for count, (number, cells) in enumerate(rows, 1):
        if count > MOST_LINES:
            raise UnreadableStatement(f"The file has more than {MOST_LINES:,} lines. Ask for fewer days at a time.")
        read = columns.line(number, cells)
        if isinstance(read, StatementLine):
            lines.append(read)
        else:
            bad.append(read)
        if count % STEP == 0:
            advance(STEP)
    if lines and lines[0].at > lines[-1].at:
        lines.reverse()  # the newest first
    start, end = _interval(lines, since, until)
    digest = hashlib.sha256(raw).hexdigest()
    return StatementFile(
        layout.source, digest, start, end, layout.time_zone, layout.currency, tuple(named(lines)), tuple(bad)
    )


def _text(raw: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if "\0" in text:
        raise UnreadableStatement("The file is not text as UTF-8 or Latin-1. Save it as CSV in UTF-8.")
    return text


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as trouble:
        raise UnreadableStatement(f"Line {reader.line_num} is no CSV: {trouble}.") from trouble


def _columns(headings: Sequence[str], layout: Layout) -> _Columns:
    known = [heading.strip().casefold() for heading in headings]
    if twice := sorted({one for one in known if one and known.count(one) > 1}):
        raise UnreadableStatement(f"There is more than one column {', '.join(twice)}.")
    wanted = {field: heading.casefold() for field, heading in layout.columns.items()}
    missing = [heading for field, heading in wanted.items() if heading not in known and field not in OPTIONAL]
    if missing:
        raise UnreadableStatement(f"This is no statement of {layout.source}: there is no column {', '.join(missing)}.")
    places = {field: known.index(heading) for field, heading in wanted.items() if heading in known}
    return _Columns(layout, places, len(known))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each field stands in a row."""

    layout: Layout
    places: dict[str, int]
    width: int

    def line(self, number: int, cells: Sequence[str]) -> StatementLine | BadLine:
        if len(cells) != self.width:
            return BadLine(number, "", f"has {len(cells)} cells, the heading has {self.width}")
        field = ""
        try:
            said: dict[str, str] = {}
            for field, place in self.places.items():
                said[field] = _cell(cells[place])
            field = "at"
            at = self.layout.moment(said["at"])
            field = "says"
            says = self.layout.says(said["says"])
            field = "amount"
            took = _took(says, self.layout.took(said["amount"]))
            field = "balance"
            balance = self.layout.minor(said["balance"]) if said.get("balance") else None
            field = "key"
            _name(says, said["key"])
        except BadCell as bad:
            return BadLine(number, self.layout.columns[field], str(bad))
        serial = read_serial(said.get("serial", ""))
        return StatementLine(
            number=number,
            at=at,
            says=says,
            key="" if says in NAMELESS else said["key"],
            code=said.get("code", ""),
            reference=said["reference"],
            took_minor=took,
            currency=self.layout.currency,
            serial=serial.number,
            token=serial.token,
            detail=serial.detail,
            balance_minor=balance,
        )


def _cell(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        raise BadCell(f"is longer than {LONGEST_CELL} signs")
    return cell.strip()


def _took(says: Says, took: int) -> int:
    if (took > 0) - (took < 0) not in SIGNS[says]:
        raise BadCell(f"has the wrong sign for what is {says.value.replace('_', ' ')}")
    return took


def _name(says: Says, key: str) -> None:
    if not key and says not in NAMELESS:
        raise BadCell("is blank")


def _interval(
    lines: Sequence[StatementLine], since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    if not lines and (since is None or until is None):
        raise UnreadableStatement("The file has no line that says when it is of: name its days with --from and --to.")
    start = since if since is not None else min(line.at for line in lines)
    end = until if until is not None else max(line.at for line in lines) + SECOND
    if start >= end:
        raise UnreadableStatement("The interval ends before it begins.")
    return start, end
