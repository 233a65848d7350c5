"""What a sentence says before anybody knows what it means: its words, an amount, and digits that may be a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from core.catalogue.plain_words import in_plain_letters
from core.conversation.hearing import LONGEST
from core.domain.biller import Denomination, Product
from core.domain.digits import plain_digits

SHORTEST_ALONE = 8  # digits of a number without a word beside it: fewer may be a PIN, a year, an amount

THOUSAND, MILLION, GIGABYTE = 1_000, 1_000_000, "gb"
UNITS: dict[str, int | str] = {
    **dict.fromkeys("rb ribu ribuan k elfu".split(), THOUSAND),
    **dict.fromkeys("jt juta milioni".split(), MILLION),
    **dict.fromkeys("gb giga".split(), GIGABYTE),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """So much money, or so many gigabytes; of neither unit, the short number that a denomination is known by."""

    count: int
    unit: str = ""

    def of(self, product: Product) -> str:
        """The product's denomination of this amount; empty for none."""
        return next((one.denomination_id for one in product.denominations if self._is_of(one)), "")

    def _is_of(self, one: Denomination) -> bool:
        if self.unit == GIGABYTE:
            return one.name.casefold().replace(" ", "") == f"{self.count}{GIGABYTE}"
        if one.name:
            return False
        if self.unit or self.count >= THOUSAND:
            return (one.worth or one.price).major == self.count
        return one.denomination_id == str(self.count)


Reading: TypeAlias = "tuple[Amount | None, str]"

Runs: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`amount` where one is written as such; `runs` are digits that stand side by side, each as it was parted."""

    words: tuple[str, ...]
    amount: Amount | None
    runs: Runs

    def readings(self) -> list[Reading]:
        """Every amount and number that the digits may be, each once; of no digits the amount alone."""
        whole = self._reading(self.amount, self.runs)
        if self.amount:
            return whole
        split = [reading for amount, runs in self._splits() for reading in self._reading(amount, runs)]
        return list(dict.fromkeys(whole + split))

    def _splits(self) -> Iterator[tuple[Amount, Runs]]:
        """Each run without its first or last part, where that may be a bare amount."""
        for place, run in enumerate(self.runs):
            for part, rest in ((run[0], run[1:]), (run[-1], run[:-1])):
                if _BARE_AMOUNT.fullmatch(part):
                    others = (*self.runs[:place], *((rest,) if rest else ()), *self.runs[place + 1 :])
                    yield Amount(int(part)), others

    def _reading(self, amount: Amount | None, runs: Runs) -> list[Reading]:
        """At most one run is a number; parts that are long already belong to no other."""
        if not runs:
            return [(amount, "")]
        if len(runs) > 1 or any("+" in part for part in runs[0][1:]):
            return []
        parts = runs[0][1:] if runs[0][0].startswith("+") else runs[0]
        if len(parts) > 1 and any(len(part) >= SHORTEST_ALONE for part in parts):
            return []
        return [(amount, "".join(runs[0]))]


def sentence_of(words: str) -> Sentence | None:
    """The words, amounts and numbers of a sentence; None for two amounts, or digits of two scripts."""
    try:
        plain = in_plain_letters(plain_digits(words[:LONGEST]))
    except ValueError:
        return None
    said: list[str] = []
    amounts: list[Amount] = []
    runs: list[list[str]] = []
    beside = False
    for found in _SAID.finditer(plain):
        if digits := found["digits"]:
            part = re.sub(r"[^\d+]", "", digits)
            runs = [*runs[:-1], [*runs[-1], part]] if beside else [*runs, [part]]
        elif found["word"]:
            said.append(found["word"])
        else:
            amounts.append(_amount(found))
        beside = bool(digits)
    if len(amounts) > 1:
        return None
    return Sentence(tuple(said), amounts[0] if amounts else None, tuple(map(tuple, runs)))


_UNIT = "|".join(UNITS)
_GROUPED = r"(?:[1-9]\d{0,2}[.,]\d{3}|[1-9][.,]\d{3}[.,]\d{3})"
_CURRENCY, _ALONE = r"\b(?:rp|idr)\.?\s*", r"(?<![\d.,+-])"
_SAID = re.compile(
    rf"""
      (?:{_CURRENCY}|{_ALONE})(?P<count>[1-9]\d{{0,6}})\s*(?P<unit>{_UNIT})(?![^\W_]|-)  # 50rb, 50 ribu, 3 GB
    | \b(?P<before>elfu|milioni)\s+(?P<after>[1-9]\d{{0,3}})(?![.,-]?\d)               # elfu 50
    | {_CURRENCY}(?P<money>{_GROUPED}|[1-9]\d{{0,6}})(?:,00)?(?![.,]?\d)                # Rp 50.000
    | {_ALONE}(?P<grouped>{_GROUPED})(?:,00)?(?![.,-]?\d)                               # 50.000
    | (?P<digits>\+?\d(?:[.‐‑–-]?\d)*)
    | (?P<word>[^\W\d_]+)
    """,
    re.VERBOSE,
)
_BARE_AMOUNT = re.compile(r"[1-9]\d{0,6}")


def _amount(found: re.Match[str]) -> Amount:
    if money := found["money"] or found["grouped"]:
        return Amount(int(re.sub(r"\D", "", money)), "money")
    count, unit = int(found["count"] or found["after"]), UNITS[found["unit"] or found["before"]]
    return Amount(count, GIGABYTE) if isinstance(unit, str) else Amount(count * unit, "money")
