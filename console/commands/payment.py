"""`loket payment`: every payment, and all that is known of one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click

from adapters.wiring import Wired
from console.commands.asks import as_json
from console.commands.open import money, plain, print_json, print_table, when, with_counter
from core.domain.msisdn import masked
from core.domain.payment import PAYMENT, Payment
from core.domain.wallet import Wallet
from core.ports import Story

HEADS = ("payment", "state", "total", "product", "reference", "changed")


@click.group()
def payment() -> None:
    """List payments and show all that is known of one."""


LIST_EXAMPLES = """\b
Examples:
  loket payment list --state in_doubt
  loket payment list --state review --json
"""


@payment.command("list", epilog=LIST_EXAMPLES)
@click.option("--state", type=click.Choice(PAYMENT.states), help="Only payments in this state.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(min=1), help="At most so many, the newest first."
)
@as_json
def list_(state: str | None, limit: int, json_: bool) -> None:
    """List payments, the newest first."""

    async def look(parts: Wired) -> list[Payment]:
        return list(await parts.store.newest_payments(state=state, limit=limit))

    found = with_counter(look)
    if json_:
        print_json(*found)
    else:
        print_table(HEADS, map(_row, found))


@payment.command(epilog="\b\nExample:\n  loket payment show 01jd3k5x…")
@click.argument("payment_id")
@as_json
def show(payment_id: str, json_: bool) -> None:
    """Show a payment: its attempts, what the provider said, and its entries in the journal."""

    async def look(parts: Wired) -> None:
        found = await parts.store.read(Payment, payment_id)
        if found is None:
            raise click.ClickException(f"There is no payment {payment_id}.")
        story = await parts.store.story_of(payment_id)
        if json_:
            print_json({**plain(found), **_plain_story(story)})
            return
        owner = await parts.store.read(Wallet, found.wallet_id)
        _print_payment(found, owner)
        _print_story(story)

    with_counter(look)


def _plain_story(story: Story) -> dict[str, Any]:
    return {field.name: [plain(one) for one in getattr(story, field.name)] for field in fields(story)}


def _row(p: Payment) -> tuple[str, ...]:
    return p.payment_id, p.state, money(p.total), p.product_id, masked(p.reference), when(p.changed_at)


def _print_payment(p: Payment, owner: Wallet | None) -> None:
    click.echo(f"{p.payment_id}  {p.state}  {money(p.total)} (fee {money(p.fee)})")
    click.echo(f"  {p.product_id} {masked(p.reference)}")
    click.echo(
        f"  customer {masked(owner.msisdn) if owner else '-'}, authorized {when(p.authorized_at)} by {p.channel}"
    )
    if p.receipt:
        click.echo(f"  receipt {p.receipt}, cost {p.cost_minor} minor, serial {p.serial or '-'}")
    if p.reason:
        click.echo(f"  because {p.reason}")
    if p.look_at:
        click.echo(f"  looked at {p.looks} times, next at {when(p.look_at)}")


def _print_story(story: Story) -> None:
    for attempt in story.attempts:
        outcome = attempt.outcome or "not settled"
        click.echo(f"  attempt {attempt.number} at {attempt.provider}: {attempt.key}, {outcome}")
    for word in story.evidence:
        click.echo(f"    {when(word.at)}  {word.source:<8} {word.code:<14} proves {word.proves}")
    for entry in story.entries:
        click.echo(f"  entry {entry.index}  {entry.kind}  {when(entry.at)}")
        for posting in entry.postings:
            click.echo(f"    {posting.account:<40} {posting.minor:>16,}")
    for broken in story.breaks:
        click.echo(f"  break {broken.break_id}  {broken.kind}: {broken.detail}")
