"""`loket reconcile FILE --bank BCA`: a bank's statement against the book."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from adapters.wiring import Wired, read_bank_file
from console.commands.open import print_json, print_table, with_counter
from core.domain.bank_line import BankLine, written
from core.domain.bank_sorting import BankAccount, Sort
from core.domain.day_cut import DayClosing
from core.services.reconcile.bank import BankOutcome, reconcile_bank_file
from core.services.reconcile.safeguard import safeguard

# Nobody has to look at these any more.
DONE = frozenset({Sort.MATCHED, Sort.TICKET, Sort.FUNDED})


def reconcile_bank(path: Path, *, bank: str, by: str, json_: bool) -> None:
    """Read a file, post what it proves, and tell what came of each line. Exit code 1 when something waits."""
    raw = path.read_bytes()

    async def read(parts: Wired) -> BankOutcome:
        statements = read_bank_file(raw, bank=bank)
        account = parts.accounts.get(bank) or BankAccount(bank, "")
        outcome = await reconcile_bank_file(parts.counter, parts.store.books, statements, account, by=by)
        await _tell_days(parts, outcome)
        return outcome

    outcome = with_counter(read)
    if json_:
        _print_plain(outcome)
    else:
        _tell(outcome)
    if outcome.gaps or outcome.not_at_bank or any(line.sort not in DONE for line in outcome.new):
        raise SystemExit(1)


async def _tell_days(parts: Wired, outcome: BankOutcome) -> None:
    """What the bank has told is news about days that were cut."""
    if not any(one.trust for one in parts.accounts.values()):
        return
    for day in sorted({one.closed_on for one in outcome.statements}):
        if await parts.store.read(DayClosing, day.isoformat()) is not None:
            await safeguard(parts.counter, parts.store.books, day, parts.accounts.values())


def _tell(outcome: BankOutcome) -> None:
    for one in outcome.statements:
        opens, closes = written(one.opening_minor, one.currency), written(one.closing_minor, one.currency)
        click.echo(f"Statement {one.number} until {one.closed_on}: {len(one.lines)} lines, from {opens} to {closes}.")
    print_table(
        ("line", "booked", "amount", "is", "entry"),
        [
            (line.evidence, line.booked_on, written(line.minor, line.currency), line.sort, line.entry_key or "-")
            for line in (*outcome.new, *outcome.later)
        ],
    )
    if outcome.again:
        click.echo(f"{len(outcome.again)} lines were read before.")
    for gap in outcome.gaps:
        click.echo(f"Something is missing before statement {gap.number} from {gap.opened_on}.")
    for entry in outcome.in_transit:
        click.echo(f"Entry {entry.index} of {entry.day} ({entry.key}) is not at the bank yet.")
    for entry in outcome.not_at_bank:
        click.echo(f"Entry {entry.index} of {entry.day} ({entry.key}) should be at the bank and is not.")
    waiting = Counter(line.sort for line in outcome.new if line.sort not in DONE)
    if waiting:
        listed = ", ".join(f"{count} {sort}" for sort, count in sorted(waiting.items()))
        click.echo(f"For two operators, in `loket review list`: {listed}.")


def _print_plain(outcome: BankOutcome) -> None:
    """One object a line of the statement; then one for each thing that is missing."""
    print_json(*(_plain(line, known=False) for line in (*outcome.new, *outcome.later)))
    print_json(*(_plain(line, known=True) for line in outcome.again))
    print_json(*({"missing": "statement", "before": gap.opened_on, "bank": gap.bank} for gap in outcome.gaps))
    print_json(*({"missing": "line", "entry": one.index, "day": one.day} for one in outcome.not_at_bank))
    print_json(*({"in_transit": one.index, "day": one.day} for one in outcome.in_transit))


def _plain(line: BankLine, *, known: bool) -> dict[str, object]:
    return {
        "bank": line.bank,
        "evidence": line.evidence,
        "booked_on": line.booked_on,
        "amount_minor": line.minor,
        "currency": line.currency,
        "sort": line.sort,
        "entry_key": line.entry_key,
        "known": known,
    }
