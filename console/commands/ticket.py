"""`loket ticket`: transfers that customers said they would send, each known again by its sum."""

from __future__ import annotations

import click

from adapters.wiring import Wired
from console.commands.asks import Amount, BankWord, as_json, evidence_option, signed
from console.commands.open import money, print_json, print_table, when, with_counter
from core.domain.money import Money
from core.domain.msisdn import masked
from core.domain.ticket import Ticket
from core.domain.wallet import Wallet
from core.services.ticket import TicketMet, post_ticket

AT_MOST = 1000


@click.group()
def ticket() -> None:
    """Show which transfers are awaited, and post the one that came."""


@ticket.command("list", epilog="\b\nExample:\n  loket ticket list")
@as_json
def list_(json_: bool) -> None:
    """List the transfers that are awaited, the newest first; also those that have run out."""

    async def look(parts: Wired) -> list[tuple[Ticket, str]]:
        awaited = await parts.store.tickets_awaited(limit=AT_MOST)
        return [(one, await _number_of(parts, one)) for one in awaited]

    found = with_counter(look)
    if json_:
        print_json(*(one for one, _ in found))
    else:
        print_table(
            ("sum", "asked", "number", "opened", "good until"),
            [
                (money(one.amount), money(one.asked), number, when(one.opened_at), when(one.good_until))
                for one, number in found
            ],
        )


async def _number_of(parts: Wired, one: Ticket) -> str:
    wallet = await parts.store.read(Wallet, one.wallet_id)
    return masked(wallet.msisdn) if wallet else "-"


POST_EXAMPLE = """\b
Example:
  loket ticket post 50371 --bank BCA --evidence TRX-20261120-001
"""


@ticket.command(epilog=POST_EXAMPLE)
@click.argument("amount", type=Amount())
@click.option("--bank", required=True, type=BankWord(), help="The bank the money came in at.")
@evidence_option
@signed
@as_json
def post(amount: int, bank: str, evidence: str, by: str, json_: bool) -> None:
    """Credit whoever was asked to send just this sum. The owner gets a message."""

    async def meet(parts: Wired) -> TicketMet:
        sum_ = Money.of(amount, parts.counter.catalogue.currency)
        return await post_ticket(parts.counter, sum_, bank=bank, evidence=evidence, by=by)

    met = with_counter(meet)
    if json_:
        print_json(
            {
                "entry": met.entry.index,
                "wallet_id": met.wallet.wallet_id,
                "amount_minor": met.ticket.amount_minor,
                "currency": met.ticket.currency,
                "available_minor": met.wallet.available_minor,
                "late": met.late,
            }
        )
        return
    click.echo(f"Posted as entry {met.entry.index}. {masked(met.wallet.msisdn)} now has {money(met.wallet.available)}.")
    if met.late:
        click.echo(f"The ticket had run out at {when(met.ticket.good_until)}.")
