"""`loket settings`: every setting, what it is for, and whether it is set."""

from __future__ import annotations

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from adapters.settings import Settings, load


@click.command(epilog="\b\nExample:\n  loket settings")
@click.option("--check", is_flag=True, help="Only say whether the settings are complete and safe.")
def settings(check: bool) -> None:
    """List the settings, from the environment or .env. Secrets are never shown."""
    if check:
        load()
        click.echo("The settings are complete.")
        return
    for name, field in Settings.model_fields.items():
        click.echo(f"LOKET_{name.upper()}")
        click.echo(f"    {field.description}")
        click.echo(f"    {_default(field)}")


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return "must be set"
    if value is None or value == "" or isinstance(value, SecretStr):
        return "not set by default"
    words = " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
    return f"default: {words}"
