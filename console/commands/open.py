"""What the operator's commands have in common: the counter as a guest beside a server, and how results are printed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import click

from adapters.settings import load
from adapters.wiring import Wired, wired
from core.domain.money import Money, NotAnAmount, parse_amount
from core.domain.msisdn import Msisdn, e164
from core.domain.wallet import Wallet
from core.ports import Contact

Result = TypeVar("Result")


def with_counter(work: Callable[[Wired], Awaitable[Result]]) -> Result:
    """Open the configured store beside whoever serves it, do one thing, close."""

    async def run() -> Result:
        async with wired(load(), owner=False) as parts:
            return await work(parts)

    return asyncio.run(run())


async def wallet_of(parts: Wired, number: str) -> Wallet:
    """The wallet a phone number answers for. Says so when there is none."""
    contact = await parts.store.read(Contact, "ussd", number)
    wallet = await parts.store.read(Wallet, contact.wallet_id) if contact else None
    if wallet is None:
        raise click.ClickException(f"No wallet has the number {number}.")
    return wallet


class Number(click.ParamType[Msisdn]):
    """A phone number in E.164."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Msisdn:
        try:
            return e164(value)
        except ValueError:
            self.fail(f"{value} is not a phone number like +6281234567890.", param, ctx)


class Amount(click.ParamType[int]):
    """A positive amount in whole major units, as `50000` or `50.000`."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return parse_amount(value, "IDR").major
        except NotAnAmount:
            self.fail(f"{value} is not an amount: write whole rupiah, like 50000.", param, ctx)


def print_json(*rows: Any) -> None:
    """One object a line; money as `…_minor` and `currency`, times in ISO 8601."""
    for row in rows:
        click.echo(json.dumps(plain(row), ensure_ascii=False))


def plain(row: Any) -> Any:
    """A record as JSON has it."""
    fields = asdict(row) if is_dataclass(row) and not isinstance(row, type) else row
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case _:
            return value


def print_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Columns as wide as they need to be."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def money(amount: Money) -> str:
    return f"{amount.major:,} {amount.currency}".replace(",", ".")


def when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else "-"
