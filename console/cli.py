"""`loket …`: one command a file under `commands/`, loaded only when it is asked for."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from core.refusal import Fault, Refusal

COMMANDS = {
    "demo": "Everything on this machine, with nothing to set up.",
    "serve": "Answer gateways and providers, and follow payments to their end.",
    "dial": "A phone in the terminal.",
    "sandbox": "A provider to try things on.",
    "check": "Prove every invariant on the store.",
    "wallet": "Show wallets, post top-ups, reset a PIN.",
    "deposit": "Fund and compare our deposit at a provider.",
    "payment": "List payments and show all that is known of one.",
    "journal": "Export the journal.",
    "case": "Cases that customers opened.",
    "settings": "Show the settings of this process.",
}


class Lazy(click.Group):
    """Finds a command in its file by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"console.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loket")
def loket() -> None:
    """The payment counter on any phone. Settings come from the environment or .env; see `loket settings`."""


def main() -> None:
    """What goes wrong is said in one sentence; a bug keeps its traceback."""
    from adapters.settings import SettingsError  # noqa: PLC0415 - only what a command needs is loaded

    try:
        loket(prog_name="loket")
    except SettingsError as refused:
        sys.exit(_said(str(refused)))
    except Refusal as refused:
        sys.exit(_said(_in_english(refused)))
    except Fault as fault:
        sys.exit(_said(str(fault) or type(fault).__name__))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _in_english(refused: Refusal) -> str:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    from core.conversation.translator import Translator  # noqa: PLC0415 - as above

    return Translator(Path(), zone=ZoneInfo("UTC")).say(refused.words, "en")


def _said(sentences: str) -> str:
    return "\n".join(f"loket: {line}" for line in sentences.splitlines())
