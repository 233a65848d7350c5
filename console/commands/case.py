"""`loket case`: what customers said is wrong, and what the counter itself found odd."""

from __future__ import annotations

import click

from adapters.wiring import Wired
from console.commands.asks import as_json
from console.commands.open import print_json, print_table, when, with_counter
from core.domain.evidence import Break, Case

AT_MOST = 200


@click.group()
def case() -> None:
    """Cases that customers opened, and breaks the counter found."""


@case.command("list", epilog="\b\nExample:\n  loket case list")
@as_json
def list_(json_: bool) -> None:
    """List what customers said is wrong, the oldest first."""

    async def look(parts: Wired) -> list[Case]:
        return list(await parts.store.open_cases(limit=AT_MOST))

    found = with_counter(look)
    if json_:
        print_json(*found)
    else:
        print_table(
            ("case", "about", "payment", "opened"),
            [(one.number, one.topic, one.payment_id or "-", when(one.opened_at)) for one in found],
        )


@case.command(epilog="\b\nExample:\n  loket case breaks --json")
@as_json
def breaks(json_: bool) -> None:
    """List what did not fit: answers that contradict the book, callbacks that name another amount."""

    async def look(parts: Wired) -> list[Break]:
        return list(await parts.store.open_breaks(limit=AT_MOST))

    found = with_counter(look)
    if json_:
        print_json(*found)
    else:
        print_table(
            ("break", "kind", "payment", "opened", "detail"),
            [(one.break_id, one.kind, one.payment_id or "-", when(one.opened_at), one.detail) for one in found],
        )
