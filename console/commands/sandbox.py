"""`loket sandbox`: the sandbox provider as a process of its own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from adapters.sandbox import FAULTS, SandboxOptions, UnusableBook, script_table, serve

F = TypeVar("F", bound=Callable[..., Any])

REAL_LATENCY_MS = (200, 900)
NO_LATENCY_MS = (0, 0)
PORT, NOT_LESS = click.IntRange(0, 65_535), click.IntRange(min=0)
DEFAULTS = SandboxOptions()
EXAMPLE = """\b
Examples:
  loket sandbox
  loket sandbox --quick --data-file sandbox.db --callback-url http://127.0.0.1:8080/providers/digiflazz
  loket sandbox --rate slow=0.1 --rate error_after=0.02 --seed 7
"""


def _numbers() -> Iterable[Sequence[str]]:
    return script_table()


def _faults() -> Iterable[Sequence[str]]:
    return ((name, fault.story) for name, fault in FAULTS.items())


def _table_option(name: str, rows: Callable[[], Iterable[Sequence[str]]], *, says: str) -> Callable[[F], F]:
    """An option that prints a table and ends, as --help does."""

    def print_and_end(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo("\n".join(_aligned(list(rows()))))
            context.exit()

    return click.option(name, is_flag=True, is_eager=True, expose_value=False, callback=print_and_end, help=says)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _read_rates(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    try:
        return {name: float(rate) for name, rate in (item.split("=") for item in given)}
    except ValueError:
        raise click.BadParameter("write it as NAME=CHANCE, such as slow=0.1.") from None


rates_option = click.option(
    "--rate", "rates", multiple=True, callback=_read_rates, help="Chance of a fault, such as slow=0.1."
)


@click.command(epilog=EXAMPLE, context_settings={"show_default": True})
@click.option("--host", default=DEFAULTS.host, help="Address to listen on.")
@click.option("--port", default=DEFAULTS.port, type=PORT, help="Port; 0 takes any free one.")
@click.option(
    "--username",
    default=DEFAULTS.username,
    envvar="LOKET_DIGIFLAZZ_USERNAME",
    show_envvar=True,
    help="Name of the buyer.",
)
@click.option(
    "--key", default=DEFAULTS.api_key, envvar="LOKET_DIGIFLAZZ_KEY", show_envvar=True, help="Key of the buyer."
)
@click.option(
    "--webhook-secret",
    default=DEFAULTS.webhook_secret,
    envvar="LOKET_DIGIFLAZZ_WEBHOOK_SECRET",
    show_envvar=True,
    help="What callbacks are signed with.",
)
@click.option("--callback-url", help="Where callbacks go, on this machine; nowhere unless given.")
@click.option("--data-file", type=click.Path(dir_okay=False, path_type=Path), help="Keep what was sold in this file.")
@click.option("--deposit", default=DEFAULTS.opening_deposit, type=NOT_LESS, help="Opening deposit in rupiah.")
@rates_option
@click.option("--seed", default=DEFAULTS.seed, help="Seed of tokens, bills and chance.")
@click.option("--settle-after", default=DEFAULTS.settle_after_s, type=NOT_LESS, help="Seconds a sale is pending.")
@click.option("--slow", default=DEFAULTS.slow_s, help="Seconds a slow answer takes.")
@click.option("--quick", is_flag=True, help="Answer at once, not after 0.2 to 0.9 seconds.")
@_table_option("--list-numbers", _numbers, says="Print the test numbers and end.")
@_table_option("--list-faults", _faults, says="Print the faults and end.")
def sandbox(quick: bool, **chosen: Any) -> None:
    """Run the sandbox provider: the Digiflazz buyer API, with nobody's money.

    It sells airtime, data, electricity tokens and bills, remembers what it sold, and fails on demand: by test number,
    by chance, or as told at POST /sandbox/faults. GET /sandbox/ledger shows what it sold.
    """
    try:
        asyncio.run(_serve(_options(latency_ms=NO_LATENCY_MS if quick else REAL_LATENCY_MS, **chosen)))
    except (ValueError, UnusableBook) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    except OSError as trouble:
        raise click.ClickException(f"Cannot listen on {chosen['host']}:{chosen['port']}: {trouble}") from trouble


def _options(*, key: str, deposit: int, settle_after: int, slow: float, **named_alike: Any) -> SandboxOptions:
    return SandboxOptions(api_key=key, opening_deposit=deposit, settle_after_s=settle_after, slow_s=slow, **named_alike)


async def _serve(options: SandboxOptions) -> None:
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    await serve(options, started=lambda address: _welcome(options, address), stop=stop)


def _welcome(options: SandboxOptions, address: str) -> None:
    kept = f"in {options.data_file}" if options.data_file else "in memory, until it ends"
    click.echo(f"Sandbox provider for {options.username} at {address}/v1, kept {kept}.")
    click.echo(f"What it sold: {address}/sandbox/ledger")
