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
from console.logs import log_aside
from core.domain.journal import Entry
from core.domain.money import EXPONENT, Money
from core.domain.wallet import Wallet
from core.ports import Contact

Result = TypeVar("Result")


def with_counter(work: Callable[[Wired], Awaitable[Result]]) -> Result:
    """Open the configured store beside whoever serves it, do one thing, close."""
    log_aside()

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


# ---- results for a program


def print_json(*rows: Any) -> None:
    """One object a line; money as `…_minor` and `currency`, times in ISO 8601."""
    for row in rows:
        click.echo(json.dumps(plain(row), ensure_ascii=False))


def plain(row: Any) -> dict[str, Any]:
    """A record as JSON has it."""
    if isinstance(row, Entry):
        legs = [{"account": leg.account, "amount_minor": leg.minor} for leg in row.postings]
        return {"index": row.index, **_fields(row), "postings": legs}
    return _fields(row)


def _fields(row: Any) -> dict[str, Any]:
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


# ---- results for a person


def print_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Columns as wide as they need to be; a sentence when there is nothing to show."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    if len(cells) == 1:
        click.echo("There is none.")
        return
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def money(amount: Money) -> str:
    """`-20.000 IDR`, `12,50 KES`: thousands in groups, the rest only where there is one."""
    exponent = EXPONENT[amount.currency]
    whole, rest = divmod(abs(amount.minor), 10**exponent)
    grouped = f"{whole:,}".replace(",", ".")
    sign = "-" if amount.minor < 0 else ""
    return f"{sign}{grouped}{f',{rest:0{exponent}}' if rest else ''} {amount.currency}"


def when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else "-"
