"""`loket bot`: the counter in Telegram alone, where nobody can be reached from outside."""

from __future__ import annotations

import click

from adapters.settings import SettingsError, load
from console.commands.serve import serving

EXAMPLE = """\b
Example:
  LOKET_SECRET_KEY=… LOKET_PIN_PEPPER=1:… LOKET_TELEGRAM_TOKEN=123456789:… loket bot
"""


@click.command(epilog=EXAMPLE)
def bot() -> None:
    """Answer people in Telegram by long polling, send messages, and follow payments to their end.

    For a machine without an address of its own, a laptop or one behind a router; gateways of USSD and callbacks of
    providers cannot reach it. A store is served by one process: beside `loket serve` this is refused, and not needed,
    because `serve` polls as well when LOKET_PUBLIC_URL is blank.
    """
    settings = load(public_url="")
    if settings.telegram_token is None:
        raise SettingsError("LOKET_TELEGRAM_TOKEN is not set: of our bot, from BotFather.")
    serving(settings, public=False)
