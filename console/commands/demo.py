"""`loket demo`: the whole counter on this machine, with both phones of its people in a browser page."""

from __future__ import annotations

import asyncio
import signal
import webbrowser
from pathlib import Path

import click

from console.commands.sandbox import rates_option
from console.demo.folder import folder_at
from console.demo.run import Wishes, demo_in
from console.logs import log_json

USUAL = Wishes()
PORT = click.IntRange(0, 65_535)

EXAMPLE = """\b
Examples:
  loket demo --open
  loket demo --folder ~/loket-demo
  loket demo --rate slow=0.2 --rate reset_after=0.1
"""


@click.command(epilog=EXAMPLE)
@click.option("--port", default=USUAL.port, show_default=True, type=PORT, help="Where gateways knock; 0: any free one.")
@click.option("--console-port", default=USUAL.console_port, show_default=True, type=PORT, help="Where the page is.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep everything here and go on from it next time.  [default: a fresh folder, gone afterwards]",
)
@rates_option
@click.option("--open", "open_", is_flag=True, help="Open the page in a browser.")
def demo(port: int, console_port: int, folder: Path | None, rates: dict[str, float], open_: bool) -> None:
    """Open a counter on this machine, with nothing to set up: people, a provider, Telegram, and a page with two phones.

    Nobody's money is in it. Ctrl-C closes it.
    """
    log_json("error")
    with folder_at(folder) as place:
        whole = asyncio.run(_until_told(place, Wishes(port, console_port, rates), open_=open_))
    if not whole:
        raise SystemExit(1)


async def _until_told(folder: Path, wishes: Wishes, *, open_: bool) -> bool:
    """Serve until a signal comes, or the store is lost: then False."""
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    async with demo_in(folder, wishes) as house:
        page = f"http://127.0.0.1:{house.console_port}/demo"
        click.echo(f"The counter is open: {page}  (its store is in {folder}; Ctrl-C closes it)")
        if open_:
            webbrowser.open(page)
        waits = [asyncio.create_task(event.wait()) for event in (stop, house.lost)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return not house.lost.is_set()
