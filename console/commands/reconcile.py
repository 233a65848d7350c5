"""`loket reconcile FILE`: a provider's or a bank's statement against the book."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from adapters.wiring import LARGEST_STATEMENT, Layout, Wired, layouts, read_provider_csv, write_report
from console.commands.asks import BankWord, as_json, signed
from console.commands.bank_file import reconcile_bank
from console.commands.open import money, print_json, print_table, when, with_counter
from core.domain.matching import Found, Total
from core.domain.money import Money
from core.domain.reconciled import Report
from core.domain.statement import StatementFile, day_begins
from core.services.reconcile.provider import reconcile_provider

EXAMPLES = """\b
Examples:
  loket reconcile digiflazz.csv --provider digiflazz --from 2026-11-26 --to 2026-11-26 --report /var/loket/reports
  loket reconcile digiflazz.csv --provider digiflazz --dry-run
  loket reconcile bca.mt940 --bank BCA
"""


@click.command(epilog=EXAMPLES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--provider", help="The provider whose statement it is.")
@click.option("--bank", type=BankWord(), help="The bank whose statement it is.")
@click.option("--from", "first", help="First day that the file is of, as 2026-11-26, or a moment with T14:00.")
@click.option("--to", "last", help="Last day, that day included; or the moment at which it ends.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and write nothing.")
@click.option(
    "--report", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write a page and a CSV here."
)
@signed
@as_json
def reconcile(file: Path, provider: str | None, bank: str | None, json_: bool, **options: Any) -> None:
    """Match a statement with the book, settle what it proves, and leave the rest to two operators.

    A provider's statement is CSV, a bank's MT940 or camt.053. Without --from and --to a provider's file tells only of
    the time between its first line and its last; what is in no file is lacking only within the days that you name.
    The same file again changes nothing. Exit code 1 when something is left to decide.
    """
    asked = Asked(**options)
    if (provider is None) == (bank is None):
        raise click.UsageError("Say whose statement it is: --provider or --bank.")
    if bank is None:
        _reconcile_provider(file, provider or "", asked, json_=json_)
    elif asked.of_a_provider:
        raise click.UsageError("--from, --to, --dry-run and --report are for a provider's statement.")
    else:
        reconcile_bank(file, bank=bank, by=asked.by, json_=json_)


@dataclass(frozen=True, slots=True)
class Asked:
    """The other options, as they were given."""

    first: str | None
    last: str | None
    dry_run: bool
    folder: Path | None
    by: str

    @property
    def of_a_provider(self) -> bool:
        return bool(self.first or self.last or self.dry_run or self.folder)


def _reconcile_provider(path: Path, provider: str, asked: Asked, *, json_: bool) -> None:
    report = _reconciled(path, _layout_of(provider), asked)
    written = write_report(asked.folder, report) if asked.folder and not report.known else []
    if json_:
        _print_plain(report)
    elif report.known:
        done = when(report.statement.done_at)
        click.echo(f"This very file was reconciled on {done} by {report.statement.taken_by}. Nothing was changed.")
    else:
        _tell(report)
        _tell_queue(report)
        for one in written:
            click.echo(f"Written: {one}")
    if report.queue and not report.known:
        raise SystemExit(1)


def _layout_of(provider: str) -> Layout:
    known = layouts()
    if provider not in known:
        raise click.ClickException(f"Statements of {provider} cannot be read; of these they can: {', '.join(known)}.")
    return known[provider]


def _reconciled(path: Path, layout: Layout, asked: Asked) -> Report:
    since, until = _moment(asked.first, layout), _moment(asked.last, layout, whole_day=True)
    if path.stat().st_size > LARGEST_STATEMENT:
        raise click.ClickException(f"{path} is larger than {LARGEST_STATEMENT >> 20} MB. Ask for fewer days at a time.")
    raw = path.read_bytes()
    # Each line is read once and kept once.
    with click.progressbar(
        length=2 * max(raw.count(b"\n"), 1), label="Reconciling", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        file = read_provider_csv(raw, layout, since=since, until=until, advance=bar.update)

        async def work(parts: Wired) -> Report:
            records, dry_run = parts.store.statement_books, asked.dry_run
            return await reconcile_provider(
                parts.counter, records, file, by=asked.by, dry_run=dry_run, advance=bar.update
            )

        return with_counter(work)


def _moment(words: str | None, layout: Layout, *, whole_day: bool = False) -> datetime | None:
    """A day begins when the provider's does; a moment without a zone is in the provider's."""
    if words is None:
        return None
    try:
        if "T" not in words:
            day = date.fromisoformat(words) + timedelta(days=1 if whole_day else 0)
            return day_begins(day, layout.zone, layout.day_begins).astimezone(UTC)
        read = datetime.fromisoformat(words)
    except ValueError:
        raise click.UsageError(f"{words} is no day like 2026-11-26 and no moment like 2026-11-26T14:00.") from None
    return (read if read.tzinfo else read.replace(tzinfo=layout.zone)).astimezone(UTC)


# ---- what came of it


def _tell(report: Report) -> None:
    file = report.file
    click.echo(f"{file.source} from {when(file.since)} to {when(file.until)}: {report.statement.lines} lines.")
    if report.dry_run:
        click.echo("A dry run: nothing was written.")
    if report.seen.count:
        click.echo(f"{report.seen.count} lines were reconciled with an earlier file.")
    both = [(found.value, report.lines.get(found), report.book.get(found)) for found in _found(report)]
    rows = [(name, *_both(there, file), *_both(here, file)) for name, there, here in both]
    print_table(("class", "lines", "took", "payments", "booked"), rows)
    for check in report.checks:
        click.echo(f"{check.name}: {'holds' if check.holds else 'DOES NOT HOLD'} ({check.detail})")
    for proof, count in report.settled.items():
        click.echo(f"{'Would settle' if report.dry_run else 'Settled'} as {proof}: {count}.")
    if report.waits:
        click.echo(f"{len(report.waits)} payments are not in this file; the next one may tell of them.")


def _tell_queue(report: Report) -> None:
    if not report.queue:
        return
    click.echo(f"For two operators, in `loket review list`: {len(report.queue)}.")
    rows = [
        (
            one.break_id,
            one.found,
            one.number or "-",
            one.payment_id or "-",
            _money(one.over_minor, one.currency),
            one.proposed,
        )
        for one in report.queue
    ]
    print_table(("break", "class", "line", "payment", "over", "proposed"), rows)


def _found(report: Report) -> list[Found]:
    return [found for found in Found if found in report.lines or found in report.book]


def _both(total: Total | None, file: StatementFile) -> tuple[str, str]:
    return (str(total.count), _money(total.minor, file.currency)) if total else ("-", "-")


def _money(minor: int, currency: str) -> str:
    return money(Money(minor, currency))


def _print_plain(report: Report) -> None:
    """One object for the file, then one a line of the queue."""
    file = report.file
    print_json(
        {
            "provider": file.source,
            "digest": file.digest,
            "since": file.since,
            "until": file.until,
            "known": report.known,
            "dry_run": report.dry_run,
            "whole": file.whole,
            "took_minor": file.took_minor,
            "currency": file.currency,
            "lines": {found.value: {"count": one.count, "minor": one.minor} for found, one in report.lines.items()},
            "payments": {found.value: {"count": one.count, "minor": one.minor} for found, one in report.book.items()},
            "seen": report.seen.count,
            "settled": dict(report.settled),
            "waits": list(report.waits),
            "checks": {check.name: check.holds for check in report.checks},
            "unexplained_minor": report.deposit.unexplained_minor if report.deposit else None,
            "queue": len(report.queue),
        }
    )
    print_json(*report.queue)
