"""`loket serve`: the counter is open."""

from __future__ import annotations

import asyncio
import signal

import click
import structlog

from adapters.settings import Settings, load
from console.house import open_house
from console.logs import log_json

EXAMPLE = """\b
Example:
  LOKET_SECRET_KEY=… LOKET_PIN_PEPPER=1:… LOKET_AFRICASTALKING_SECRET=… loket serve
"""

log = structlog.get_logger(__name__)


@click.command(epilog=EXAMPLE)
def serve() -> None:
    """Answer gateways and providers, send messages, and follow payments to their end.

    Ends on SIGTERM or Ctrl-C after answering what is under way. After a crash, starting it again is all the recovery
    there is.
    """
    settings = load()
    log_json(settings.log_level)
    if not asyncio.run(until_told(settings)):
        raise SystemExit(1)


async def until_told(settings: Settings) -> bool:
    """Serve until a signal comes, or the store is lost: then False."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stop.set)
    async with open_house(settings) as house:
        log.info("open", port=house.port, console_port=house.console_port)
        waits = [asyncio.create_task(event.wait()) for event in (stop, house.lost)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        log.info("closing")
        return not house.lost.is_set()
