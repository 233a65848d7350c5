"""`loket operator`: who may decide."""

from __future__ import annotations

import click

from adapters.wiring import Wired
from console.commands.asks import as_json
from console.commands.open import print_json, print_table, when, with_counter
from console.commands.signing import OperatorName, decide, identified, passphrase, signed_by
from core.domain.operator import Operator
from core.services.employ import add_operator, change_passphrase


@click.group()
def operator() -> None:
    """Say who may decide: two of them together, each with a passphrase."""


ADD_EXAMPLES = """\b
Examples:
  loket operator add ani
  loket operator add cici --as ani
"""


@operator.command(epilog=ADD_EXAMPLES)
@click.argument("name", type=OperatorName())
@click.option("--as", "by", type=OperatorName(), help="Which operator says so; not for the first two.")
def add(name: str, by: str | None) -> None:
    """Add an operator. The first two are added freely; every later one is admitted by two others.

    The passphrase is asked, twice, at the terminal of whoever is added; without a terminal it is a line of standard
    input, after the one of the operator who adds her.
    """

    async def employ(parts: Wired) -> str:
        adds = await identified(parts, by) if by else None
        return await add_operator(parts.counter, name, passphrase(name, twice=True), by=adds)

    click.echo(with_counter(employ))


@operator.command("list", epilog="\b\nExample:\n  loket operator list --json")
@as_json
def list_(json_: bool) -> None:
    """List operators, those that are closed as well."""

    async def look(parts: Wired) -> list[Operator]:
        return list(await parts.store.operators())

    found = with_counter(look)
    if json_:
        print_json(*({"name": one.name, "state": _state(one), "added_at": one.added_at} for one in found))
    else:
        rows = [(one.name, _state(one), one.added_by or "-", when(one.added_at)) for one in found]
        print_table(("operator", "state", "added by", "added"), rows)


@operator.command(epilog="\b\nExample:\n  loket operator close ani --as budi")
@click.argument("name", type=OperatorName())
@signed_by
@as_json
def close(name: str, by: str, json_: bool) -> None:
    """End what an operator may do, at once. Another one does it, and two must be left."""
    decide(f"operator:{name}", "close", by=by, reason="no operator any more", json_=json_)


@operator.command("passphrase", epilog="\b\nExample:\n  loket operator passphrase ani")
@click.argument("name", type=OperatorName())
def passphrase_(name: str) -> None:
    """Change a passphrase. Asks for the present one, and for the new one twice."""

    async def change(parts: Wired) -> Operator:
        operator = await identified(parts, name)
        return await change_passphrase(parts.counter, operator, passphrase(name, twice=True))

    click.echo(f"{with_counter(change).name} has a new passphrase.")


def _state(one: Operator) -> str:
    if one.closed_at is not None:
        return "closed"
    return "open" if one.admitted_at is not None else "to be admitted"
