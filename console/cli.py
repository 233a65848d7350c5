"""`loket …`: one command a file under `commands/`, loaded only when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from core.refusal import Fault, Refusal

COMMANDS = {
    "demo": "Everything on this machine, with nothing to set up.",
    "serve": "Answer gateways and providers, and follow payments to their end.",
    "work": "Follow payments to their end, beside other processes.",
    "bot": "Answer people in Telegram alone, by polling.",
    "dial": "A phone in the terminal.",
    "sandbox": "A provider to try things on.",
    "check": "Prove every invariant on the store.",
    "wallet": "Show wallets, post top-ups and take them back, reset a PIN.",
    "ticket": "Show which transfers are awaited, and post the one that came.",
    "deposit": "Fund and compare our deposit at a provider.",
    "payment": "List payments and show all that is known of one.",
    "journal": "Export the journal.",
    "reconcile": "Match a provider's or a bank's statement with the book.",
    "day": "Cut accounting days, and show customers' money at their ends.",
    "audit": "Sign the journal's tree, and prove what is in it.",
    "case": "Cases that customers opened.",
    "operator": "Say who may decide.",
    "review": "Decide by two operators what no program may decide alone.",
    "backup": "Copy the store, also while it is served.",
    "restore": "Make the store again from a copy.",
    "reopen": "Let people in again after that.",
    "migrate": "Carry the store from its file to a PostgreSQL server.",
    "grant": "Say which role may serve from a PostgreSQL database.",
    "keys": "Keys that names and numbers are sealed with.",
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

    def invoke(self, ctx: click.Context) -> object:
        """What an operator can mend is said in one sentence; a bug keeps its traceback."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read has gone away, as `head` does: click ends quietly
        except Exception as trouble:
            # Only what has a sentence is said as one; all else goes on with its traceback.
            sentences = _sentences(trouble)
            if not sentences:
                raise
            raise Trouble(sentences) from trouble


class Trouble(click.ClickException):
    """Sentences on standard error, one a line, and exit code 1."""

    def show(self, file: object = None) -> None:
        for sentence in self.message.splitlines():
            click.echo(f"loket: {sentence}", err=True)


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loket")
def loket() -> None:
    """The payment counter on any phone. Settings come from the environment or .env; see `loket settings`."""


def main() -> None:
    loket(prog_name="loket")


def _sentences(trouble: Exception) -> str:
    """What to tell; empty for a bug."""
    from adapters.settings import SettingsError  # noqa: PLC0415 - only what a command needs is loaded
    from core.catalogue import CatalogueError  # noqa: PLC0415 - as above

    match trouble:
        case SettingsError() | CatalogueError():
            return str(trouble)
        case Refusal():
            return _in_english(trouble)
        case Fault():
            return str(trouble) or type(trouble).__name__
        case OSError(strerror=str(why)):
            return f"{trouble.filename}: {why}." if trouble.filename else f"{why}."
        case _:
            return ""


def _in_english(refused: Refusal) -> str:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    from core.conversation.translator import Translator  # noqa: PLC0415 - as above

    return Translator(Path(), zone=ZoneInfo("UTC")).say(refused.words, "en")
