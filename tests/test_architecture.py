"""Imports point one way. An arrow may be followed, never turned round; each foreign library has a home.

The two tables below are the rule; docs/architecture.md tells the reasons.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.imports import Import, imports_in, imports_under, module_name

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ["bot", "ussd", "voice", "console", "core", "adapters"]

WORDS = ("core.text", "core.refusal")
DOMAIN = ("core.domain", *WORDS)
CHANNELS = ("bot", "ussd", "voice")

# Each part of the house, and the parts it may import besides itself. A module belongs to the longest name that fits.
ARROWS: dict[str, tuple[str, ...]] = {
    "core": (),
    "core.text": (),
    "core.refusal": ("core.text",),
    "core.domain": WORDS,
    "core.catalogue": DOMAIN,
    "core.ports": DOMAIN,
    "core.services": ("core.ports", "core.catalogue", *DOMAIN),
    "core.conversation": ("core.services", "core.ports", "core.catalogue", *DOMAIN),
    "bot": ("core.conversation", "core.ports", *DOMAIN),
    "ussd": ("core.conversation", "core.ports", *DOMAIN),
    "voice": ("core.conversation", "core.ports", *DOMAIN),
    "adapters": ("adapters.safe_url", "core.ports", "core.catalogue", *DOMAIN),
    "adapters.safe_url": (),
    "adapters.settings": ("adapters.safe_url", "core.catalogue", *WORDS),
    "adapters.sandbox": (),
    "adapters.botapi": (),
    "adapters.wiring": ("adapters", "core", *CHANNELS),
    "console": ("adapters.wiring", "adapters.settings", "adapters.sandbox", "adapters.botapi", "core", *CHANNELS),
}

# Where a library may be imported; one that is not listed may be imported anywhere.
HOMES: dict[str, tuple[str, ...]] = {
    "telegram": ("bot",),
    "aiohttp": ("ussd", "voice", "console", "adapters", "bot.webhook", "bot.wire"),
    "sqlalchemy": ("adapters.database",),
    "alembic": ("adapters.database",),
    "aiosqlite": ("adapters.database",),
    "sqlite3": ("adapters.database", "adapters.sandbox"),  # the sandbox keeps a book of its own, as a provider does
    "psycopg": ("adapters.database.postgresql",),
    "mt940": ("adapters.statements",),
    "defusedxml": ("adapters.statements",),
    "cryptography": ("adapters", "bot.seal"),
    "transitions": ("core.domain.lifecycle",),
    "babel": ("core.conversation.translator",),
    "click": ("console",),
    "pydantic_settings": ("adapters.settings",),
    # Time, ids and chance come into the core as arguments.
    "time": (*CHANNELS, "console", "adapters"),
    "random": (*CHANNELS, "console", "adapters"),
    "secrets": (*CHANNELS, "console", "adapters"),
    # And the core opens nothing.
    "socket": (*CHANNELS, "console", "adapters"),
    "subprocess": ("console", "adapters"),
}


def test_the_house_follows_its_arrows():
    assert list(turned_round(imports_under(ROOT, FOLDERS))) == []


def test_every_library_is_used_at_home_only():
    assert list(away_from_home(imports_under(ROOT, FOLDERS))) == []


def turned_round(imports: Iterable[Import]) -> Iterator[str]:
    """A sentence for each import that no arrow allows."""
    for found in imports:
        part, other = part_of(found.by), part_of(found.name)
        if other is None or other == part:
            continue
        if part is None or not any(within(other, allowed) for allowed in ARROWS[part]):
            yield f"{found.by} line {found.line} imports {found.name}, and no arrow leads from {part} to {other}"


def away_from_home(imports: Iterable[Import]) -> Iterator[str]:
    """A sentence for each import of a library outside its home."""
    for found in imports:
        homes = HOMES.get(found.name.partition(".")[0])
        if homes is not None and not any(within(found.by, home) for home in homes):
            yield f"{found.by} line {found.line} imports {found.name}, which lives only in {', '.join(homes)}"


def part_of(module: str) -> str | None:
    fitting = [part for part in ARROWS if within(module, part)]
    return max(fitting, key=len, default=None)


def within(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


# The rule itself is tried on houses that break it.


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("core/text.py", "from core.refusal import Refusal"),
        ("core/domain/money.py", "import core.services.pay"),
        ("core/ports/store.py", "from core.services import pay"),
        ("core/services/pay.py", "from core.conversation.view import View"),
        ("core/services/pay.py", "from adapters.database import tables"),
        ("core/conversation/listen.py", "import ussd.pages"),
        ("ussd/app.py", "from adapters.wiring import Counter"),
        ("ussd/app.py", "from core.services.pay import pay"),
        ("ussd/app.py", "from bot import inbound"),
        ("bot/app.py", "import adapters"),
        ("voice/app.py", "from ussd.pages import paginate"),
        ("adapters/billers/digiflazz.py", "from core.services import pay"),
        ("adapters/database/tables.py", "from adapters.wiring import Counter"),
        ("adapters/wiring.py", "from console.cli import main"),
        ("console/cli.py", "from adapters.database import tables"),
        ("core/domain/wallet.py", "from ..services import pay"),
        ("core/domain/__init__.py", "from ..ports import Clock"),
        ("core/domain/wallet.py", "from .. import services"),
        ("core/domain/wallet.py", "from core import services"),
        ("core/receipts.py", "from core.text import Text"),
    ],
)
def test_an_arrow_turned_round_is_caught(path: str, line: str):
    assert len(list(turned_round(imports_in(line, Path(path))))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("core/domain/wallet.py", "from core.text import _"),
        ("core/domain/wallet.py", "from .money import Money"),
        ("core/services/pay.py", "from core import ports"),
        ("core/conversation/listen.py", "from core.services.pay import authorize"),
        ("ussd/gateways/hubtel.py", "from ussd.gateways.base import Gateway"),
        ("ussd/app.py", "from core.conversation.listen import listen"),
        ("adapters/database/ledger.py", "from core.ports import Ledger"),
        ("adapters/wiring.py", "from adapters.database import store"),
        ("adapters/wiring.py", "from ussd.app import application"),
        ("console/cli.py", "from adapters.wiring import Counter"),
        ("console/cli.py", "import asyncio"),
    ],
)
def test_an_arrow_followed_is_fine(path: str, line: str):
    assert list(turned_round(imports_in(line, Path(path)))) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("core/domain/payment.py", "import sqlalchemy"),
        ("adapters/billers/digiflazz.py", "from sqlalchemy.ext.asyncio import create_async_engine"),
        ("adapters/wiring.py", "import alembic.command"),
        ("console/demo.py", "import aiosqlite"),
        ("core/services/inquire.py", "from aiohttp import ClientSession"),
        ("bot/app.py", "import aiohttp"),
        ("ussd/app.py", "import telegram"),
        ("core/domain/payment.py", "from transitions import Machine"),
        ("core/conversation/view.py", "from babel.numbers import format_currency"),
        ("core/domain/pin.py", "import secrets"),
        ("core/services/pay.py", "from time import time"),
    ],
)
def test_a_library_away_from_home_is_caught(path: str, line: str):
    assert len(list(away_from_home(imports_in(line, Path(path))))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("adapters/database/engine.py", "from sqlalchemy import event"),
        ("adapters/database/migrations/env.py", "from alembic import context"),
        ("bot/webhook.py", "from aiohttp import web"),
        ("core/domain/lifecycle.py", "from transitions import Machine"),
        ("core/conversation/translator.py", "from babel.messages import pofile"),
        ("core/domain/biller.py", "from datetime import time"),
    ],
)
def test_a_library_at_home_is_fine(path: str, line: str):
    assert list(away_from_home(imports_in(line, Path(path)))) == []


@pytest.mark.parametrize(
    "hiding_place",
    [
        "def pay():\n    import sqlalchemy",
        "class Wallet:\n    from sqlalchemy import Table",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sqlalchemy import Table",
        "try:\n    import sqlalchemy\nexcept ImportError:\n    pass",
        "async def pay():\n    if ready:\n        import sqlalchemy.orm as orm",
        "import json, sqlalchemy",
        "from importlib import import_module\nimport_module('sqlalchemy.orm')",
        "__import__('sqlalchemy')",
    ],
)
def test_a_hidden_import_is_seen(hiding_place: str):
    assert len(list(away_from_home(imports_in(dedent(hiding_place), Path("core/services/pay.py"))))) == 1


def test_a_relative_import_is_read_from_where_it_stands():
    in_module = imports_in("from ..text import Text", Path("core/domain/money.py"))
    in_package = imports_in("from ..text import Text", Path("core/domain/__init__.py"))

    assert [found.name for found in in_module] == [found.name for found in in_package] == ["core.text.Text"]


def test_the_rule_looks_at_the_files_that_are_there(tmp_path: Path):
    (tmp_path / "core" / "domain").mkdir(parents=True)
    (tmp_path / "core" / "domain" / "money.py").write_text("import adapters.database\nimport babel\n", "utf-8")

    found = list(imports_under(tmp_path, FOLDERS))

    assert len(list(turned_round(found))) == len(list(away_from_home(found))) == 1


def test_every_part_named_in_a_table_has_its_own_row():
    named = {part for parts in ARROWS.values() for part in parts} | {home for homes in HOMES.values() for home in homes}

    assert {part for part in named if part_of(part) is None} == set()


def test_every_module_belongs_to_a_part_with_a_rule():
    modules = [module_name(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]

    # `core` itself is only the name of its parts: a new module directly in it wants a row of its own.
    assert [name for name in modules if part_of(name) in (None, "core") and name != "core"] == []
