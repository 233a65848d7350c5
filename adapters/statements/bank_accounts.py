"""Our bank accounts, and by which words lines of their statements are known: one file of TOML that the operator keeps.

[BCA]
account = "1234567890"
trust = true                      # customers' money lies here
[[BCA.lines]]
sort = "funded"                   # or settlement, fee, interest, capital
whose = "digiflazz"               # the provider, or the biller
texts = ["0123456789", "KE DIGIFLAZZ"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain.bank_sorting import RULES, BankAccount, LineRule, Sort
from core.domain.journal import line_name
from core.refusal import Fault

WITH_AN_OWNER = frozenset({Sort.FUNDED, Sort.SETTLEMENT})


class BadAccounts(Fault):
    """The file cannot be used; the sentence says which line of thought is wrong in it."""


def read_accounts(path: Path) -> dict[str, BankAccount]:
    """Our accounts by the word for their bank. Raises `BadAccounts`."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as trouble:
        raise BadAccounts(f"{path} cannot be read: {trouble.strerror}.") from None
    except ValueError as trouble:
        raise BadAccounts(f"{path} is no TOML: {trouble}.") from None
    accounts = (_account(line_name(name), table, path) for name, table in tables.items())
    return {account.bank: account for account in accounts}


def _account(bank: str, table: object, path: Path) -> BankAccount:
    said = _table(table, f"[{bank}]", {"account": str, "trust": bool, "lines": list}, path)
    lines = said.get("lines", [])
    rules = tuple(_rule(bank, rule, f"[[{bank}.lines]] {place}", path) for place, rule in enumerate(lines, 1))
    return BankAccount(bank, said.get("account", ""), said.get("trust", False), rules)


def _rule(bank: str, table: object, where: str, path: Path) -> LineRule:
    said = _table(table, where, {"sort": str, "whose": str, "texts": list}, path)
    sorts = [sort.value for sort in RULES]
    if said.get("sort") not in sorts:
        raise BadAccounts(f"{path}, {where}: sort is one of {', '.join(sorts)}.")
    sort = Sort(said["sort"])
    texts = [line_name(text) for text in said.get("texts", []) if isinstance(text, str)]
    if not texts or len(texts) != len(said["texts"]) or min(map(len, texts)) < 4:
        raise BadAccounts(f"{path}, {where}: texts are words of four signs or more that such a line says.")
    if sort in WITH_AN_OWNER and not said.get("whose"):
        raise BadAccounts(f"{path}, {where}: whose names the provider or the biller.")
    mine = "" if sort is Sort.CAPITAL else bank
    return LineRule(sort, said["whose"] if sort in WITH_AN_OWNER else mine, tuple(texts))


def _table(table: object, where: str, kinds: Mapping[str, type], path: Path) -> dict[str, Any]:
    """A table that has these keys and no others."""
    if not isinstance(table, dict):
        raise BadAccounts(f"{path}, {where} is no table.")
    for name, value in table.items():
        if name not in kinds:
            raise BadAccounts(f"{path}, {where}: there is no {name}; there is {', '.join(kinds)}.")
        if not isinstance(value, kinds[name]):
            raise BadAccounts(f"{path}, {where}: {name} is of the wrong kind.")
    return table
