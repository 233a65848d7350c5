"""How a serving process is told to end."""

from __future__ import annotations

import asyncio
import signal

SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def told_to_end(lost: asyncio.Event) -> None:
    """Returns at SIGTERM, at Ctrl-C, or when `lost` is set.

    The second signal ends the process at once, as if nobody had listened: nothing is lost by that.
    """
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for name in SIGNALS:
        loop.add_signal_handler(name, told.set)
    waits = [asyncio.create_task(event.wait()) for event in (told, lost)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for name in SIGNALS:
            loop.remove_signal_handler(name)
        for wait in waits:
            wait.cancel()
