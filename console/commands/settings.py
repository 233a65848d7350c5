"""`loket settings`: every setting, what it is for, and where it is set."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from adapters.settings import ENV_FILE, PREFIX, Settings, load, origins
from console.commands.asks import as_json
from console.commands.open import print_json
from core import catalogue

EXAMPLES = """\b
Examples:
  loket settings
  loket settings --check
"""


@click.command(epilog=EXAMPLES)
@click.option("--check", is_flag=True, help="Only say whether the settings are complete and safe.")
@as_json
def settings(check: bool, json_: bool) -> None:
    """List the settings, from the environment or .env. Their values are never shown: most are secrets."""
    if check:
        _check()
        return
    places = origins()
    for name, field in Settings.model_fields.items():
        full = f"{PREFIX}{name.upper()}"
        _show(full, field, places.get(full), json_=json_)


def _check() -> None:
    catalogue.load(load().country)
    for warning in _warnings():
        click.echo(f"loket: {warning}", err=True)
    click.echo("The settings are complete.")


def _warnings() -> Iterator[str]:
    """What is no fault and is seldom meant."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name, place in origins().items():
        if name not in known:
            alike = get_close_matches(name, known, n=1)
            yield f"{name} ({place}) is no setting{f'; is it {alike[0]}?' if alike else '.'}"
    signed = load()
    places = [place for place in (signed.heads_file, signed.heads_webhook, signed.telegram_heads_channel) if place]
    if signed.audit_key and len(places) < 2:
        yield f"LOKET_AUDIT_KEY signs heads that are told at {len(places) or 'no'} place; choose two at least."
    if ENV_FILE.exists() and ENV_FILE.stat().st_mode & 0o077:
        yield f"{ENV_FILE} can be read by others on this machine: chmod 600 {ENV_FILE}"


def _show(name: str, field: FieldInfo, place: str | None, *, json_: bool) -> None:
    default = _default(field)
    if json_:
        print_json({"name": name, "description": field.description, "default": default, "set_in": place})
        return
    click.echo(name)
    click.echo(f"    {field.description}")
    click.echo(f"    {_fallback(default, field)}; {f'set in {place}' if place else 'not set'}")


def _default(field: FieldInfo) -> str | None:
    value: object = field.default
    if field.is_required() or value in (None, "") or isinstance(value, SecretStr):
        return None
    return " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _fallback(default: str | None, field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    return "nothing by default" if default is None else f"default: {default}"
