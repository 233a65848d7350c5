"""`loket day`: accounting days that are over, and customers' money at their ends."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from adapters.wiring import Wired
from console.commands.asks import as_json, signed
from console.commands.open import money, print_json, print_table, with_counter
from console.sheets import Sheet, csv_of, page_of
from core.domain.bank_line import written
from core.domain.day_cut import ONE_DAY, DayCut
from core.domain.money import Money
from core.domain.safeguarding import Position
from core.services.cut_day import cut_day
from core.services.reconcile.safeguard import position_of, safeguard

CUT_EXAMPLES = """\b
Examples:
  loket day cut
  loket day cut --day 2026-11-20
"""
SHOW_EXAMPLES = """\b
Examples:
  loket day show 2026-11-20
  loket day show 2026-11-20 --csv day.csv --page day.html
  loket day show 2026-11-20 --json
"""


class Day(click.ParamType[date]):
    """A calendar day in ISO 8601."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is no day like 2026-11-20.", param, ctx)


@click.group()
def day() -> None:
    """Cut accounting days, and show customers' money at their ends."""


@day.command(epilog=CUT_EXAMPLES)
@click.option("--day", "which", type=Day(), help="The last day to be closed.  [default: yesterday]")
@signed
@as_json
def cut(which: date | None, by: str, json_: bool) -> None:
    """Close a day that is over, with all days before it: nothing is posted on them any more.

    The running counter does it by itself some minutes after midnight.
    """

    async def close(parts: Wired) -> DayCut:
        counter, books = parts.counter, parts.store.books
        yesterday = counter.day(counter.clock.now()) - ONE_DAY
        done = await cut_day(counter, books, which or yesterday, by=by)
        await safeguard(counter, books, done.date, parts.accounts.values())
        return done

    done = with_counter(close)
    if json_:
        print_json(done)
    else:
        click.echo(f"{done.day} is cut, at entry {done.last_index}.")


@day.command(epilog=SHOW_EXAMPLES)
@click.argument("which", metavar="DAY", type=Day())
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write it as CSV as well.")
@click.option("--page", "page_file", type=click.Path(dir_okay=False, path_type=Path), help="Write it as HTML as well.")
@as_json
def show(which: date, csv_file: Path | None, page_file: Path | None, json_: bool) -> None:
    """What we owed customers at the end of a day against what lay in the trust accounts, line by line."""

    async def look(parts: Wired) -> Position:
        return await position_of(parts.counter, parts.store.books, which, parts.accounts.values())

    found = with_counter(look)
    sheets = sheets_of(found)
    if csv_file:
        csv_file.write_text(csv_of(sheets), "utf-8", newline="")
    if page_file:
        page_file.write_text(page_of(f"Customers' money on {which}", sheets, alarm=said_of(found)), "utf-8")
    if json_:
        print_json(_plain(found))
        return
    for sheet in sheets:
        click.echo(f"\n{sheet.title}")
        print_table(sheet.heads, sheet.rows)
    click.echo(f"\n{said_of(found) or 'The trust accounts cover what we owe.'}")


def said_of(found: Position) -> str:
    """What an operator must know at once; blank when all is well."""
    if not found.accounts:
        return "No account is set up as a trust account: see LOKET_BANK_ACCOUNTS."
    if found.short_minor:
        return f"The trust accounts lack {money(Money(found.short_minor, found.currency))} of what we owe."
    if found.banked_minor is None:
        return "The bank has not told its balances of this day yet: this is by our book alone."
    return ""


def sheets_of(found: Position) -> list[Sheet]:
    """The report as tables, amounts in major units."""

    def said(minor: int | None) -> str:
        return "not told" if minor is None else written(minor, found.currency).removesuffix(f" {found.currency}")

    heads = ("", found.currency)
    whole = [
        ("we owe customers", said(found.owed_minor)),
        ("in the trust accounts, by our book", said(found.booked_minor)),
        ("in the trust accounts, by the banks", said(found.banked_minor)),
        ("lacking", said(found.short_minor)),
    ]
    sheets = [
        Sheet(f"Customers' money at the end of {found.day}", heads, whole),
        Sheet("What we owe", heads, [(item.what, said(item.minor)) for item in found.owed]),
        Sheet(
            "Why the trust accounts hold more or less, by our book",
            heads,
            [(item.what, said(item.minor)) for item in found.cover],
        ),
    ]
    for account in found.accounts:
        rows = [("by our book", said(account.booked_minor))]
        rows += [(item.what, said(item.minor)) for item in account.steps]
        rows.append(("in no statement that was read", said(account.unexplained)))
        told = account.statement
        until = f"by the statement until {told.closed_on}" if told else "by the bank"
        rows.append((until, said(told.closing_minor if told else None)))
        sheets.append(Sheet(f"From our book to the bank: {account.bank}", heads, rows))
    return sheets


def _plain(found: Position) -> dict[str, Any]:
    def items(listed: Any) -> list[dict[str, Any]]:
        return [{"what": item.what, "amount_minor": item.minor} for item in listed]

    return {
        "day": found.day,
        "currency": found.currency,
        "owed_minor": found.owed_minor,
        "booked_minor": found.booked_minor,
        "banked_minor": found.banked_minor,
        "short_minor": found.short_minor,
        "owed": items(found.owed),
        "cover": items(found.cover),
        "accounts": [
            {
                "bank": one.bank,
                "booked_minor": one.booked_minor,
                "banked_minor": one.statement.closing_minor if one.statement else None,
                "banked_on": one.statement.closed_on if one.statement else None,
                "steps": items(one.steps),
                "unexplained_minor": one.unexplained,
            }
            for one in found.accounts
        ],
    }
