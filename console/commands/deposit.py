"""`loket deposit`: our prefunded balance at a provider, in the book and as the provider sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from adapters.wiring import Wired
from console.commands.asks import Amount, BankWord, as_json, evidence_option, signed
from console.commands.open import money, print_json, print_table, with_counter
from core.domain.journal import Entry
from core.domain.money import Money
from core.ports import BillerGateway
from core.services.reconcile.funds import Moved, moved_to
from core.services.top_up import fund_provider

FUND_EXAMPLE = """\b
Example:
  loket deposit fund digiflazz 10000000 --bank BCA --evidence TRX-20261120-009
"""


@click.group()
def deposit() -> None:
    """Fund and compare our deposit at a provider."""


@deposit.command(epilog=FUND_EXAMPLE)
@click.argument("provider")
@click.argument("amount", type=Amount())
@click.option("--bank", required=True, type=BankWord(), help="The bank the money left from.")
@evidence_option
@signed
@as_json
def fund(provider: str, amount: int, bank: str, evidence: str, by: str, json_: bool) -> None:
    """Write down a transfer from a bank to our deposit."""

    async def post(parts: Wired) -> tuple[Money, Entry]:
        _known(parts, provider)
        sum_ = Money.of(amount, parts.counter.catalogue.currency)
        return sum_, await fund_provider(parts.counter, provider, sum_, bank=bank, evidence=evidence, by=by)

    sum_, entry = with_counter(post)
    if json_:
        print_json({"entry": entry.index, "provider": provider, "amount_minor": sum_.minor, "currency": sum_.currency})
    else:
        click.echo(f"Posted {money(sum_)} as entry {entry.index}.")


@deposit.command(epilog="\b\nExample:\n  loket deposit show digiflazz")
@click.argument("provider")
@as_json
def show(provider: str, json_: bool) -> None:
    """Compare our book with what the provider says. Payments under way explain a small difference."""

    async def look(parts: Wired) -> tuple[Money, Money]:
        gateway = _known(parts, provider)
        booked = await parts.store.balance_of(f"deposit:{provider}")
        return Money(booked, parts.counter.catalogue.currency), await gateway.balance()

    ours, theirs = with_counter(look)
    if json_:
        print_json({"booked_minor": ours.minor, "provider_minor": theirs.minor, "currency": ours.currency})
        return
    click.echo(f"in our book   {money(ours):>20}")
    click.echo(f"at {provider:<11}{money(theirs):>20}")
    click.echo(f"difference    {money(theirs - ours):>20}")


@deposit.command(epilog="\b\nExample:\n  loket deposit moved digiflazz")
@click.argument("provider")
@as_json
def moved(provider: str, json_: bool) -> None:
    """List our transfers to a provider of the last weeks, and whether the bank and the provider have confirmed them.

    Both do it by their statements: see `loket reconcile`.
    """

    async def look(parts: Wired) -> tuple[date, Sequence[Moved]]:
        today = parts.counter.day(parts.counter.clock.now())
        return today, await moved_to(parts.store.books, provider, today=today)

    today, found = with_counter(look)
    rows = [
        {
            "entry": one.entry.index,
            "day": one.entry.day,
            "amount_minor": one.minor,
            "currency": one.entry.currency,
            "bank": one.bank,
            "at_bank": one.at_bank,
            "at_provider": one.at_provider,
            "state": one.state(today),
        }
        for one in found
    ]
    if json_:
        print_json(*rows)
        return
    heads = ("entry", "day", "amount", "from", "bank's line", "provider's line", "state")
    sums = [money(Money(one.minor, one.entry.currency)) for one in found]
    said = {True: "yes", False: "-"}
    print_table(
        heads,
        [
            (row["entry"], row["day"], sum_, row["bank"], said[one.at_bank], said[one.at_provider], row["state"])
            for row, sum_, one in zip(rows, sums, found, strict=True)
        ],
    )


def _known(parts: Wired, provider: str) -> BillerGateway:
    gateway = parts.counter.gateways.get(provider)
    if gateway is None:
        known = ", ".join(parts.counter.gateways) or "none is set up"
        raise click.ClickException(f"There is no provider {provider}; there is: {known}.")
    return gateway
