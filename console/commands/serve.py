"""`loket serve`: the counter is open."""

from __future__ import annotations

import asyncio

import click
import structlog

from adapters.settings import Settings, load
from console.closed import may_open
from console.ending import told_to_end
from console.house import House, open_house, settled_in
from console.logs import log_json
from console.unseen import leave_no_core

EXAMPLE = """\b
Example:
  LOKET_SECRET_KEY=… LOKET_PIN_PEPPER=1:… LOKET_AFRICASTALKING_SECRET=… loket serve
"""

log = structlog.get_logger(__name__)


@click.command(epilog=EXAMPLE)
def serve() -> None:
    """Answer gateways and providers, send messages, and follow payments to their end.

    Ends on SIGTERM or Ctrl-C after answering what is under way; told twice, it ends at once. After a crash, starting it
    again is all the recovery there is.
    """
    serving(load())


def serving(settings: Settings, *, public: bool = True) -> None:
    """Open the house until somebody ends it; without `public` nobody can call from outside."""
    log_json(settings.log_level)
    leave_no_core()
    if not asyncio.run(_until_told(settings, public)):
        raise SystemExit(1)


async def _until_told(settings: Settings, public: bool) -> bool:
    """Serve until a signal comes, or the store is lost: then False."""
    if not await may_open(settings, public=public):
        return True
    async with open_house(settings, public=public) as house:
        settled_in()
        log.info("open", port=house.port, console_port=house.console_port, **_what_is_set_up(house))
        await told_to_end(house.lost)
        log.info("closing")
        return not house.lost.is_set()


def _telegram(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "not set up"
    return "webhook" if settings.public_url else "polling"


def _places(settings: Settings) -> str | list[str]:
    """Where the journal's heads are told outside."""
    if settings.audit_key is None:
        return "not signed"
    places = {
        "file": settings.heads_file,
        "webhook": settings.heads_webhook,
        "telegram": settings.telegram_heads_channel,
    }
    return [name for name, place in places.items() if place]


def _what_is_set_up(house: House) -> dict[str, object]:
    """What an operator looks for first when nothing comes in, nothing is sold, or no message leaves."""
    settings = house.settings
    doors = {"africastalking": settings.africastalking_secret, "hubtel": settings.hubtel_secret}
    return {
        "gateways": [name for name, secret in doors.items() if secret],
        "telegram": _telegram(settings),
        "providers": list(house.wired.counter.gateways),
        "messages": type(house.wired.notifier).__name__,
        "heads_told": _places(settings),
    }
