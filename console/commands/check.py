"""`loket check`: every invariant of the money, on the configured store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click

from adapters.settings import load
from adapters.wiring import Wired
from console.commands.open import print_json, with_counter
from core.domain.invariants import RULES, Contents, Days, Leg, Violation, tree_violations, violations
from core.domain.message import Message
from core.domain.payment import Attempt, Payment
from core.domain.wallet import Wallet

Row = TypeVar("Row")
Advance = Callable[[int], None]

EXAMPLES = """\b
Examples:
  loket check
  loket check --json
"""
SHOWN = 20
STEP = 1_000
LARGE = 100_000  # entries, from which on a second process is worth its start


@click.command(epilog=EXAMPLES)
@click.option("--json", "json_", is_flag=True, help="One JSON object with all that was found.")
def check(json_: bool) -> None:
    """Prove every invariant on the configured store, also while it is served.

    The whole store is read as it stands at one moment. Exit code 1 when anything is wrong; nothing is ever changed.
    """
    name = load().database_url
    path = Path(name.removeprefix("sqlite:///"))
    if name.startswith("sqlite:") and not path.exists():
        raise click.ClickException(f"There is no store at {path} yet.")
    report = with_counter(_examined)
    if json_:
        print_json({"whole": not report.found, "rules": len(RULES), **report.counted, "violations": report.rows})
    else:
        _tell(report)
    if report.found:
        raise SystemExit(1)


@dataclass(frozen=True, slots=True)
class Report:
    """How much was read, and what was wrong with it."""

    counted: dict[str, int]
    found: list[Violation]

    def and_of(self, more: list[Violation]) -> Report:
        return Report(self.counted, [*self.found, *more])

    @property
    def rows(self) -> list[dict[str, str]]:
        return [asdict(violation) for violation in self.found]


async def _examined(parts: Wired) -> Report:
    """A large tree is made again by a second process meanwhile: it takes half as long as all the rest."""
    async with parts.store.snapshot() as snapshot:
        counted = await snapshot.consider(lambda contents: contents.counted())
        if counted["entries"] < LARGE:
            report = await snapshot.consider(lambda contents: _examine(contents, counted))
            return report.and_of(await snapshot.consider(lambda contents: list(tree_violations(contents))))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
            tree = beside.submit(broken_tree)
            report = await snapshot.consider(lambda contents: _examine(contents, counted))
            return report.and_of(tree.result())


def broken_tree() -> list[Violation]:
    """What is wrong with the tree over the journal, from a snapshot of its own."""

    async def examined(parts: Wired) -> list[Violation]:
        async with parts.store.snapshot() as snapshot:
            return await snapshot.consider(lambda contents: list(tree_violations(contents)))

    return with_counter(examined)


def _examine(contents: Contents, counted: dict[str, int]) -> Report:
    legs = counted.pop("legs")
    with click.progressbar(
        length=legs + sum(counted.values()) - counted["entries"],
        label="Checking",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        return Report(counted, list(violations(Counted(contents, bar.update))))


@dataclass(frozen=True, slots=True)
class Counted:
    """Contents that say how far they have been read."""

    contents: Contents
    advance: Advance

    def messages(self) -> Iterator[Message]:
        return self._seen(self.contents.messages())

    def legs(self) -> Iterator[Leg]:
        return self._seen(self.contents.legs())

    def wallets(self) -> Iterator[Wallet]:
        return self._seen(self.contents.wallets())

    def payments(self) -> Iterator[Payment]:
        return self._seen(self.contents.payments())

    def attempts(self) -> Iterator[Attempt]:
        return self._seen(self.contents.attempts())

    def days(self) -> Days:
        """Few rows beside the journal's, which the database adds up."""
        return self.contents.days()

    def _seen(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Told of a thousand at a time: a bar that moves at every row takes longer than the row."""
        read = 0
        for row in rows:
            read += 1
            if read % STEP == 0:
                self.advance(STEP)
            yield row
        self.advance(read % STEP)


def _tell(report: Report) -> None:
    read = ", ".join(f"{count:,} {what}" for what, count in report.counted.items())
    if not report.found:
        click.echo(f"All {len(RULES)} invariants hold: {read}.")
        return
    broken = dict.fromkeys(violation.rule for violation in report.found)
    click.echo(f"{len(report.found)} breaches of {len(broken)} invariants, in {read}.")
    for rule in broken:
        mine = [violation for violation in report.found if violation.rule == rule]
        click.echo(f"Broken ({rule}): {RULES[rule]}.")
        for violation in mine[:SHOWN]:
            click.echo(f"  {violation.subject}  {violation.detail}")
        if len(mine) > SHOWN:
            click.echo(f"  and {len(mine) - SHOWN} more; --json shows all")
