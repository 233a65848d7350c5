"""What an operator has in front of her: a store with something of everything in it, and the commands to ask it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from adapters.wiring import wired
from console.cli import loket
from core.domain.evidence import Break, Case
from core.ports import Book, Key
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.fakes import NOON, silence
from tests.support.houses import ENOUGH, enrolled, settings_in

NUMBER, OTHER, NOBODY = "+6281234567890", "+6281234567891", "+6281234567899"


async def fill(folder: Path) -> None:
    """One captured payment, one in doubt, a case, a break, and two wallets."""
    async with bench(folder) as at:
        till = Till(at, await at.customer(NUMBER))
        await till.pay("p1")
        at.provider.on_submit = silence
        await till.pay("p2", reference="12345678903")
        await at.store.commit(Open(Break("b1", "p2", "callback_differs", "it names another number", NOON)))
        await at.store.commit(Open(Case("123456", till.owner.wallet_id, "p1", "no_token", NOON)))
    async with wired(settings_in(folder), owner=False) as parts:
        await enrolled(parts, number=OTHER)


class Open:
    """Write one thing an operator must look at."""

    def __init__(self, one: Break | Case) -> None:
        self.one = one

    def wants(self) -> tuple[Key[object], ...]:
        return ()

    def decide(self, book: Book) -> None:
        book.add(self.one)


def environment(folder: Path, **more: str) -> dict[str, str]:
    settings = {**ENOUGH, "DATABASE_URL": f"sqlite:///{folder / 'loket.db'}", **more}
    return {f"LOKET_{name}": value for name, value in settings.items()}


def run(folder: Path, *words: str, typed: str | None = None, **more: str) -> Result:
    """One command on the store in a folder; a setting that is blank is not set."""
    env = {name: value or None for name, value in environment(folder, **more).items()}
    return CliRunner(env=env).invoke(loket, words, input=typed)


def objects(folder: Path, *words: str) -> list[dict[str, Any]]:
    """What a command prints with --json: one object a line."""
    done = run(folder, *words, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]
