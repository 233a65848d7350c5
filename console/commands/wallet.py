"""`loket wallet`: what the operator does to wallets."""

from __future__ import annotations

from dataclasses import fields

import click

from adapters.wiring import Wired
from console.commands.asks import Amount, BankWord, Number, as_json, came_with_option, evidence_option, signed
from console.commands.open import money, plain, print_json, wallet_of, when, with_counter
from console.commands.signing import decide, reason_option, signed_by
from core.domain.journal import Entry
from core.domain.money import Money
from core.domain.msisdn import masked
from core.domain.pin import Verdict
from core.domain.wallet import Wallet
from core.services.holder import ProofAtCounter
from core.services.pins import reset_pin as reset_its_pin
from core.services.take_back import take_back_top_up
from core.services.top_up import top_up_wallet

# What the operator may see of a wallet: nobody needs a hash.
SHOWN = [field.name for field in fields(Wallet) if not field.name.endswith("_hash")]


@click.group()
def wallet() -> None:
    """Show wallets, post top-ups and take them back, reset a PIN, stop a wallet."""


@wallet.command(epilog="\b\nExample:\n  loket wallet show +6281234567890")
@click.argument("number", type=Number())
@as_json
def show(number: str, json_: bool) -> None:
    """Show one wallet and its last payments."""

    async def look(parts: Wired) -> None:
        found = await wallet_of(parts, number)
        if json_:
            print_json({name: plain(found)[name] for name in SHOWN})
            return
        click.echo(f"{masked(found.msisdn)}  {found.state}  {money(found.available)}  since {when(found.opened_at)}")
        for payment in await parts.store.payments_of(found.wallet_id, limit=10):
            click.echo(f"  {payment.payment_id}  {payment.state:<11} {money(payment.total):>16}  {payment.product_id}")

    with_counter(look)


TOP_UP_EXAMPLE = """\b
Example:
  loket wallet top-up +6281234567890 50000 --bank BCA --evidence TRX-20261120-001
"""


@wallet.command("top-up", epilog=TOP_UP_EXAMPLE)
@click.argument("number", type=Number())
@click.argument("amount", type=Amount())
@click.option("--bank", required=True, type=BankWord(), help="The bank the money came in at.")
@evidence_option
@signed
@as_json
def top_up(number: str, amount: int, bank: str, evidence: str, by: str, json_: bool) -> None:
    """Credit a wallet with money seen on a bank statement. The owner gets a message."""

    async def post(parts: Wired) -> tuple[Money, Wallet, Entry]:
        found = await wallet_of(parts, number)
        sum_ = Money.of(amount, found.currency)
        return sum_, *await top_up_wallet(parts.counter, found.wallet_id, sum_, bank=bank, evidence=evidence, by=by)

    _print_posted(*with_counter(post), json_=json_)


TAKE_BACK_EXAMPLE = """\b
Example:
  loket wallet take-back +6281234567890 50000 --bank TELEGRAM --evidence 5634_1763633000
"""


@wallet.command("take-back", epilog=TAKE_BACK_EXAMPLE)
@click.argument("number", type=Number())
@click.argument("amount", type=Amount())
@click.option("--bank", required=True, type=BankWord(), help="Where the money came in.")
@came_with_option
@signed
@as_json
def take_back(number: str, amount: int, bank: str, evidence: str, by: str, json_: bool) -> None:
    """Take a whole top-up out of a wallet, before it is given back to who paid it. The owner gets a message."""

    async def post(parts: Wired) -> tuple[Money, Wallet, Entry]:
        found = await wallet_of(parts, number)
        sum_ = Money.of(amount, found.currency)
        return sum_, *await take_back_top_up(parts.counter, found.wallet_id, sum_, bank=bank, evidence=evidence, by=by)

    _print_posted(*with_counter(post), json_=json_)


def _print_posted(sum_: Money, found: Wallet, entry: Entry, *, json_: bool) -> None:
    if json_:
        print_json(
            {
                "entry": entry.index,
                "amount_minor": sum_.minor,
                "currency": sum_.currency,
                "available_minor": found.available_minor,
            }
        )
    else:
        click.echo(f"Posted as entry {entry.index}. {masked(found.msisdn)} now has {money(found.available)}.")


@wallet.command("reset-pin", epilog="\b\nExample:\n  loket wallet reset-pin +6281234567890")
@click.argument("number", type=Number())
@as_json
def reset_pin(number: str, json_: bool) -> None:
    """Forget a PIN. The owner chooses a new one when she dials next, and has a cap for a day.

    Asks for the proof of identity given at enrolment, which has no place on a command line.
    """

    async def reset(parts: Wired) -> Wallet:
        found = await wallet_of(parts, number)
        proof = click.prompt("Year of birth", hide_input=True, err=True)
        right = await parts.counter.vault.matches(proof.strip(), found.proof_hash)
        now = parts.counter.clock.now()
        tries, verdict = await parts.store.commit(ProofAtCounter(found.wallet_id, right, now))
        if verdict is Verdict.WRONG:
            raise click.ClickException("That is not the proof given at enrolment. Nothing was changed.")
        if verdict is not Verdict.RIGHT:
            until = f"{tries.paused_until:%Y-%m-%d %H:%M} UTC"
            raise click.ClickException(f"Too many wrong answers for this wallet. It can be tried again at {until}.")
        return await reset_its_pin(parts.counter, found.wallet_id)

    found = with_counter(reset)
    if json_:
        print_json({name: plain(found)[name] for name in SHOWN})
    else:
        click.echo("The PIN is forgotten. The owner chooses a new one when she dials next.")


@wallet.command(epilog='\b\nExample:\n  loket wallet freeze +6281234567890 --as ani --reason "her phone was stolen"')
@click.argument("number", type=Number())
@signed_by
@reason_option
@as_json
def freeze(number: str, by: str, reason: str, json_: bool) -> None:
    """Stop a wallet at once: nobody pays from it. Money still comes in. The owner gets a message."""
    _decide(number, "freeze", by=by, reason=reason, json_=json_)


@wallet.command(epilog='\b\nExample:\n  loket wallet thaw +6281234567890 --as ani --reason "she has a new SIM"')
@click.argument("number", type=Number())
@signed_by
@reason_option
@as_json
def thaw(number: str, by: str, reason: str, json_: bool) -> None:
    """Let a stopped wallet go again: one operator proposes, another one who says the same does it."""
    _decide(number, "thaw", by=by, reason=reason, json_=json_)


@wallet.command(epilog='\b\nExample:\n  loket wallet close +6281234567890 --as ani --reason "she asked for it"')
@click.argument("number", type=Number())
@signed_by
@reason_option
@as_json
def close(number: str, by: str, reason: str, json_: bool) -> None:
    """Close an empty wallet for good: one operator proposes, another one who says the same does it."""
    _decide(number, "close", by=by, reason=reason, json_=json_)


def _decide(number: str, verdict: str, *, by: str, reason: str, json_: bool) -> None:
    async def look(parts: Wired) -> str:
        return (await wallet_of(parts, number)).wallet_id

    decide(f"wallet:{with_counter(look)}", verdict, by=by, reason=reason, json_=json_)
