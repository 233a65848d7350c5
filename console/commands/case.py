"""`loket case`: what customers said is wrong, and what the counter itself found odd."""

from __future__ import annotations

import click

from adapters.wiring import Wired
from console.commands.asks import Amount, BankWord, as_json, came_with_option, signed
from console.commands.open import money, print_json, print_table, when, with_counter
from console.commands.signing import decide, reason_option, signed_by
from core.domain.evidence import Break, Case
from core.domain.journal import Entry
from core.domain.money import Money
from core.services.take_back import take_back_set_aside

AT_MOST = 200


@click.group()
def case() -> None:
    """Cases that customers opened, and breaks the counter found."""


@case.command("list", epilog="\b\nExample:\n  loket case list")
@as_json
def list_(json_: bool) -> None:
    """List what customers said is wrong, the oldest first."""

    async def look(parts: Wired) -> list[Case]:
        return list(await parts.store.open_cases(limit=AT_MOST))

    found = with_counter(look)
    if json_:
        print_json(*found)
    else:
        print_table(
            ("case", "about", "payment", "opened"),
            [(one.number, one.topic, one.payment_id or "-", when(one.opened_at)) for one in found],
        )


@case.command(epilog="\b\nExample:\n  loket case breaks --json")
@as_json
def breaks(json_: bool) -> None:
    """List what did not fit: answers that contradict the book, callbacks that name another amount."""

    async def look(parts: Wired) -> list[Break]:
        return list(await parts.store.open_breaks(limit=AT_MOST))

    found = with_counter(look)
    if json_:
        print_json(*found)
    else:
        print_table(
            ("break", "kind", "payment", "opened", "detail"),
            [(one.break_id, one.kind, one.payment_id or "-", when(one.opened_at), one.detail) for one in found],
        )


@case.command(epilog='\b\nExample:\n  loket case close 123456 --as ani --reason "she found the token"')
@click.argument("number")
@signed_by
@reason_option
@as_json
def close(number: str, by: str, reason: str, json_: bool) -> None:
    """Close a customer's case. She gets a message; the reason stays with us."""
    decide(f"case:{number}", "close", by=by, reason=reason, json_=json_)


@case.command(epilog='\b\nExample:\n  loket case dispute 123456 --as ani --reason "the meter refuses the token"')
@click.argument("number")
@signed_by
@reason_option
@as_json
def dispute(number: str, by: str, reason: str, json_: bool) -> None:
    """Dispute the payment that a case is about. Two operators end it, with `loket review decide`: uphold or reject."""

    async def look(parts: Wired) -> str:
        found = await parts.store.read(Case, number)
        if found is None or found.payment_id is None:
            why = f"Case {number} is about no payment." if found else f"There is no case {number}."
            raise click.ClickException(why)
        return found.payment_id

    decide(f"payment:{with_counter(look)}", "dispute", by=by, reason=reason, json_=json_)


TAKE_BACK_EXAMPLE = """\b
Example:
  loket case take-back 50000 --bank TELEGRAM --evidence 5634_1763633000
"""


@case.command("take-back", epilog=TAKE_BACK_EXAMPLE)
@click.argument("amount", type=Amount())
@click.option("--bank", required=True, type=BankWord(), help="Where the money came in.")
@came_with_option
@signed
@as_json
def take_back(amount: int, bank: str, evidence: str, by: str, json_: bool) -> None:
    """Write down that money which no wallet could take was given back. Its break is closed."""

    async def post(parts: Wired) -> tuple[Money, Entry]:
        sum_ = Money.of(amount, parts.counter.catalogue.currency)
        return sum_, await take_back_set_aside(parts.counter, sum_, bank=bank, evidence=evidence, by=by)

    sum_, entry = with_counter(post)
    if json_:
        print_json({"entry": entry.index, "amount_minor": sum_.minor, "currency": sum_.currency})
    else:
        click.echo(f"Posted {money(sum_)} as entry {entry.index}.")
