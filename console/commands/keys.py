"""`loket keys`: the keys that names and numbers are sealed with in the store."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from adapters.settings import load
from adapters.wiring import KeysOfStore, keys_of_store
from console.commands.asks import as_json
from console.commands.open import print_json, print_table

SIGNS = 32


@click.group()
def keys() -> None:
    """Make the keys of LOKET_FIELD_KEYS, see which are in use, and change them."""


@keys.command(epilog='\b\nExample:\n  echo "LOKET_FIELD_KEYS=1:$(loket keys new)" >> .env')
def new() -> None:
    """Print a fresh secret, good for any setting that wants one. Nothing is kept of it."""
    click.echo(secrets.token_urlsafe(SIGNS))


@keys.command(epilog="\b\nExamples:\n  loket keys status\n  loket keys status --json")
@as_json
def status(json_: bool) -> None:
    """Say which versions of LOKET_FIELD_KEYS the store needs, and how much is sealed with which of its own keys.

    The whole store is read. A version that is not needed can be left out, and kept as long as backups from its time.
    """
    with _opened() as store:
        versions = store.versions()
        if json_:
            print_json(*({"field_key": number, "opens": opens} for number, opens in versions.items()), *store.in_use())
            return
        needed = [(number, opens or "nothing: it can be left out") for number, opens in versions.items()]
        print_table(("field key", "opens"), needed)
        click.echo()
        rows = [(one["table"], one["store_key"], f"{one['values']:,}", _note(one)) for one in store.in_use()]
        print_table(("table", "store key", "values", ""), rows)


@keys.command(epilog="\b\nExamples:\n  loket keys reseal\n  loket keys reseal --look-ups")
@click.option("--look-ups", is_flag=True, help="Also a new key for what rows are found by; nobody may be serving.")
def reseal(look_ups: bool) -> None:
    """Put everything under the highest of LOKET_FIELD_KEYS, also while the store is served.

    Start every server with the old and the new key first. Broken off, it goes on from where it was next time.
    """
    with _opened(alone=look_ups) as store:
        store.begin_anew()
        if look_ups:
            store.renew_look_ups()
        with _bar(store.rows()) as advance:
            changed = store.reseal(advance)
    click.echo(f"{changed:,} rows were sealed anew. Every key of the store is under version {store.newest} now.")


def _note(one: dict[str, object]) -> str:
    return "written once" if one["once"] else ""


@contextmanager
def _opened(*, alone: bool = False) -> Iterator[KeysOfStore]:
    settings = load()
    with keys_of_store(settings.database_url, settings.store_keys, alone=alone) as store:
        yield store


@contextmanager
def _bar(rows: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=rows, label="Sealing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update
