"""A provider's own book: what was truly sold under which key, whatever its answers make of it.

Who really has the money at the end is read from here, never from our store.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from core.domain.money import Money

MINUTE, HOUR = 60.0, 3_600.0
# How long a provider may not know yet what it has sold: less than the finality window that it names.
LAG_S = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Asked:
    """One purchase as the provider is asked for it. All that is compared when the same key comes again."""

    key: str
    code: str
    reference: str
    most: int


@dataclass
class Sale:
    """`course` are the states it goes through, each with the second of the world's time at which it begins."""

    asked: Asked
    price: int
    began: float
    course: tuple[tuple[float, str], ...]
    lags_until: float = 0.0
    said_no: bool = False

    def state(self, now: float) -> str:
        return [state for begins, state in self.course if begins <= now][-1]

    @property
    def last(self) -> str:
        return self.course[-1][1]

    @property
    def ends(self) -> float:
        return self.course[-1][0]


# What becomes of a sale: each state with the seconds until it. The last is the truth.
COURSES = {
    "sold": ((0.0, "sold"),),
    "fails": ((0.0, "failed"),),
    "pending": ((0.0, "pending"), (5 * MINUTE, "sold")),
    "pending_fails": ((0.0, "pending"), (5 * MINUTE, "failed")),
    "late_success": ((0.0, "pending"), (2 * HOUR, "sold")),
    "success_after_failure": ((0.0, "failed"), (3 * MINUTE, "sold")),
    "given_back": ((0.0, "sold"), (20 * MINUTE, "given_back")),
    "refused": ((0.0, "refused"),),
}
CHOICES = {
    "fails": ("fails",),
    "pending": ("pending", "pending_fails"),
    "late_success": ("late_success",),
    "success_after_failure": ("success_after_failure",),
    "given_back": ("given_back",),
    "refused": ("refused",),
    "refused_then_sold": ("refused",),
}


@dataclass
class Sales:
    """One provider's book. `kinds` are the faults that this seed allows."""

    name: str
    seed: int
    kinds: frozenset[str]
    now: Callable[[], float]
    happened: Callable[[str], None]
    changed: Callable[[Sale], None] = lambda _sale: None
    sales: dict[str, Sale] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    honest: bool = False

    def sell(self, asked: Asked, price: int) -> tuple[Sale, bool]:
        """The sale under this key, a new one if there is none; and whether it is new."""
        known = self.sales.get(asked.key)
        if known is not None:
            assert known.asked == asked, f"one key, two requests: {known.asked} and {asked}"
            return known, False
        course = self._course(asked.key)
        sale = Sale(asked, price, self.now(), tuple((self.now() + after, state) for after, state in COURSES[course]))
        if course == "refused":
            # Nothing was created: the same key may buy when it is sent again.
            self.refusals[asked.key] = self.refusals.get(asked.key, 0) + 1
            return sale, True
        if "lags" in self.kinds and self.chance(asked.key, "lag").random() < 0.3:
            sale.lags_until = self.now() + LAG_S
        self.sales[asked.key] = sale
        self.changed(sale)
        return sale, True

    def kept(self) -> set[str]:
        """The keys for which it keeps money, once nothing is on its way."""
        return {key for key, sale in self.sales.items() if sale.last == "sold"}

    def chance(self, *about: object) -> Random:
        """The same for the same question, whatever else happens in this seed."""
        return Random(json.dumps([self.seed, self.name, *map(str, about)]))

    def _course(self, key: str) -> str:
        chance = self.chance(key, "course", self.refusals.get(key, 0))
        allowed = sorted(kind for kind in CHOICES if kind in self.kinds)
        if key in self.refusals and "refused_then_sold" in self.kinds:
            self.happened("refused_then_sold")
            return "sold"
        if self.honest or not allowed or chance.random() < 0.5:
            return "sold"
        kind = chance.choice(allowed)
        course = chance.choice(CHOICES[kind])
        self.happened("refused" if course == "refused" else kind)
        return course


def price_of(most: Money) -> int:
    """What a provider takes for what may cost this much, in rupiah: 300 less."""
    return most.major - 300
