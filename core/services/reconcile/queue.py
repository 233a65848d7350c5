"""What a reconciliation leaves to people: each thing once, under a name that the same line has in any file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.judging import Booked, Found, Judged, Weighed
from core.domain.matching import Matching
from core.domain.money import Money
from core.domain.reconciled import Deposit, OpenLine, proposed_for
from core.domain.statement import Absence, BadLine, SeenLine, StatementFile

SHORT = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """One line or one lacking payment: what is kept of it, and what is asked of people, if anything.

    `closes`: the break of a payment that two statements lacked, and that this line tells of after all.
    """

    seen: SeenLine | None = None
    absent: Absence | None = None
    open: OpenLine | None = None
    closes: str = ""


def queue_of(
    file: StatementFile,
    matching: Matching,
    lacking: Sequence[Weighed],
    absences: Mapping[str, Absence],
    given_up: Collection[str],
) -> Iterator[Finding]:
    """`given_up` are keys that two statements lacked before this one."""
    statement_id = file.statement_id
    for judged in matching.lines:
        funding = matching.fundings.get(judged.line.identity)
        about = funding.key if funding else judged.line.key or judged.line.identity
        closes = absent_break(file.source, judged.line.key) if judged.line.key in given_up else ""
        yield Finding(
            _seen(file.source, statement_id, judged, about),
            None,
            _open_line(file, judged) if judged.queued else None,
            closes,
        )
    for bad in file.bad:
        yield Finding(open=_bad_line(file, bad))
    for weighed in lacking:
        before = absences.get(weighed.booked.key)
        times = before.times + 1 if before else 1
        known = before or Absence(weighed.booked.key, file.source, file.statement_id, 0, weighed.booked.made_at)
        absent = Absence(known.key, known.source, file.statement_id, times, known.since, known.version)
        yield Finding(None, absent, _lacking(file, weighed) if before else None)


def deposit_differs(file: StatementFile, deposit: Deposit | None) -> list[OpenLine]:
    """The deposit itself, where neither the book nor what is queued explains it. A file that was not read to the end
    explains nothing."""
    if deposit is None or not file.whole or (deposit.adds_up and deposit.unexplained_minor == 0):
        return []
    closing, booked, waiting, on_its_way = (
        Money(minor, file.currency)
        for minor in (deposit.closing_minor, deposit.booked_minor, deposit.waiting_minor, deposit.on_its_way_minor)
    )
    detail = (
        f"deposit at {file.until.isoformat()}: the file says {closing}, our book {booked}, "
        f"of which {waiting} are queued and {on_its_way} on their way"
    )
    over = -deposit.unexplained_minor
    at = _name(file.source, f"{file.statement_id[:SHORT]}:deposit")
    return [_line(file, at, Found.DATA, over=over, at=file.until, detail=detail)]


def _seen(source: str, statement_id: str, judged: Judged, about: str) -> SeenLine:
    line, found = judged.line, judged.found.value
    return SeenLine(source, line.identity, statement_id, line.number, about, line.says.value, line.took_minor, found)


def _open_line(file: StatementFile, judged: Judged) -> OpenLine:
    line = judged.line
    return OpenLine(
        break_id=_name(file.source, line.identity),
        found=judged.found,
        number=line.number,
        at=line.at,
        about=line.key,
        payment_id=judged.payment_id,
        took_minor=line.took_minor,
        over_minor=judged.over_minor,
        currency=line.currency,
        proposed=proposed_for(judged.found, judged.over_minor, says=line.says),
        detail=f"line {line.number} of {file.digest[:SHORT]} says {line.says.value} for {line.key or 'the deposit'}, "
        f"took {Money(line.took_minor, line.currency)}, {Money(judged.over_minor, line.currency)} more than we booked",
    )


def _bad_line(file: StatementFile, bad: BadLine) -> OpenLine:
    where = f"line {bad.number}{f', column {bad.column}' if bad.column else ''}"
    name = _name(file.source, f"{file.digest[:SHORT]}:{bad.number}")
    return _line(file, name, Found.DATA, number=bad.number, detail=f"{where} of {file.digest[:SHORT]} {bad.why}")


def _lacking(file: StatementFile, weighed: Weighed) -> OpenLine:
    ours = weighed.booked
    detail = f"{ours.key} is {ours.state} here, and two statements do not tell of it"
    name = absent_break(file.source, ours.key)
    over = -ours.kept_minor
    return _line(file, name, Found.MISSING_THERE, over=over, at=ours.made_at, about=ours, detail=detail)


def _line(
    file: StatementFile,
    name: str,
    found: Found,
    *,
    detail: str,
    over: int = 0,
    at: datetime | None = None,
    number: int = 0,
    about: Booked | None = None,
) -> OpenLine:
    key, payment_id = (about.key, about.payment_id) if about else ("", None)
    proposed = proposed_for(found, over)
    return OpenLine(name, found, number, at, key, payment_id, 0, over, file.currency, proposed, detail)


def absent_break(source: str, key: str) -> str:
    return _name(source, f"{key}:absent")


def _name(source: str, rest: str) -> str:
    return f"{source}:{rest}"
