"""Reconcile a provider's statement: match it, settle what it proves, queue the rest for two operators.

Begun anew after a crash it goes on where it stopped: settling the same line twice is once, and a line that was kept is
known again. Nothing is settled but by a line that names our key, number, product and currency, at no more than the
most it might cost, and what follows is decided by the same rules as any answer of the provider (`settle`).
"""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.matching import (
    FUNDED_WITHIN,
    Booked,
    Earlier,
    Found,
    Funding,
    Judged,
    Matching,
    Total,
    Weighed,
    Window,
    match,
    totals_of_book,
    totals_of_lines,
)
from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Payment, Proof
from core.domain.reconciled import Report, accounting, deposit_of, fund, transaction
from core.domain.statement import NEIGHBOUR, Absence, SeenLine, Statement, StatementFile, StatementLine
from core.refusal import Refusal
from core.services.counter import Counter
from core.services.reconcile.keep import KeepFindings, KeepStatement, in_chunks
from core.services.reconcile.queue import Finding, deposit_differs, queue_of
from core.services.reconcile.records import Records
from core.services.settle import settle
from core.text import verbatim

Advance = Callable[[int], None]


class NotOverYet(Refusal):
    text = verbatim("The interval of the file ends in the future. Name the days that are over with --from and --to.")


@dataclass(frozen=True, slots=True)
class Examined:
    """A file against the book, before anything is written. `seen` are lines that an earlier file, or an earlier run,
    had; `lacking` are payments that it should tell of and does not."""

    file: StatementFile
    matching: Matching
    booked: Mapping[str, Booked]
    seen: Sequence[SeenLine]
    lacking: Sequence[Weighed]
    absences: Mapping[str, Absence]
    given_up: frozenset[str]
    unfound: Sequence[Funding]


async def reconcile_provider(
    counter: Counter,
    records: Records,
    file: StatementFile,
    *,
    by: str,
    dry_run: bool = False,
    advance: Advance = lambda _lines: None,
) -> Report:
    """`dry_run` writes nothing and tells what would be done. Raises `NotOverYet`."""
    now = counter.clock.now()
    if file.until > now:
        raise NotOverYet
    statement = await counter.store.read(Statement, file.statement_id)
    known = statement is not None and statement.done_at is not None
    examined = await _with_owners(counter, await examine(records, file))
    if not dry_run and not known:
        statement = await counter.store.commit(KeepStatement(_begun(file, by=by, now=now)))
        await _settle_all(counter, examined, advance)
        await _keep_all(counter, examined, advance)
    report = await _report(counter, records, examined, statement or _begun(file, by=by, now=now), dry_run, known)
    if dry_run or known:
        return report
    return await _done(counter, report)


async def examine(records: Records, file: StatementFile) -> Examined:
    """Read what the store has about these lines and this interval, and match."""
    source, window = file.source, Window(file.since, file.until)
    named = {line.key or line.identity for line in file.lines}
    earlier_lines = await records.lines_about(source, named)
    ours = {one.key: one for one in await records.booked_between(source, file.since, file.until)}
    known_absences = await records.absences_of(source)
    absences = {one.key: one for one in known_absences if _still_lacking(one, file)}
    elsewhere = {line.key for line in file.lines if line.key and line.key not in ours} | absences.keys() - ours.keys()
    ours |= {one.key: one for one in await records.booked_under(source, elsewhere)}
    known = {one.identity for one in earlier_lines}
    earlier = await _earlier(records, source, earlier_lines, ours.keys() - named)
    fundings = await records.fundings_of(source, file.since - FUNDED_WITHIN, file.until + FUNDED_WITHIN)
    told = {one.about for one in await records.lines_about(source, {one.key for one in fundings})}
    fundings = [one for one in fundings if one.key not in told]
    fresh = [line for line in file.lines if line.identity not in known]
    matching = match(fresh, ours, earlier, window, fundings=fundings)
    present = {line.identity for line in file.lines}
    unfound = [
        one for one in fundings if one not in matching.fundings.values() and window.since <= one.at < window.until
    ]
    return Examined(
        file=file,
        matching=matching,
        booked=ours,
        seen=[one for one in earlier_lines if one.identity in present],
        lacking=_lacking(matching, ours, earlier, absences) if file.whole else [],
        absences=absences,
        given_up=frozenset(one.key for one in known_absences if one.times > 1),
        unfound=unfound,
    )


def _still_lacking(absence: Absence, file: StatementFile) -> bool:
    """An attempt that one file lacked, of which the neighbour's should tell; the same file again proves no more."""
    near = file.since - NEIGHBOUR <= absence.since < file.until + NEIGHBOUR
    return absence.times == 1 and absence.statement_id != file.statement_id and near


async def _earlier(
    records: Records, source: str, about_lines: Sequence[SeenLine], others: set[str]
) -> dict[str, list[Earlier]]:
    """What other files said of attempts, by their keys."""
    found: defaultdict[str, list[Earlier]] = defaultdict(list)
    for one in (*about_lines, *await records.lines_about(source, others)):
        found[one.about].append(Earlier(Found(one.found), one.says, one.took_minor))
    return found


def _lacking(
    matching: Matching,
    ours: Mapping[str, Booked],
    earlier: Mapping[str, Sequence[Earlier]],
    absences: Mapping[str, Absence],
) -> list[Weighed]:
    """Of the interval, and of the one before it where a payment was lacking too."""
    inside = [one for one in matching.booked if one.found is Found.MISSING_THERE and one.booked.key not in earlier]
    told = {one.line.key for one in matching.lines}
    here = {one.booked.key for one in inside}
    again = [
        ours[key] for key in absences if key in ours and key not in here and key not in told and not earlier.get(key)
    ]
    unsettled = [Weighed(one, Found.MISSING_THERE) for one in again if one.open or one.kept]
    return [one for one in inside if one.booked.key not in told] + unsettled


async def _with_owners(counter: Counter, examined: Examined) -> Examined:
    """A line under the key of an attempt that we do not have may yet be about a payment that we have: the store came
    back from a copy that was made before the attempt."""
    lines = [
        replace(one, payment_id=payment.payment_id)
        if _is_nobodys(one) and (payment := await _owner(counter, one))
        else one
        for one in examined.matching.lines
    ]
    return replace(examined, matching=replace(examined.matching, lines=tuple(lines)))


def _is_nobodys(one: Judged) -> bool:
    return one.queued and one.payment_id is None and bool(one.line.key)


async def _owner(counter: Counter, one: Judged) -> Payment | None:
    return await counter.store.read(Payment, one.line.key.rpartition("-")[0])


async def _settle_all(counter: Counter, examined: Examined, advance: Advance) -> None:
    for one in examined.matching.booked:
        if one.proof is None or one.line is None:
            continue
        attempt = await counter.store.read(Attempt, one.booked.payment_id, one.booked.number)
        assert attempt is not None, f"no attempt {one.booked.key}"
        await settle(counter, attempt, answer_of(one.line, one.proof), source="statement")
        advance(0)


def answer_of(line: StatementLine, proof: Proof) -> Answer:
    """A line as the provider's word on an attempt. The same line in two files is the same evidence."""
    facts = {
        "line": line.identity,
        "at": line.at.isoformat(),
        "says": line.says.value,
        "key": line.key,
        "code": line.code,
        "reference": line.reference,
        "took_minor": line.took_minor,
        "serial": line.serial,
    }
    cost = Money(line.took_minor, line.currency) if proof is Proof.PAID else None
    body = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return Answer(proof, "statement", body, cost, serial=line.serial, token=line.token, detail=line.detail)


def _findings(examined: Examined) -> Iterator[Finding]:
    return queue_of(examined.file, examined.matching, examined.lacking, examined.absences, examined.given_up)


async def _keep_all(counter: Counter, examined: Examined, advance: Advance) -> None:
    """Lines and their breaks in one commit: what is kept of a line is never without what it asks of people."""
    now = counter.clock.now()
    for some in in_chunks(_findings(examined)):
        await counter.store.commit(KeepFindings(examined.file, tuple(some), now))
        advance(len(some))


async def _report(
    counter: Counter, records: Records, examined: Examined, statement: Statement, dry_run: bool, known: bool
) -> Report:
    file, matching = examined.file, examined.matching
    posted = not (dry_run or known)
    own = [one for one in examined.seen if one.statement_id == file.statement_id]
    others = [one for one in examined.seen if one.statement_id != file.statement_id]
    deposit = deposit_of(
        file,
        matching,
        booked_minor=await records.deposit_at(file.source, file.until),
        queued_before_minor=await records.queued_minor(file.source, but=file.statement_id),
        unfound=examined.unfound,
        posted=posted,
    )
    queue = [one.open for one in _findings(examined) if one.open]
    inside = [one for one in examined.booked.values() if Window(file.since, file.until).holds(one)]
    return Report(
        file=file,
        statement=statement,
        known=known,
        dry_run=dry_run,
        lines=totals_of_lines(matching, kept=[(Found(one.found), one.took_minor) for one in own]),
        book=totals_of_book(matching),
        seen=_total(others),
        settled=Tally(one.proof.value for one in matching.booked if one.proof),
        queue=[*queue, *deposit_differs(file, deposit)],
        waits=[one.booked.payment_id for one in examined.lacking if one.booked.key not in examined.absences],
        checks=(
            accounting(inside),
            transaction(matching, seen=_total(examined.seen), file=file),
            fund(matching, deposit, examined.unfound, currency=file.currency),
        ),
        deposit=deposit,
    )


def _total(lines: Sequence[SeenLine]) -> Total:
    return Total(len(lines), sum(one.took_minor for one in lines))


async def _done(counter: Counter, report: Report) -> Report:
    """The last thing to be written: from now on the same file changes nothing."""
    now: datetime = counter.clock.now()
    differs = [one for one in report.queue if one.break_id.endswith(":deposit")]
    done = await counter.store.commit(KeepStatement(replace(report.statement, done_at=now), tuple(differs), now))
    return replace(report, statement=done)


def _begun(file: StatementFile, *, by: str, now: datetime) -> Statement:
    return Statement(
        statement_id=file.statement_id,
        source=file.source,
        since=file.since,
        until=file.until,
        whole=file.whole,
        currency=file.currency,
        lines=len(file.lines) + len(file.bad),
        took_minor=file.took_minor,
        opening_minor=file.opening_minor,
        closing_minor=file.closing_minor,
        taken_at=now,
        taken_by=by,
    )
